/** What the tool's own verdicts are worth on a machine: comparisons of a thing with itself, where nothing has changed. */
import type { BlockPair, PairedRun, Reading } from '../../measurement/schema/comparison.js';
import { judge } from '../reading.js';
import type { Interval } from '../statistics/percentile-intervals.js';
import { shareUpper, wilson } from '../statistics/share-intervals.js';
import { trendOf } from '../statistics/trend.js';
import type { PairedMetric } from './paired-test.js';
import { costs, PAIRED_METRICS, pairedTest, smallestVisible } from './paired-test.js';
import type { Judgement, PairedRules } from './sequential.js';
import { judgePairs, PAIRED_RULES } from './sequential.js';

/** Noise of one metric on this machine. */
export interface Noise {
  metric: PairedMetric;
  /** Standard deviation of the log ratio of two blocks of the same thing: 0.04 is about 4 %. Null when unknown. */
  floor: number | null;
  /** The smallest change that a comparison can see here after its last look, as a ratio (points for the failure rate). */
  smallest: number | null;
}

/** What the machine itself did from the first pair of blocks to the last: the change of p50 along a line, as a ratio. */
export interface Drift {
  reading: Reading;
  change: number;
  low: number;
  high: number;
}

/** What the comparisons of a thing with itself came to. */
export interface SelfCheck {
  comparisons: number;
  /** Comparisons that read `faster` or `slower` although nothing had changed. */
  alarms: number;
  /** Share of alarms: 95 % interval to show, one-sided 95 % bound to judge by. */
  rate: number | null;
  interval: Interval;
  upper: number;
  /** Comparisons that could not tell: the machine is too noisy for them. */
  inconclusive: number;
  /** Mean number of pairs to a verdict. */
  meanPairs: number | null;
  noise: Noise[];
  /** Null when there are too few pairs to tell, or a block without any answer. */
  drift: Drift | null;
}

/** Judges runs of a thing against itself. Only what the verdict hangs on can raise an alarm. */
export function selfCheck(runs: readonly PairedRun[], rules: PairedRules = PAIRED_RULES): SelfCheck {
  const judgements = runs.map((run) => judgePairs(run.pairs, rules));
  const n = runs.length;
  const alarms = judgements.filter(isAlarm).length;
  return {
    comparisons: n,
    alarms,
    rate: n === 0 ? null : alarms / n,
    interval: wilson(alarms, n),
    upper: shareUpper(alarms, n),
    inconclusive: judgements.filter(({ state }) => state === 'inconclusive' || state === 'undecided').length,
    meanPairs: n === 0 ? null : judgements.reduce((sum, { pairs }) => sum + pairs, 0) / n,
    noise: PAIRED_METRICS.map((metric) => noiseOf(runs, metric, rules.looks.at(-1)?.pairs ?? 0)),
    drift: driftOf(runs.flatMap(({ pairs }) => pairs), rules),
  };
}

function isAlarm({ metrics }: Judgement): boolean {
  return metrics.some(({ gate, reading }) => gate && reading !== 'unsure');
}

/** Pooled over the runs: the mean of each is its own, the spread is the machine's. */
function noiseOf(runs: readonly PairedRun[], metric: PairedMetric, lastLook: number): Noise {
  const tests = runs.map(({ pairs }) => (pairs.length < 2 ? null : costs(pairs, metric))).flatMap((values) =>
    values ? [pairedTest(values)] : [],
  );
  const df = tests.reduce((sum, test) => sum + test.df, 0);
  if (df === 0) return { metric, floor: null, smallest: null };
  const floor = Math.sqrt(tests.reduce((sum, test) => sum + test.df * test.sd ** 2, 0) / df);
  const visible = smallestVisible(floor / Math.sqrt(lastLook));
  return { metric, floor, smallest: metric === 'failure_rate' ? -Math.expm1(-visible) : Math.expm1(visible) };
}

/** Pairs that it takes to tell a drift. */
const FEWEST = 8;
/** Of the interval of the drift. */
export const DRIFT_CONFIDENCE = 0.99;

/**
 * A trend over all pairs, in the order they were measured. A comparison in pairs does not notice it, since it is in both
 * blocks of a pair alike; milliseconds that are stored or limited are wrong by it.
 */
function driftOf(pairs: readonly BlockPair[], { limits }: PairedRules): Drift | null {
  const levels = pairs.map(({ base, head }) => (Math.log(base.p50 ?? NaN) + Math.log(head.p50 ?? NaN)) / 2);
  const trend = trendOf(levels, DRIFT_CONFIDENCE);
  if (!trend || pairs.length < FEWEST || !Number.isFinite(trend.estimate)) return null;
  const { reading } = judge(trend, { margin: Math.log1p(limits.margin), tolerance: Math.log1p(limits.tolerance) });
  return { reading, change: Math.expm1(trend.estimate), low: Math.expm1(trend.low), high: Math.expm1(trend.high) };
}
