/** The record of a run, made anew from its trials whenever there are more of them. */
import { findings } from '../advice/findings.js';
import { UserError } from '../base/errors.js';
import type { Comparison, PairedRun } from '../measurement/schema/comparison.js';
import { headsOfKinds, withKinds } from '../measurement/kind-trials.js';
import { openPaired, openRecord } from '../measurement/redacted-record.js';
import { SCHEMA_VERSION, type CurvePoint, type Environment, type MachineTimes, type PlannedTrial, type RunRecord, type SameOrdersRow, type Trial } from '../measurement/record.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Hop } from '../services/services.js';
import { judge } from '../verdict/judge.js';
import { comparePairs } from '../verdict/pairs/comparison.js';
import { verdictOf } from '../verdict/reading.js';
import { refusals } from '../verdict/records/comparability.js';
import { compareRecords } from '../verdict/records/compare.js';
import { parseThresholds, withKindNames, type Threshold } from '../verdict/thresholds.js';
import { busOf, headOf, type Plan, type TrialPlan } from './plan.js';

/** What is known of a run before its first trial. */
export interface RunHead {
  tool: { name: string; version: string };
  command: string[];
  startedAt: Date;
  environment: Environment;
  scenario: Scenario;
  plan: Plan;
  thresholds: Threshold[];
  seed: number;
  /** What its predictions know of the machine. */
  machine?: MachineTimes | null;
}

/** What a run was measured against, beside its own thresholds. */
export interface Against {
  /** An older record of the same scenario and load. */
  baseline?: RunRecord;
  /** Pairs of blocks, instead of trials. */
  paired?: PairedRun[];
  /** What all subjects do with the same orders. */
  sameOrders?: SameOrdersRow[];
  /** What the model says between the loads. */
  curves?: CurvePoint[];
}

/** The record after these trials: judged, and with what they show. */
export function makeRecord(head: RunHead, trials: readonly Trial[], { baseline, paired, sameOrders, curves = [] }: Against = {}): RunRecord {
  const record = { ...recordOf(head, trials, sameOrders), ...(curves.length > 0 ? { curves } : {}) };
  if (paired) return withComparisons({ ...record, paired: paired.map(openPaired), verdict: 'pass' }, paired.flatMap((run) => comparePairs(run)));
  if (!baseline) return record;
  const compared = compareRecords(baseline, record);
  return withComparisons(record, compared.state === 'compared' ? compared.comparisons : []);
}

/**
 * The record judged by other thresholds, from what was measured; its comparisons stand.
 * @param expressions such as `hybrid: p95 < 600ms`
 * @throws UserError for one that cannot be read or names a subject that was not measured, and for a record without trials of its own to judge
 */
export function rejudged(record: RunRecord, expressions: readonly string[]): RunRecord {
  const kinds = record.scenario.kinds ?? [];
  const thresholds = thresholdsOn(record, expressions);
  const { checks, verdict } = judge(thresholds, withKinds(record.trials), headsOfKinds(record.plan.trials, kinds.map(({ name }) => name)));
  const judged = { ...record, checks, verdict };
  return record.comparisons.length > 0 ? withComparisons(judged, record.comparisons) : judged;
}

/** The same expressions, read as what they say of this record. @throws UserError */
export function thresholdsOn(record: RunRecord, expressions: readonly string[]): Threshold[] {
  if (record.paired || record.capacity) throw new UserError('Thresholds judge trials, and this record is one of `capacity` or `--compare`: make a record with bench or simulate.');
  const subjects = [...new Set(record.plan.trials.map(({ architecture }) => architecture))];
  return parseThresholds(expressions, { subjects: withKindNames(subjects, record.scenario.kinds ?? []) });
}

/** Why a run as planned cannot be compared with a baseline, as sentences; none when it can. */
export function baselineRefusals(head: RunHead, baseline: RunRecord): string[] {
  return refusals(baseline, recordOf(head, []));
}

/** The verdict of both: a failure of either outweighs what is unknown of the other. */
function withComparisons(record: RunRecord, comparisons: Comparison[]): RunRecord {
  const compared = verdictOf(comparisons);
  const verdicts = [record.verdict, compared === 'inconclusive' ? 'unknown' : compared];
  const verdict = (['fail', 'unknown'] as const).find((worst) => verdicts.includes(worst)) ?? 'pass';
  return { ...record, comparisons, verdict };
}

function recordOf(head: RunHead, trials: readonly Trial[], sameOrders: SameOrdersRow[] = []): RunRecord {
  const { checks, verdict } = judge(head.thresholds, withKinds(trials), headsOfKinds(head.plan.trials, head.scenario.kinds?.map(({ name }) => name) ?? []));
  return openRecord({
    schemaVersion: SCHEMA_VERSION,
    tool: head.tool,
    command: head.command,
    startedAt: head.startedAt.toISOString(),
    environment: head.environment,
    scenario: head.scenario,
    plan: { trials: head.plan.trials.map(planned), estimatedSeconds: head.plan.estimatedSeconds, ...busOf(head.plan, head.scenario.event.publish), ...hopOf(head.plan) },
    seed: head.seed,
    ...(head.machine ? { machine: head.machine } : {}),
    trials: [...trials],
    comparisons: [],
    checks,
    advice: findings(trials, head.scenario, sameOrders),
    ...(sameOrders.length > 0 ? { sameOrders } : {}),
    verdict,
  });
}

/** Said where it is not the rule. */
function hopOf({ hop }: Plan): { hop?: Hop } {
  return hop === undefined || hop === 'http' ? {} : { hop };
}

function planned(trial: TrialPlan): PlannedTrial {
  const { warmup, duration, drain, timeout } = trial;
  return { ...headOf(trial), warmup, duration, drain, timeout };
}
