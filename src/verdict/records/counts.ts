/** What went wrong, counted: failures, and events that did not do what they should, compared between two records. */
import type { Comparison } from '../../measurement/schema/comparison.js';
import type { MeasuredTrial } from '../../measurement/record.js';
import { normalQuantile } from '../../scenarios/normal.js';
import type { Estimate } from '../reading.js';
import { judge } from '../reading.js';
import { shareDifference, type Counted } from '../statistics/share-intervals.js';
import { spread } from './figures.js';
import type { About } from './row.js';
import { frame, unknownRow } from './row.js';
import type { RecordRules } from './rules.js';

/** A count of what went wrong, out of how many. */
interface Count {
  metric: string;
  counted: (trial: MeasuredTrial) => Counted;
  /** `never`: once is a failure when the base has none. */
  mayHappen: 'sometimes' | 'never';
}

const EVENT_COUNTS: readonly Count[] = [
  { metric: 'orphaned', counted: (trial) => ofRequests(trial, trial.orphaned), mayHappen: 'sometimes' },
  { metric: 'failed_later', counted: (trial) => ofRequests(trial, trial.failedLater), mayHappen: 'sometimes' },
  { metric: 'dead_lettered', counted: (trial) => ofEvents(trial, 'deadLettered'), mayHappen: 'sometimes' },
  { metric: 'duplicated', counted: (trial) => ofEvents(trial, 'duplicated'), mayHappen: 'sometimes' },
  { metric: 'lost', counted: (trial) => ofEvents(trial, 'lost'), mayHappen: 'never' },
  { metric: 'unexpected', counted: (trial) => ofEvents(trial, 'unexpected'), mayHappen: 'never' },
  { metric: 'applied_twice', counted: (trial) => ofEvents(trial, 'appliedTwice'), mayHappen: 'never' },
];

const FAILURES: Count = {
  metric: 'failure_rate',
  counted: (trial) => ofRequests(trial, trial.outcomes.sent - trial.outcomes.ok),
  mayHappen: 'sometimes',
};

function ofRequests(trial: MeasuredTrial, hits: number): Counted {
  return { hits, n: trial.outcomes.sent };
}

function ofEvents({ events }: MeasuredTrial, kind: 'deadLettered' | 'duplicated' | 'lost' | 'unexpected' | 'appliedTwice') {
  return { hits: events?.[kind] ?? 0, n: events?.attempted ?? 0 };
}

/** The failure rate always; of the others those that happened at all. */
export function compareCounts(
  about: Pick<About, 'subject' | 'load'>,
  base: readonly MeasuredTrial[],
  head: readonly MeasuredTrial[],
  rules: RecordRules,
): Comparison[] {
  const happened = EVENT_COUNTS.filter(({ counted }) => [...base, ...head].some((trial) => counted(trial).hits > 0));
  return [FAILURES, ...happened].map((count) =>
    compareCount({ ...about, metric: count.metric, scale: 'points' }, count, base.map(count.counted), head.map(count.counted), rules),
  );
}

function compareCount(
  about: About,
  { mayHappen }: Count,
  base: readonly Counted[],
  head: readonly Counted[],
  { failures: limits, confidence }: RecordRules,
): Comparison {
  const [was, is] = [sum(base), sum(head)];
  if (mayHappen === 'never' && was.hits === 0) {
    const none = { base: 0, head: is.hits, change: is.hits, low: null, high: null };
    const why = `${is.hits} of ${is.n} in the head and none of ${was.n} in the base: one is enough`;
    return { ...frame({ ...about, scale: 'count' }, { limits: NONE, confidence }), ...none, reading: 'slower', state: 'fail', why };
  }
  if (was.n === 0 || is.n === 0) return unknownRow(about, { limits, confidence }, 'nothing was counted');
  const cost = differenceOf(base, head, confidence);
  return {
    ...frame(about, { limits, confidence }),
    base: was.hits / was.n,
    head: is.hits / is.n,
    change: cost.estimate,
    low: cost.low,
    high: cost.high,
    ...judge(cost, limits),
  };
}

const NONE = { margin: 0, tolerance: 0 };

/** As wide as the counts alone make it, or wider where rounds differ by more than chance would make them. */
function differenceOf(base: readonly Counted[], head: readonly Counted[], confidence: number): Estimate {
  const { estimate, low, high } = shareDifference(sum(base), sum(head), confidence);
  const apart = Math.hypot(spread(base.map(({ hits, n }) => hits / n)), spread(head.map(({ hits, n }) => hits / n)));
  const half = normalQuantile((1 + confidence) / 2) * apart;
  return { estimate, low: Math.min(low, estimate - half), high: Math.max(high, estimate + half) };
}

function sum(counts: readonly Counted[]): Counted {
  return counts.reduce((all, one) => ({ hits: all.hits + one.hits, n: all.n + one.n }), { hits: 0, n: 0 });
}
