/** Two records made at different times or on different machines: what survives the change, strictly, and the rest widely. */
import { isDeepStrictEqual } from 'node:util';
import { sameLoad } from '../../measurement/loads.js';
import type { RunRecord, TrialLoad, MeasuredTrial } from '../../measurement/record.js';
import type { Comparison } from '../../measurement/schema/comparison.js';
import { verdictOf } from '../reading.js';
import { type Difference, environmentDifferences, refusals } from './comparability.js';
import { roundsOf, type Figure, type Missing, figureOf } from './figures.js';
import { type About, recordRow, unknownRow } from './row.js';
import { type RecordRules, type Sides, RECORD_RULES } from './rules.js';
import { compareSubject } from './subject.js';

const METRICS = ['p50', 'p95', 'throughput'];

/** What came of comparing two records: refused with reasons, or compared figure by figure. */
export type RecordComparison =
  | { state: 'refused'; reasons: string[]; differences: Difference[] }
  | { state: 'compared'; verdict: Comparison['state']; comparisons: Comparison[]; differences: Difference[] };

/**
 * Compares everything that the base has; a subject that only the head has is new and has nothing to be compared with.
 * Records of different scenarios or loads are refused: their numbers answer different questions.
 */
export function compareRecords(base: RunRecord, head: RunRecord, rules: RecordRules = RECORD_RULES): RecordComparison {
  const differences = environmentDifferences(base, head);
  const reasons = refusals(base, head);
  if (reasons.length > 0) return { state: 'refused', reasons, differences };
  const isSame = isSameRun(base, head);
  const comparisons = loadsOf(base).flatMap((load) => {
    const sides = subjectsUnder(base, load).map((subject) => sidesOf(base, head, subject, load));
    const rows = [...compareRatios(sides, rules), ...sides.flatMap((one) => compareSubject(one, rules))];
    return isSame && sides.every((one) => !('why' in one.base)) ? rows.map(unchanged) : rows;
  });
  return { state: 'compared', verdict: verdictOf(comparisons), comparisons, differences };
}

/** Whether both are one run: one file given twice, or a copy. Two runs never share every moment of every request. */
function isSameRun(base: RunRecord, head: RunRecord): boolean {
  return base.startedAt === head.startedAt && isDeepStrictEqual(base.trials, head.trials);
}

/** However little a run knows of a number, it knows that the number is the same as itself. */
function unchanged(row: Comparison): Comparison {
  const none = { change: 0, low: 0, high: 0, smallest: null };
  return { ...row, ...none, reading: 'unsure', state: 'pass', why: 'base and head are one and the same run' };
}

function sidesOf(base: RunRecord, head: RunRecord, subject: string, load: TrialLoad): Sides {
  return {
    subject,
    load,
    base: roundsOf(base, 'base', subject, load),
    head: roundsOf(head, 'head', subject, load),
  };
}

/** The loads of a record, in the order planned. */
function loadsOf(record: RunRecord): TrialLoad[] {
  const loads = record.plan.trials.map((trial) => trial.load);
  return loads.filter((load, i) => loads.findIndex((other) => sameLoad(other, load)) === i);
}

function subjectsUnder(record: RunRecord, load: TrialLoad): string[] {
  const planned = record.plan.trials.filter((trial) => sameLoad(trial.load, load));
  return [...new Set(planned.map((trial) => trial.architecture))];
}

/** Every subject against the first. */
function compareRatios([first, ...others]: readonly Sides[], rules: RecordRules): Comparison[] {
  if (!first) return [];
  return others.flatMap((other) => METRICS.map((metric) => compareRatio(first, other, metric, rules)));
}

function compareRatio(first: Sides, other: Sides, metric: string, rules: RecordRules): Comparison {
  const about: About = { subject: `${other.subject}/${first.subject}`, load: other.load, metric, scale: 'ratio' };
  const settings = { limits: rules.ratios, confidence: rules.confidence };
  const [base, head] = [ratio(first.base, other.base, metric), ratio(first.head, other.head, metric)];
  if ('why' in base) return unknownRow(about, settings, base.why);
  if ('why' in head) return unknownRow(about, settings, head.why);
  const row = recordRow(about, settings, base, head);
  if (row.reading !== 'faster') return row;
  // The ratio cannot say which of its terms has moved, so that the first may have got worse.
  return { ...row, state: 'inconclusive', why: `either ${other.subject} became better or ${first.subject} became worse` };
}

type Rounds = MeasuredTrial[] | Missing;

function ratio(first: Rounds, other: Rounds, metric: string): Figure | Missing {
  const below = 'why' in first ? first : figureOf(first, metric);
  const above = 'why' in other ? other : figureOf(other, metric);
  if ('why' in below) return below;
  if ('why' in above) return above;
  return { log: above.log - below.log, error: Math.hypot(above.error, below.error) };
}
