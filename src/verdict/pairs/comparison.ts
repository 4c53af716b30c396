/** A paired run in the words of the record: one comparison per metric. */
import type { Block, BlockPair, Comparison, PairedRun } from '../../measurement/schema/comparison.js';
import { timesBesideFailures } from '../beside-failures.js';
import type { PairedMetric } from './paired-test.js';
import { smallestVisible } from './paired-test.js';
import type { Judgement, JudgedMetric, PairedRules } from './sequential.js';
import { judgePairs, PAIRED_RULES } from './sequential.js';

/** Judges a run, finished or broken off, metric by metric. Undecided is inconclusive here: there will be no more pairs. */
export function comparePairs(run: PairedRun, rules: PairedRules = PAIRED_RULES): Comparison[] {
  const judgement = judgePairs(run.pairs, rules);
  if (judgement.metrics.length === 0) return rules.gate.map((metric) => tooFew(run, metric, judgement, rules));
  return timesBesideFailures(judgement.metrics.map((judged) => comparisonOf(run, judged, judgement, rules)));
}

function comparisonOf(run: PairedRun, judged: JudgedMetric, { pairs, alpha }: Judgement, rules: PairedRules): Comparison {
  const { metric, cost, test, gate, reading, state } = judged;
  const used = run.pairs.slice(0, pairs);
  const ends = cost && [changeOf(metric, cost.low), changeOf(metric, cost.high)].toSorted((a, b) => a - b);
  return {
    ...head(run, metric, alpha, rules),
    base: valueOf(used.map((pair) => pair.base), metric),
    head: valueOf(used.map((pair) => pair.head), metric),
    change: cost && changeOf(metric, cost.estimate),
    low: ends?.[0] ?? null,
    high: ends?.[1] ?? null,
    reading,
    state,
    gate,
    pairs,
    smallest: test && Math.abs(changeOf(metric, smallestVisible(test.error))),
    why: test ? '' : whyNone(run, used, metric),
  };
}

/** Without a value in every block there is no mean. A block has no throughput when nothing succeeded, no times without answers. */
function whyNone(run: PairedRun, pairs: readonly BlockPair[], metric: PairedMetric): string {
  const sides = (['base', 'head'] as const).filter((side) => pairs.some((pair) => !pair[side][metric === 'failure_rate' ? 'sent' : metric]));
  const what = metric === 'throughput' ? 'no request succeeded' : 'no request was answered';
  return `${what} in at least one block of ${sides.map((side) => run[side]).join(' and of ')}, so there is no ${metric} to compare`;
}

function tooFew(run: PairedRun, metric: PairedMetric, { alpha, nextLook }: Judgement, rules: PairedRules): Comparison {
  const missing = { base: null, head: null, change: null, low: null, high: null, smallest: null };
  const why = `${run.pairs.length} pairs of blocks were measured and it takes at least ${nextLook}`;
  const state = 'inconclusive' as const;
  return { ...head(run, metric, alpha, rules), ...missing, reading: 'unsure', state, gate: true, pairs: run.pairs.length, why };
}

function head(run: PairedRun, metric: PairedMetric, alpha: number, rules: PairedRules) {
  const failures = metric === 'failure_rate';
  return {
    kind: 'pairs' as const,
    subject: `${run.head}/${run.base}`,
    load: run.load,
    metric,
    scale: failures ? ('points' as const) : ('ratio' as const),
    confidence: 1 - alpha,
    limits: failures ? rules.failureLimits : rules.limits,
  };
}

/** A cost, which is a log ratio that grows as things get worse, as a change of the metric itself. */
function changeOf(metric: PairedMetric, cost: number): number {
  // Where nearly nothing succeeded the logarithm runs away; more than all requests cannot be gained.
  if (metric === 'failure_rate') return Math.max(-1, -Math.expm1(-cost));
  return Math.expm1(metric === 'throughput' ? -cost : cost);
}

/** The value of a metric over blocks: all failures in all requests, or the geometric mean, to which log ratios belong. */
function valueOf(blocks: readonly Block[], metric: PairedMetric): number | null {
  if (metric === 'failure_rate') return total(blocks, 'failed') / total(blocks, 'sent');
  const logs = blocks.map((block) => Math.log(block[metric] ?? Number.NaN));
  const mean = Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length);
  return Number.isFinite(mean) && mean > 0 ? mean : null;
}

function total(blocks: readonly Block[], field: 'failed' | 'sent'): number {
  return blocks.reduce((sum, block) => sum + block[field], 0);
}
