/** A paired comparison that stops as soon as it knows, without looking more often than its error allows. */
import type { BlockPair, Comparison, Limits } from '../../measurement/comparison.js';
import type { PairedMetric, PairedTest } from './paired-test.js';
import { costs, failureError, holm, PAIRED_METRICS, pairedInterval, pairedTest } from './paired-test.js';
import type { Estimate, Judged } from '../reading.js';
import { judge, UNKNOWN, verdictOf } from '../reading.js';

/** How a paired comparison is judged. */
export interface PairedRules {
  /** Numbers of pairs after which it is judged; ascending. */
  looks: readonly number[];
  /** Chance of a false alarm at one look; over all looks it is at most `looks.length` times this. */
  alpha: number;
  /** The metrics that the verdict hangs on. More than one is corrected for (Holm). */
  gate: readonly PairedMetric[];
  /** For p50, p95 and throughput, as ratios. */
  limits: Limits;
  /** For the failure rate, in points. */
  failureLimits: Limits;
}

/** Five looks at 0.2 %: at most 1 % of comparisons of a thing with itself end in an alarm. */
export const PAIRED_RULES: PairedRules = {
  looks: [8, 12, 20, 32, 48],
  alpha: 0.002,
  gate: PAIRED_METRICS,
  limits: { margin: 0.02, tolerance: 0.05 },
  failureLimits: { margin: 0.002, tolerance: 0.01 },
};

/** One metric at one look. Test and cost are null when a block has no value. */
export interface JudgedMetric extends Judged {
  metric: PairedMetric;
  gate: boolean;
  test: PairedTest | null;
  cost: Estimate | null;
}

/** What the pairs say. */
export interface Judgement {
  /** `undecided`: more pairs may tell. */
  state: Comparison['state'] | 'undecided';
  /** Pairs of the look that it rests on; 0 before the first. */
  pairs: number;
  /** All pairs there must be at the next look; null when there is none. */
  nextLook: number | null;
  /** Of the last look; empty before the first. */
  metrics: JudgedMetric[];
}

/**
 * Judges the pairs measured so far, look by look; pairs after the deciding look change nothing. After the last look what
 * is not decided is `inconclusive`: too noisy to tell, and never a pass.
 */
export function judgePairs(pairs: readonly BlockPair[], rules: PairedRules = PAIRED_RULES): Judgement {
  let last: Judgement = { state: 'undecided', pairs: 0, nextLook: rules.looks[0] ?? null, metrics: [] };
  for (const [i, look] of rules.looks.entries()) {
    if (pairs.length < look) return last;
    const metrics = judgeLook(pairs.slice(0, look), rules);
    const state = verdictOf(metrics);
    const nextLook = rules.looks[i + 1] ?? null;
    if (state !== 'inconclusive' || nextLook === null) return { state, pairs: look, nextLook: null, metrics };
    last = { state: 'undecided', pairs: look, nextLook, metrics };
  }
  return last;
}

function judgeLook(pairs: readonly BlockPair[], rules: PairedRules): JudgedMetric[] {
  const tests = PAIRED_METRICS.map((metric) => ({ metric, test: testOf(pairs, metric) }));
  const gates = tests.flatMap(({ metric, test }) => (test && rules.gate.includes(metric) ? [{ metric, p: test.p }] : []));
  const alarms = holm(gates.map(({ p }) => p), rules.alpha);
  return tests.map(({ metric, test }) => {
    const gate = rules.gate.includes(metric);
    if (!test) return { metric, gate, test, cost: null, ...UNKNOWN };
    const cost = pairedInterval(test, rules.alpha);
    const rank = gates.findIndex((one) => one.metric === metric);
    return { metric, gate, test, cost, ...judge(cost, costLimits(metric, rules), alarms[rank]) };
  });
}

function testOf(pairs: readonly BlockPair[], metric: PairedMetric): PairedTest | null {
  const values = costs(pairs, metric);
  return values && pairedTest(values, metric === 'failure_rate' ? failureError(pairs) : 0);
}

/** The limits on the scale of costs, which are log ratios. */
function costLimits(metric: PairedMetric, { limits, failureLimits }: PairedRules): Limits {
  if (metric !== 'failure_rate') return { margin: Math.log1p(limits.margin), tolerance: Math.log1p(limits.tolerance) };
  return { margin: -Math.log1p(-failureLimits.margin), tolerance: -Math.log1p(-failureLimits.tolerance) };
}
