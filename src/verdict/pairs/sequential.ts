/** A paired comparison that stops as soon as it knows, without looking more often than its error allows. */
import type { BlockPair, Comparison, Limits } from '../../measurement/schema/comparison.js';
import type { PairedMetric, PairedTest } from './paired-test.js';
import { costs, failureError, holm, PAIRED_METRICS, pairedInterval, pairedTest } from './paired-test.js';
import type { Estimate, Judged } from '../reading.js';
import { judge, UNKNOWN, verdictOf } from '../reading.js';

/** One time at which it is judged. */
export interface Look {
  /** After so many pairs. */
  pairs: number;
  /** Chance of a false alarm at it. */
  alpha: number;
}

/** How a paired comparison is judged. */
export interface PairedRules {
  /** Ascending in pairs. The chance of a false alarm over all of them is at most the sum of theirs. */
  looks: readonly Look[];
  /** The metrics that the verdict hangs on. More than one is corrected for (Holm). */
  gate: readonly PairedMetric[];
  /** For p50, p95 and throughput, as ratios. */
  limits: Limits;
  /** For the failure rate, in points. */
  failureLimits: Limits;
}

/**
 * At most 1 % of comparisons of a thing with itself end in an alarm: so much is spent over all looks. The first three get little of it:
 * they are there for what is doubled, which three pairs tell where blocks hardly vary. Most goes to where 5 % is found.
 */
export const PAIRED_RULES: PairedRules = {
  looks: [
    { pairs: 3, alpha: 0.0005 }, { pairs: 4, alpha: 0.0005 }, { pairs: 6, alpha: 0.0005 }, { pairs: 8, alpha: 0.0015 },
    { pairs: 12, alpha: 0.0015 }, { pairs: 20, alpha: 0.0015 }, { pairs: 32, alpha: 0.002 }, { pairs: 48, alpha: 0.002 },
  ],
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
  /** Chance of a false alarm at that look, or at the first. */
  alpha: number;
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
  const [first] = rules.looks;
  let last: Judgement = { state: 'undecided', pairs: 0, alpha: first?.alpha ?? 0, nextLook: first?.pairs ?? null, metrics: [] };
  for (const [i, look] of rules.looks.entries()) {
    if (pairs.length < look.pairs) return last;
    const metrics = judgeLook(pairs.slice(0, look.pairs), look.alpha, rules);
    const state = verdictOf(metrics);
    const nextLook = rules.looks[i + 1]?.pairs ?? null;
    if (state !== 'inconclusive' || nextLook === null) return { state, ...look, nextLook: null, metrics };
    last = { state: 'undecided', ...look, nextLook, metrics };
  }
  return last;
}

function judgeLook(pairs: readonly BlockPair[], alpha: number, rules: PairedRules): JudgedMetric[] {
  const tests = PAIRED_METRICS.map((metric) => ({ metric, test: testOf(pairs, metric) }));
  const gates = tests.flatMap(({ metric, test }) => (test && rules.gate.includes(metric) ? [{ metric, p: test.p }] : []));
  const alarms = holm(gates.map(({ p }) => p), alpha);
  return tests.map(({ metric, test }) => {
    const gate = rules.gate.includes(metric);
    if (!test) return { metric, gate, test, cost: null, ...UNKNOWN };
    const cost = pairedInterval(test, alpha);
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
