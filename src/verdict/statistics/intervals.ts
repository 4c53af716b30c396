/** How far a percentile or a share is known: intervals that are exact or nearly so for the samples at hand. */
import { normalQuantile } from '../../scenarios/normal.js';
import { betaQuantile, binomialCdf } from './beta.js';

/** Both ends belong to it. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * One-sided lower bound of a percentile: the largest sample that lies at or below it with at least `confidence`.
 * Order statistics: the number of samples below the percentile is binomial, whatever their distribution.
 * Source: Conover, Practical Nonparametric Statistics, section 3.2.
 * @param sorted ascending; any unit, and the bound has the same
 * @param share of the percentile: 0.95 for p95
 * @returns null when the samples are too few to bound it
 */
export function percentileLower(sorted: ArrayLike<number>, share: number, confidence: number): number | null {
  const rank = leastRank(sorted.length, share, 1 - confidence) - 1;
  return rank >= 1 ? (sorted[rank - 1] as number) : null;
}

/** One-sided upper bound of a percentile: the smallest sample at or above it with at least `confidence`; null: too few. */
export function percentileUpper(sorted: ArrayLike<number>, share: number, confidence: number): number | null {
  const rank = leastRank(sorted.length, share, confidence);
  return rank <= sorted.length ? (sorted[rank - 1] as number) : null;
}

/** Two-sided interval of a percentile, the error shared evenly between its ends; an end is null when it is not known. */
export function percentileInterval(
  sorted: ArrayLike<number>,
  share: number,
  confidence: number,
): { low: number | null; high: number | null } {
  const side = (1 + confidence) / 2;
  return { low: percentileLower(sorted, share, side), high: percentileUpper(sorted, share, side) };
}

/** The least rank r with P(fewer than r of n samples lie below the percentile) >= `probability`; n + 1 when none has. */
function leastRank(n: number, share: number, probability: number): number {
  let low = 1;
  let high = n + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // Beyond n there is no sample left: the percentile may always lie above all of them.
    if (middle <= n && binomialCdf(middle - 1, n, share) >= probability) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Two-sided interval of a share, to show. Source: Wilson, JASA 22 (1927).
 * @param hits of `n` trials; 0 of 0 is anything between 0 and 1
 */
export function wilson(hits: number, n: number, confidence = 0.95): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  const share = hits / n;
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // Exact at the ends, where rounding would leave 1e-17.
  return { low: hits === 0 ? 0 : (centre - half) / scale, high: hits === n ? 1 : (centre + half) / scale };
}

/** One-sided upper bound of a share, to judge by. Source: Clopper and Pearson, Biometrika 26 (1934). */
export function shareUpper(hits: number, n: number, confidence = 0.95): number {
  return hits >= n ? 1 : betaQuantile(confidence, hits + 1, n - hits);
}

/** One-sided lower bound of a share, to judge by (Clopper and Pearson). */
export function shareLower(hits: number, n: number, confidence = 0.95): number {
  return hits <= 0 ? 0 : betaQuantile(1 - confidence, hits, n - hits + 1);
}

/** A share as counted. */
export interface Counted {
  hits: number;
  n: number;
}

/** Interval of the difference `head` - `base` of two shares. Source: Newcombe, method 10, Statistics in Medicine 17 (1998). */
export function shareDifference(base: Counted, head: Counted, confidence: number): Interval & { estimate: number } {
  const [a, b] = [shareOf(base), shareOf(head)];
  const [baseRange, headRange] = [wilson(base.hits, base.n, confidence), wilson(head.hits, head.n, confidence)];
  return {
    estimate: b - a,
    low: b - a - Math.hypot(b - headRange.low, baseRange.high - a),
    high: b - a + Math.hypot(headRange.high - b, a - baseRange.low),
  };
}

/** Nothing counted: in the middle of its interval, so that it is no sign of anything. */
function shareOf({ hits, n }: Counted): number {
  return n === 0 ? 0.5 : hits / n;
}
