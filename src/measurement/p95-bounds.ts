import type { MeasuredTrial } from './record.js';
import { decodeSamples } from './samples.js';

/** Standard deviations that hold 95 % of a normal distribution. */
const Z = 1.96;
const SHARE = 0.95;

/**
 * What the p95 of a trial's response times lies within with 95 % confidence, ms: order statistics, the number of samples
 * below a percentile being binomial, here by its normal approximation. Taken to be independent of each other, which
 * makes it rather too narrow. Source: Hahn and Meeker, Statistical Intervals (1991), 5.2. For windows of less than 590
 * requests, which sections (`MeasuredTrial.p95Interval`) tell nothing of.
 * @returns null without samples, or when there are too few
 */
export function p95Bounds({ samples, responseTime }: MeasuredTrial): { low: number; high: number; count: number } | null {
  const { start, time } = decodeSamples(samples);
  const times = time.filter((_, row) => (start[row] ?? -1) >= 0).toSorted();
  const count = times.length;
  const margin = Z * Math.sqrt(count * SHARE * (1 - SHARE));
  const low = times[Math.floor(count * SHARE - margin) - 1];
  const high = times[Math.ceil(count * SHARE + margin)];
  return low === undefined || high === undefined || count !== responseTime.count ? null : { low, high, count };
}
