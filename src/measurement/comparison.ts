/** Two things compared: what was measured in pairs of blocks, and what came of it, metric by metric. */
import type { TrialLoad } from './trial-record.js';

/** Which side of a pair of blocks ran first. */
export type Order = 'base first' | 'head first';

/** One side's share of a pair: 300 to 1000 requests in a row. Times in ms; null when nothing was answered. */
export interface Block {
  p50: number | null;
  p95: number | null;
  /** Good answers per second. */
  throughput: number;
  sent: number;
  failed: number;
}

/** Two blocks, one right after the other, so that a drifting machine hits both alike. */
export interface BlockPair {
  order: Order;
  base: Block;
  head: Block;
}

/** All pairs of one comparison, in the order they were measured. */
export interface PairedRun {
  /** Names of the two subjects or targets. */
  base: string;
  head: string;
  load: TrialLoad;
  /** Of the order of the blocks. */
  seed: number;
  pairs: BlockPair[];
  /** Why it ended before it was decided: a process died. */
  message?: string;
}

/** What the change of a metric looks like. `faster` is better and `slower` is worse, also for throughput and failures. */
export type Reading = 'faster' | 'slower' | 'unsure';

/** What a change larger than noise has to be to count, as a ratio or in points, as the comparison's `scale` says. */
export interface Limits {
  /** A change for the worse is a failure when it is larger than noise and larger than this. */
  margin: number;
  /** A pass has shown that no change for the worse is as large as this. */
  tolerance: number;
}

/** One metric compared. */
export interface Comparison {
  /** `pairs`: interleaved blocks of one run; `records`: two saved runs. */
  kind: 'pairs' | 'records';
  /** What is compared: `head/base`, a subject of both records, or the ratio of two subjects. */
  subject: string;
  load: TrialLoad | null;
  metric: string;
  /** The metric's values, in its own unit. */
  base: number | null;
  head: number | null;
  /** `ratio`: a change of 0.05 is 5 % more; `points`: 0.05 is five in a hundred more; `count`: 5 is five more. */
  scale: 'ratio' | 'points' | 'count';
  /** Change of head against base, and its interval. */
  change: number | null;
  low: number | null;
  high: number | null;
  /** Of the interval. */
  confidence: number;
  limits: Limits;
  reading: Reading;
  state: 'pass' | 'fail' | 'inconclusive';
  /** Whether the verdict hangs on it. */
  gate: boolean;
  /** Pairs of blocks it was judged on; null when there are none. */
  pairs: number | null;
  /** The smallest change that could have been seen; null when that is unknown. */
  smallest: number | null;
  /** What stood in the way, or how to read it, as a sentence; empty when there is nothing to say. */
  why: string;
}
