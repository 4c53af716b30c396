/** In which order files run, where more than one runs at a time. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A suite of a bus: three lines, from which Vitest would guess that it is the shortest, and among the longest to run. */
const SUITE = /\/(?:adapters|stories)\/\w+\.live\.test\.ts$/;

/** The longest first, so that no core waits for one at the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => (SUITE.test(moduleId) ? 0 : 1);
    // A copy is sorted there.
    // oxlint-disable-next-line unicorn/no-array-sort
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
