/**
 * Confidence intervals of a percentile, such as p95: by order statistics where samples are independent of each other, by sectioning where
 * neighbours resemble each other, as the requests of one load do.
 */
import { samplesNeeded } from '../../measurement/times.js';
import { binomialCdf } from './beta.js';
import { studentQuantile } from './student.js';

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

/** Few and long, so that each is nearly independent of the next; the usual number. */
export const SECTIONS = 10;

/**
 * Interval of a percentile by sectioning: the series is cut into ten sections in order, and how far their percentiles
 * lie from that of the whole tells its error, whatever the correlation within a section. Source: Asmussen and Glynn,
 * Stochastic Simulation (2007), III.5a; Nakayama, ACM TOMACS 24 (2014), for quantiles.
 * @param values in order of time; any unit, and the interval has the same
 * @param share of the percentile: 0.95 for p95
 * @returns null when a section is too short to know its own percentile
 */
export function sectionedInterval(values: Float32Array, share: number, confidence = 0.95): Interval | null {
  const length = Math.floor(values.length / SECTIONS);
  if (length < samplesNeeded(share)) return null;
  const whole = percentileOf(values, share);
  let squares = 0;
  for (let i = 0; i < SECTIONS; i++) squares += (percentileOf(values.subarray(i * length, (i + 1) * length), share) - whole) ** 2;
  const error = Math.sqrt(squares / (SECTIONS - 1) / SECTIONS);
  const half = studentQuantile((1 + confidence) / 2, SECTIONS - 1) * error;
  return { low: Math.max(0, whole - half), high: whole + half };
}

function percentileOf(values: Float32Array, share: number): number {
  return values.toSorted()[Math.ceil(values.length * share) - 1] as number;
}
