/** From an interval to a word: faster, slower or unsure, and pass, fail or inconclusive. */
import type { Comparison, Limits, Reading } from '../measurement/schema/comparison.js';

/** A change and the interval it is known within. A cost: above 0 is worse. */
export interface Estimate {
  estimate: number;
  low: number;
  high: number;
}

/** What an estimate says. */
export interface Judged {
  reading: Reading;
  state: Comparison['state'];
}

/** Nothing was measured: no reading, and never a pass. */
export const UNKNOWN: Judged = { reading: 'unsure', state: 'inconclusive' };

/**
 * `slower` fails: larger than noise and beyond the margin. `faster` passes. Anything else passes when its interval rules
 * out a cost as large as the tolerance, and is inconclusive otherwise.
 * @param limits on the estimate's scale
 * @param significant whether the estimate is larger than noise
 */
export function judge(cost: Estimate, limits: Limits, significant = cost.low > 0 || cost.high < 0): Judged {
  if (significant && cost.estimate > limits.margin) return { reading: 'slower', state: 'fail' };
  if (significant && cost.estimate < -limits.margin) return { reading: 'faster', state: 'pass' };
  return { reading: 'unsure', state: cost.high < limits.tolerance ? 'pass' : 'inconclusive' };
}

/** Whether all that the verdict hangs on holds. Without a single gate there is nothing that could have passed. */
export function verdictOf(judged: readonly Pick<Comparison, 'state' | 'gate'>[]): Comparison['state'] {
  const gates = judged.filter((one) => one.gate);
  if (gates.some((one) => one.state === 'fail')) return 'fail';
  return gates.length > 0 && gates.every((one) => one.state === 'pass') ? 'pass' : 'inconclusive';
}
