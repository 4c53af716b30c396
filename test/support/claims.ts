/**
 * How live tests judge what they count: no claim is refuted by a range that once looked right, but by an interval that the
 * claim lies outside of, and by a longer measurement that says the same.
 */
import type { Interval } from '../../src/verdict/statistics/percentile-intervals.js';
import { shareLower, shareUpper } from '../../src/verdict/statistics/share-intervals.js';
import { studentQuantile } from '../../src/verdict/statistics/student.js';

/** `holds`: the whole interval is within the claim; `open`: a part of it is; `excluded`: nothing of it is. */
export type Finding = 'holds' | 'open' | 'excluded';

/** Of both ends together. One claim in a thousand that is true is excluded, at most. */
const CONFIDENCE = 0.999;

/** Of each end. */
const SIDE = (1 + CONFIDENCE) / 2;

/** Ends that are computed from the same numbers in another order. */
const ROUNDING = 1e-12;

/** Whether a share lies from `least` to `most`, as far as so many of `n` can tell (Clopper and Pearson). */
export function claimShare(hits: number, n: number, least: number, most = least): Finding {
  return findingOf({ low: shareLower(hits, n, SIDE), high: shareUpper(hits, n, SIDE) }, least, most);
}

/** Two figures of one block, measured side by side; both above 0. */
export type Block = readonly [numerator: number, denominator: number];

/**
 * Whether a ratio lies from `least` to `most`, as far as blocks can tell: Student's interval of the mean of their logarithms,
 * so that a ratio and its inverse are judged alike. A single block tells nothing.
 */
export function claimRatio(blocks: readonly Block[], least: number, most = least): Finding {
  const logs = blocks.map(([numerator, denominator]) => Math.log(numerator / denominator));
  if (logs.some((log) => !Number.isFinite(log))) throw new Error(`Expected figures above 0, got ${JSON.stringify(blocks)}`);
  if (logs.length < 2) return 'open';
  const mean = sum(logs) / logs.length;
  const variance = sum(logs.map((log) => (log - mean) ** 2)) / (logs.length - 1);
  const half = studentQuantile(SIDE, logs.length - 1) * Math.sqrt(variance / logs.length);
  return findingOf({ low: Math.exp(mean - half), high: Math.exp(mean + half) }, least, most);
}

function findingOf({ low, high }: Interval, least: number, most: number): Finding {
  const [from, to] = [least * (1 - ROUNDING), most * (1 + ROUNDING)];
  if (high < from || low > to) return 'excluded';
  return low >= from && high <= to ? 'holds' : 'open';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What a measurement refutes: what was found, by the claim. */
export type Refuted = Readonly<Record<string, string>>;

/**
 * Claims that a measurement refutes, and once more one with ten times the window: a machine that stalled once, and one
 * interval in a thousand, refute nothing.
 * @param measure with the number of windows that the measurement takes
 */
export async function refutedTwice(measure: (windows: 1 | 10) => Promise<Refuted>): Promise<string[]> {
  const first = await measure(1);
  if (Object.keys(first).length === 0) return [];
  const second = await measure(10);
  return Object.keys(first).flatMap((claim) => (claim in second ? [`${claim}: ${first[claim]}; with ten times the window ${second[claim]}`] : []));
}
