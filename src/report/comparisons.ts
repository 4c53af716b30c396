/** Comparisons in words. */
import type { Comparison } from '../measurement/schema/comparison.js';
import {
  ABSENT,
  formatCount,
  formatFactor,
  formatLoad,
  formatRate,
  formatShare,
  formatTime,
  oneLine,
} from './format.js';

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
