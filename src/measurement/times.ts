/** Times folded into order statistics, and how many samples it takes to know one. */
import type { Range, Times } from './record.js';
import { sortedNumbers } from './sorted.js';

/** The percentiles of `Times` with their rank in thousandths. */
export const PERCENTILES = { p50: 500, p75: 750, p90: 900, p95: 950, p99: 990, p999: 999 } as const;
export type Percentile = keyof typeof PERCENTILES;

/**
 * Distribution of times, ms. The input is not modified.
 * @param censored how many of the values are only known to be at least this long
 */
export function summarise(values: Float64Array | Float32Array | readonly number[], censored = 0): Times {
  if (values.length === 0) return { ...EMPTY, censored };
  const sorted = sortedNumbers(values);
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    count: sorted.length,
    mean: sum / sorted.length,
    min: nearestRank(sorted, 0),
    p50: nearestRank(sorted, PERCENTILES.p50),
    p75: nearestRank(sorted, PERCENTILES.p75),
    p90: nearestRank(sorted, PERCENTILES.p90),
    p95: nearestRank(sorted, PERCENTILES.p95),
    p99: nearestRank(sorted, PERCENTILES.p99),
    p999: nearestRank(sorted, PERCENTILES.p999),
    max: nearestRank(sorted, 1000),
    censored,
  };
}

/** How a time that is only known to be at least so long stands among others: with its sign turned, never 0. */
export function atLeast(ms: number): number {
  return -Math.max(LEAST, ms);
}

const LEAST = 1e-3;

/** Distribution of signed times: one below 0 is only known to be at least as long as its magnitude, ms. */
export function summariseSigned(values: Float32Array | readonly number[]): Times {
  const magnitudes = new Float64Array(values);
  let censored = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    if (magnitudes[i]! >= 0) continue;
    magnitudes[i] = -magnitudes[i]!;
    censored++;
  }
  return summarise(magnitudes, censored);
}

const EMPTY = {
  count: 0,
  mean: null,
  min: null,
  p50: null,
  p75: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  max: null,
} as const;

/**
 * The smallest value that at least `thousandths` of a thousand of the values do not exceed.
 * Whole thousandths, because 0.07 * 100 is more than 7 in floating point.
 * @param sorted ascending, not empty
 */
function nearestRank(sorted: Float64Array, thousandths: number): number {
  return sorted[rankOf(sorted.length, thousandths) - 1] as number;
}

/** From 1. */
function rankOf(count: number, thousandths: number): number {
  return Math.max(1, Math.ceil((count * thousandths) / 1000));
}

/** What a percentile would be if one of the values were on the other side of it, ms. @param values at least one */
export function neighboursOf(values: Float32Array): (which: Percentile) => Range {
  const sorted = sortedNumbers(values);
  return (which) => {
    const at = rankOf(sorted.length, PERCENTILES[which]) - 1;
    return { low: sorted[Math.max(0, at - 1)]!, high: sorted[Math.min(sorted.length - 1, at + 1)]! };
  };
}

/**
 * Samples it takes for the largest of them to be an upper bound of a quantile with 95 % confidence: the least n with
 * 1 - share^n >= 0.95. 59 for 0.95, 299 for 0.99, 2995 for 0.999.
 */
export function samplesNeeded(share: number): number {
  return Math.ceil(Math.log(0.05) / Math.log(share));
}

/** Whether there are samples enough to speak of this percentile. */
export function isKnown(times: Pick<Times, 'count'>, percentile: Percentile): boolean {
  return times.count >= samplesNeeded(PERCENTILES[percentile] / 1000);
}

/** Whether the percentile falls among the values that are only known to be at least so long: those are the longest. */
export function isCensored(times: Pick<Times, 'count' | 'censored'>, which: Percentile): boolean {
  return rankOf(times.count, PERCENTILES[which]) > times.count - times.censored;
}

/** Evenly spaced quantiles of times of which only percentiles are known: straight lines between these. */
export function quantilesOf({ min, p50, p75, p90, p95, p99 }: Pick<Times, 'min' | 'p50' | 'p75' | 'p90' | 'p95' | 'p99'>): number[] {
  if (min === null || p50 === null || p75 === null || p90 === null || p95 === null || p99 === null) return [];
  return quantilesBetween([[0, min], [0.5, p50], [0.75, p75], [0.9, p90], [0.95, p95], [0.99, p99], [1, p99]]);
}

/** The same from any of them. @param known from 0 to 1, ascending */
export function quantilesBetween(known: readonly (readonly [share: number, ms: number])[]): number[] {
  return Array.from({ length: QUANTILES }, (_, i) => {
    const share = (i + 0.5) / QUANTILES;
    const next = known.findIndex(([at]) => at > share);
    const [[from, low], [to, high]] = [known[next - 1]!, known[next]!];
    return toMicroseconds(low + ((share - from) / (to - from)) * (high - low));
  });
}

const QUANTILES = 50;

/** Microseconds are more than a clock tells. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
