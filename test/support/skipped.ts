/** The end of a run, in words: what was skipped and why, what stayed unknown, and whether that fails the run. */
import { countUnknown } from './live.js';

/** A test that is over, as far as this is concerned. */
export interface Ended {
  state: string;
  name: string;
  meta: { missing?: string[]; optional?: string; unknown?: string };
}

/**
 * The lines to print, and whether the run fails though no test did.
 * @param strict nothing may be skipped, as on CI
 */
export function summary(tests: readonly Ended[], strict: boolean): { lines: string[]; fails: boolean } {
  const skipped = tests.filter(({ state, meta }) => state === 'skipped' && !meta.unknown);
  const { judged, unknown, tooMany } = countUnknown(tests.flatMap(({ meta }) => meta.unknown ?? []));
  const lines = [
    ...countedReasons(skipped),
    ...tests.flatMap(({ name, meta }) => (meta.unknown ? [`unknown: ${name}: ${meta.unknown}`] : [])),
  ];
  const needed = skipped.filter(({ meta }) => !meta.optional);
  if (strict && needed.length > 0) lines.push(`${needed.length} skipped: with CI=true that fails the run.`);
  if (tooMany) lines.push(`${unknown} of ${judged} stayed unknown: more than a fifth fails the run.`);
  return { lines, fails: tooMany || (strict && needed.length > 0) };
}

/** Of a test that others were chosen before, or that was switched off. */
const NO_REASON = 'not chosen, or switched off';

/** One line for each reason, with how many tests it kept from running. */
function countedReasons(skipped: readonly Ended[]): string[] {
  const counts = new Map<string, number>();
  for (const { meta } of skipped) {
    for (const reason of meta.missing ?? [meta.optional ?? NO_REASON]) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `skipped ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}`);
}
