/** What is said beside the comparisons themselves, line by line. */
import type { TrialLoad } from '../measurement/record.js';
import { DRIFT_CONFIDENCE, type SelfCheck } from '../verdict/pairs/aa.js';
import type { Difference } from '../verdict/records/comparability.js';
import { changeOf } from './comparisons.js';
import { formatCount, formatLoad, formatShare, oneLine } from './format.js';

/** What else was different between two records, for the reader to weigh. */
export function differenceLines(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  const lines = differences.map(({ name, base, head }) => oneLine(`  ${name}: ${base} in the base, ${head} in the head`));
  return ['', 'Also different', ...lines];
}

/** What comparing a thing with itself tells about a machine. */
export function selfCheckLines(check: SelfCheck, subject: string, load: TrialLoad): string[] {
  const { comparisons, alarms, inconclusive, interval, upper, meanPairs, noise, drift } = check;
  const range = `95 % interval ${formatShare(interval.low)} to ${formatShare(interval.high)}, at most ${formatShare(upper)}`;
  return [
    `${oneLine(subject)} at ${formatLoad(load)} compared with itself ${formatCount(comparisons)} times`,
    `  false alarms       ${formatCount(alarms)} of ${formatCount(comparisons)} (${range})`,
    `  could not tell     ${formatCount(inconclusive)}`,
    `  pairs to a verdict ${meanPairs === null ? '-' : meanPairs.toFixed(1)} on average`,
    ...noise.map(({ metric, floor, smallest }) => {
      return `  ${metric.padEnd(18)} noise ${shareOf(floor)} between blocks, smallest change that can be seen ${shareOf(smallest)}`;
    }),
    `  drift              ${driftOf(drift)}`,
  ];
}

/** Whether the machine itself became slower or faster, and what that means. */
function driftOf(drift: SelfCheck['drift']): string {
  if (!drift) return '-';
  const { reading, change, low, high } = drift;
  const size = `p50 ${signed(change)} from the first pair of blocks to the last (${signed(low)} to ${signed(high)} with ${DRIFT_CONFIDENCE * 100} % confidence)`;
  if (reading === 'unsure') return `none beyond noise: ${size}`;
  return `the machine became ${reading}: ${size}; comparisons in pairs survive that, milliseconds that are stored or limited do not`;
}

function signed(ratio: number): string {
  return changeOf(ratio, { scale: 'ratio' });
}

function shareOf(ratio: number | null): string {
  return ratio === null ? '-' : `${(ratio * 100).toFixed(2)} %`;
}
