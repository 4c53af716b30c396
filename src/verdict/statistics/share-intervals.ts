/** Confidence intervals of a share, such as that of failures, and of the difference of two. */
import { normalQuantile } from '../../scenarios/normal.js';
import { betaQuantile } from './beta.js';
import type { Interval } from './percentile-intervals.js';

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
