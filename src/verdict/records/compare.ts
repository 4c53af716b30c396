/** Two records made at different times or on different machines: what survives the change, strictly, and the rest widely. */
import { isDeepStrictEqual } from 'node:util';
import type { Comparison } from '../../measurement/schema/comparison.js';
import { sameLoad } from '../../measurement/loads.js';
import type { RunRecord, TrialLoad } from '../../measurement/record.js';
import { verdictOf } from '../reading.js';
import type { Difference } from './comparability.js';
import { environmentDifferences, refusals } from './comparability.js';
import { roundsOf } from './figures.js';
import { compareRatios } from './ratios.js';
import type { RecordRules, Sides } from './rules.js';
import { RECORD_RULES } from './rules.js';
import { compareSubject } from './subject.js';

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
