/** Comparisons in words, and what is said beside them. */
import type { TrialLoad } from '../measurement/record.js';
import type { Comparison } from '../measurement/schema/comparison.js';
import { DRIFT_CONFIDENCE, type SelfCheck } from '../verdict/pairs/aa.js';
import type { Difference } from '../verdict/records/comparability.js';
import { ABSENT, formatCount, formatFactor, formatLoad, formatRate, formatShare, formatTime, oneLine } from './format.js';

/** What was compared, without the result: `head/base p95 at 100 users`. */
export function comparedName(comparison: Comparison): string {
  const where = comparison.load ? ` at ${formatLoad(comparison.load)}` : '';
  return oneLine(`${comparison.subject} ${comparison.metric}${where}`);
}

/** What came of it: `slower, +5.1% (+3.2% to +7.0%), 12 pairs`. */
export function comparedResult(comparison: Comparison): string {
  const { reading, low, high, change, pairs, smallest, why } = comparison;
  const interval =
    low === null || high === null ? '' : ` (${changeOf(low, comparison)} to ${changeOf(high, comparison)})`;
  const parts = [
    `${comparison.state === 'inconclusive' ? 'unsure' : reading}, ${changeOf(change, comparison)}${interval}`,
    ...(pairs === null ? [] : [`${formatCount(pairs)} pairs`]),
    ...(smallest === null ? [] : [`changes from ${changeOf(smallest, comparison)} on could be seen`]),
    ...(why === '' ? [] : [oneLine(why)]),
  ];
  return parts.join(', ');
}

/** One of the two values in the unit of its metric. */
export function comparedValue(value: number | null, { kind, subject, metric, scale }: Comparison): string {
  if (value === null) return ABSENT;
  // The ratio of two subjects of one record has no unit.
  if (kind === 'records' && subject.includes('/')) return formatFactor(value);
  if (scale === 'points') return formatShare(value);
  if (scale === 'count') return formatCount(value);
  return metric === 'throughput' ? `${formatRate(value)}/s` : formatTime(value);
}

/** A signed change on its own scale. */
export function changeOf(change: number | null, { scale }: Pick<Comparison, 'scale'>): string {
  if (change === null) return ABSENT;
  const sign = change < 0 ? '-' : '+';
  const size = Math.abs(change);
  if (!Number.isFinite(size)) return 'without bound';
  if (scale === 'count') return sign + formatCount(size);
  return scale === 'points' ? `${sign}${Number((size * 100).toFixed(2))} points` : `${sign}${(size * 100).toFixed(1)}%`;
}

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
