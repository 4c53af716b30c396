import type { Step } from '../../scenarios/scenario.js';
import { doubled } from './tables.js';

/** By request, which steps may begin where each waits for those that it comes after. */
export class Prerequisites {
  /** Steps that come after each step, and number of those that it comes after. */
  private readonly followers: readonly (readonly number[])[];
  private readonly needs: readonly number[];
  /** By request and step: steps that must still succeed before it begins. */
  private missing = new Uint8Array(1024);

  constructor(steps: readonly Step[]) {
    const all = steps.map((_, position) => position);
    this.followers = steps.map(({ name }) => all.filter((position) => steps[position]?.after.includes(name)));
    this.needs = steps.map(({ after }) => after.length);
  }

  /** A request begins, in this row: none of its steps has succeeded. */
  begin(row: number): void {
    const { needs } = this;
    const count = needs.length;
    while (this.missing.length < (row + 1) * count) this.missing = doubled(this.missing);
    for (let step = 0; step < count; step++) this.missing[row * count + step] = needs[step]!;
  }

  /** Whether a step comes after no other. */
  isFirst(step: number): boolean {
    return this.needs[step] === 0;
  }

  /** Steps that come after a step, by position. */
  followersOf(step: number): readonly number[] {
    return this.followers[step]!;
  }

  /** One of those that a step comes after has succeeded. @returns whether it was the last */
  meet(row: number, step: number): boolean {
    return --this.missing[row * this.needs.length + step]! === 0;
  }
}
