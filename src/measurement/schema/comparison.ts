/** Two things compared: what was measured in pairs of blocks, and what came of it, metric by metric. */
import type * as v from 'valibot';
import { count, described, flag, list, ms, object, oneOf, optional, orNull, perSecond, plainNumber, section, share, text } from '../../base/described.js';
import { load } from './load.js';

const block = section('Block', "One side's share of a pair: 300 to 1000 requests in a row.", {
  p50: orNull(ms('Median response time; null when nothing was answered.', 31.2)),
  p95: orNull(ms('95th percentile; null when nothing was answered.', 36.9)),
  throughput: perSecond('Good answers.', 310),
  sent: count('Requests.', 400),
  failed: count('Of these, those without a good answer.', 0),
});
/** One side's share of a pair. Times in ms; null when nothing was answered. */
export type Block = v.InferOutput<typeof block>;

const blockPair = section('BlockPair', 'Two blocks, one right after the other, so that a drifting machine hits both alike.', {
  order: oneOf(['base first', 'head first'], 'Which side ran first.'),
  base: described(block, 'Of the base.'),
  head: described(block, 'Of the head.'),
});
/** Two blocks that were measured one right after the other: one of the base, one of the head. */
export type BlockPair = v.InferOutput<typeof blockPair>;
/** Which side of a pair of blocks ran first. */
export type Order = BlockPair['order'];

export const pairedRun = section('PairedRun', 'All pairs of one comparison, in the order they were measured.', {
  base: text('Name of the subject or target that is the base.', 'sync'),
  head: text('Name of the one held against it.', 'parallel'),
  load: described(load, 'How both were loaded.'),
  seed: plainNumber('Of the order of the blocks.', 1),
  pairs: list(blockPair, 'The pairs.'),
  message: optional(text('Why it ended before it was decided: a process died.', 'The server process was killed by SIGKILL')),
});
/** All pairs of blocks of a comparison that was measured in pairs. */
export type PairedRun = v.InferOutput<typeof pairedRun>;

const limits = object('What a change larger than noise has to be to count, as `scale` says.', {
  margin: plainNumber('A change for the worse is a failure when it is larger than noise and larger than this.', 0.05),
  tolerance: plainNumber('A pass has shown that no change for the worse is as large as this.', 0.1),
});
/** What a change larger than noise has to be to count, as a ratio or in points, as the comparison's `scale` says. */
export type Limits = v.InferOutput<typeof limits>;

export const comparison = section('Comparison', 'One metric compared.', {
  kind: oneOf(['pairs', 'records'], '`pairs`: interleaved blocks of one run; `records`: two saved runs.'),
  subject: text('What is compared: `head/base`, a subject of both records, or the ratio of two subjects.', 'sync/hybrid'),
  load: orNull(described(load, 'At which load; null where it is about all.')),
  metric: text('The metric.', 'p50'),
  base: orNull(plainNumber("The base's value, in the unit of the metric; null when it is not known.", 2.1)),
  head: orNull(plainNumber("The head's value; null when it is not known.", 2.08)),
  scale: oneOf(['ratio', 'points', 'count'], '`ratio`: a change of 0.05 is 5 % more; `points`: 0.05 is five in a hundred more; `count`: 5 is five more.'),
  change: orNull(plainNumber('Change of the head against the base, as `scale` says; null when it is not known.', -0.01)),
  low: orNull(plainNumber('Where the interval of the change begins.', -0.02)),
  high: orNull(plainNumber('Where it ends.', 0.01)),
  confidence: share('Of the interval.', 0.95),
  limits,
  reading: oneOf(['faster', 'slower', 'unsure'], '`faster` is better and `slower` is worse, also for throughput and failures.'),
  state: oneOf(['pass', 'fail', 'inconclusive'], 'What came of it.'),
  gate: flag('Whether the verdict hangs on it.', true),
  pairs: orNull(count('Pairs of blocks it was judged on; null when there are none.', 12)),
  smallest: orNull(plainNumber('The smallest change that could have been seen, as `scale` says; null when that is unknown.', 0.02)),
  why: text('What stood in the way, or how to read it, as a sentence; empty when there is nothing to say.', ''),
});
/** One metric compared. */
export type Comparison = v.InferOutput<typeof comparison>;
/** What the change of a metric looks like. `faster` is better and `slower` is worse, also for throughput and failures. */
export type Reading = Comparison['reading'];
