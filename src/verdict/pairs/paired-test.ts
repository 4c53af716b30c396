/** The paired t test on log ratios of blocks. The unit is the block: requests of one block are not independent. */
import type { Block, BlockPair } from '../../measurement/schema/comparison.js';
import type { Estimate } from '../reading.js';
import { studentQuantile, twoSidedP } from '../statistics/student.js';

/** What is compared between blocks. */
export const PAIRED_METRICS = ['p50', 'p95', 'throughput', 'failure_rate'] as const;
export type PairedMetric = (typeof PAIRED_METRICS)[number];

/**
 * The cost of head against base in each pair, as a log ratio: above 0 is worse, 0.05 is about 5 %. Failures are compared by
 * the share of good answers, since a ratio of failure rates means nothing at 0: 0.01 is about one failure more in 100.
 * @returns null when a value is missing in any pair: a mean of the others would be another question
 */
export function costs(pairs: readonly BlockPair[], metric: PairedMetric): number[] | null {
  const values = pairs.map(({ base, head }) => Math.log(burden(head, metric) / burden(base, metric)));
  return values.every(Number.isFinite) ? values : null;
}

/** A number that grows as the block gets worse. */
function burden(block: Block, metric: PairedMetric): number {
  switch (metric) {
    case 'p50':
    case 'p95':
      return block[metric] ?? Number.NaN;
    case 'throughput':
      return 1 / block.throughput;
    case 'failure_rate':
      // Half an answer more keeps a block that failed entirely finite.
      return (block.sent + 1) / (block.sent - block.failed + 0.5);
  }
}

/** A mean cost and how well it is known. */
export interface PairedTest {
  mean: number;
  /** Standard deviation of the pairs. */
  sd: number;
  /** Standard error of the mean. */
  error: number;
  df: number;
  /** Chance of a mean this far from 0, either way, if nothing had changed. */
  p: number;
}

/**
 * One-sample t test of at least two costs.
 * @param floor the standard error is at least this: blocks without a failure vary too little to tell how many there could be
 */
export function pairedTest(values: readonly number[], floor = 0): PairedTest {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const error = Math.max(sd / Math.sqrt(n), floor);
  const df = n - 1;
  // Without any variation a change is certain, and none is none.
  const p = error === 0 ? Number(mean === 0) : twoSidedP(mean / error, df);
  return { mean, sd, error, df, p };
}

/** Interval of the mean that misses the truth with probability `alpha`. */
export function pairedInterval(test: PairedTest, alpha: number): Estimate {
  const half = studentQuantile(1 - alpha / 2, test.df) * test.error;
  return { estimate: test.mean, low: test.mean - half, high: test.mean + half };
}

/**
 * Standard error that independent failures alone would give the cost `failure_rate`, from all pairs, with one failure
 * added per side (Agresti and Caffo, The American Statistician 54 (2000)).
 */
export function failureError(pairs: readonly BlockPair[]): number {
  return Math.sqrt(failureVariance(pairs.map((pair) => pair.base)) + failureVariance(pairs.map((pair) => pair.head)));
}

/** Variance of the logarithm of a share of good answers (delta method). */
function failureVariance(blocks: readonly Block[]): number {
  const failed = blocks.reduce((sum, block) => sum + block.failed, 1);
  const sent = blocks.reduce((sum, block) => sum + block.sent, 2);
  return failed / ((sent - failed) * sent);
}

/**
 * The smallest change that could have been seen, as a log ratio: 3.97 standard errors, which is 3.97 sd / sqrt(pairs).
 * 3.97 = 2.326 + 1.645: a single one-sided test at 1 % finds a change of this size 19 times in 20.
 */
export function smallestVisible(error: number): number {
  return 3.97 * error;
}

/**
 * Which of several tests are larger than noise when all are looked at: the chance that any of them is a false alarm stays
 * within `alpha`. Source: Holm, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(ps: readonly number[], alpha: number): boolean[] {
  const significant = ps.map(() => false);
  const ranked = ps.map((p, i) => ({ p, i })).toSorted((a, b) => a.p - b.p);
  for (const [rank, { p, i }] of ranked.entries()) {
    if (p > alpha / (ps.length - rank)) break;
    significant[i] = true;
  }
  return significant;
}
