/** A number as it was measured, with how far it is known. */
import { isKnown, PERCENTILES, samplesNeeded, type Percentile } from '../measurement/times.js';
import type { Times } from '../measurement/record.js';
import { percentileLower, percentileUpper } from './statistics/percentile-intervals.js';
import { shareLower, shareUpper } from './statistics/share-intervals.js';

/** Confidence of each end of an interval: one in twenty lies beyond it. */
export const CONFIDENCE = 0.95;

/** A value and the bounds that the true one lies within, each with 95 % confidence; all three equal when it was counted. */
export interface Measured {
  value: number;
  low: number;
  high: number;
  /** Why a bound is missing; empty when none is. */
  why: string;
}

/** What was counted, and is therefore known; null stays null. */
export function counted(value: number | null | undefined): Measured | null {
  return value == null || Number.isNaN(value) ? null : { value, low: value, high: value, why: '' };
}

/** A share of `n`; null when there is nothing to take a share of. Bounds: Clopper and Pearson. */
export function shareOf(hits: number, n: number): Measured | null {
  if (n === 0) return null;
  return { value: hits / n, low: shareLower(hits, n, CONFIDENCE), high: shareUpper(hits, n, CONFIDENCE), why: '' };
}

/** The statistics of `Times` that are not percentiles. */
export type Statistic = 'mean' | 'min' | 'max';

/**
 * A statistic of times. Where some are only known to be at least so long, the mean and the largest can be anything
 * beyond.
 */
export function statisticOf(times: Times, statistic: Statistic): Measured | null {
  const exact = counted(times[statistic]);
  if (!exact || times.censored === 0 || statistic === 'min') return exact;
  return { ...exact, high: Infinity, why: unfinished(times) };
}

/**
 * A percentile of times. Its bounds are order statistics of the samples; one that is only known to be at least so long
 * counts as that short for the lower bound, and as endless for the upper one.
 * @param samples those the times were made of, below 0 for "at least"; without them the value stands for itself, unless
 *   there are too few samples to know it or some are unfinished
 */
export function percentileOf(times: Times, percentile: Percentile, samples?: Float32Array): Measured | null {
  const value = times[percentile];
  if (value === null) return null;
  const [low, high] = samples?.length === times.count ? boundsOf(samples, percentile) : summaryBounds(times, percentile, value);
  return { value, low, high, why: high === Infinity ? whyUnbounded(times, percentile) : '' };
}

function boundsOf(samples: Float32Array, percentile: Percentile): [number, number] {
  const share = PERCENTILES[percentile] / 1000;
  const shortest = samples.map(Math.abs).toSorted();
  const longest = samples.map((time) => (time < 0 ? Infinity : time)).toSorted();
  return [percentileLower(shortest, share, CONFIDENCE) ?? 0, percentileUpper(longest, share, CONFIDENCE) ?? Infinity];
}

function summaryBounds(times: Times, percentile: Percentile, value: number): [number, number] {
  const known = isKnown(times, percentile);
  return [known ? value : 0, known && times.censored === 0 ? value : Infinity];
}

function whyUnbounded(times: Times, percentile: Percentile): string {
  if (isKnown(times, percentile)) return unfinished(times);
  return `${times.count} ${times.count === 1 ? 'sample' : 'samples'}, and it takes ${samplesNeeded(PERCENTILES[percentile] / 1000)} to bound it`;
}

function unfinished({ censored, count }: Times): string {
  return `${censored} of ${count} were not over yet`;
}

/** Two numbers divided; null when the divisor is 0. */
export function ratioOf(a: Measured, b: Measured): Measured | null {
  if (b.value === 0) return null;
  return { value: a.value / b.value, low: a.low / b.high, high: a.high / b.low, why: a.why || b.why };
}

/** The median over rounds, of the values and of their bounds; of an even number the mean of the middle two. */
export function medianOf(rounds: readonly Measured[]): Measured {
  const middle = (pick: (round: Measured) => number): number => {
    const sorted = rounds.map(pick).toSorted((a, b) => a - b);
    const [left, right] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN];
    return left === right ? left : (left + right) / 2;
  };
  const [value, low, high] = [middle((r) => r.value), middle((r) => r.low), middle((r) => r.high)];
  return { value, low, high, why: high === Infinity ? (rounds.find(({ why }) => why !== '')?.why ?? '') : '' };
}
