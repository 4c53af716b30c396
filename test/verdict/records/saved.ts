/** Saved records of runs whose every request took the same time. */
import type { Environment, MeasuredTrial, PlannedTrial, RunRecord, Trial } from '../../../src/measurement/record.js';
import { encodeSamples } from '../../../src/measurement/samples.js';
import { summarise } from '../../../src/measurement/times.js';
import { compareRecords, type RecordComparison } from '../../../src/verdict/records/compare.js';
import { measured } from '../../support/measured.js';
import { recordOf } from '../../support/record.js';

export const USERS_100 = { model: 'closed', users: 100 } as const;

/** A record of these trials, planned as they were run. */
export function saved(trials: Trial[], change: Partial<RunRecord> = {}): RunRecord {
  return recordOf(trials, { plan: { trials: trials.map(planned), estimatedSeconds: 1 }, ...change });
}

function planned({ subject, architecture, base, round, load }: Trial): PlannedTrial {
  return { subject, architecture, base, round, load, warmup: 2000, duration: 10_000, drain: 0, timeout: 10_000 };
}

/** Sync at 1000 ms and hybrid at 500, times factors. */
export function pair({ sync = 1, hybrid = 1, round = 1 } = {}): MeasuredTrial[] {
  return [measured({ subject: 'sync', ms: 1000 * sync, round }), measured({ subject: 'hybrid', ms: 500 * hybrid, round })];
}

/** On the same machine but for what is changed. */
export function elsewhere(record: RunRecord, change: Partial<Environment>): RunRecord {
  return { ...record, environment: { ...record.environment, ...change } };
}

/** A trial whose response times are these, ms. */
export function timed(trial: MeasuredTrial, ms: readonly number[]): MeasuredTrial {
  const n = ms.length;
  return {
    ...trial,
    outcomes: { ...trial.outcomes, sent: n, ok: n },
    responseTime: summarise(ms),
    samples: encodeSamples({ start: new Float32Array(n), time: Float32Array.from(ms), outcome: new Uint8Array(n) }),
  };
}

/** The comparison of two runs, with these numbers on two days, which must not be refused. */
export function compared(base: RunRecord, head: RunRecord): Extract<RecordComparison, { state: 'compared' }> {
  const comparison = compareRecords({ ...base, startedAt: '2026-02-28T09:00:00.000Z' }, head);
  if (comparison.state === 'refused') throw new Error(`refused: ${comparison.reasons.join(' ')}`);
  return comparison;
}

/** The one row about a subject and a metric. */
export function rowOf(base: RunRecord, head: RunRecord, subject: string, metric: string) {
  const rows = compared(base, head).comparisons.filter((row) => row.subject === subject && row.metric === metric);
  if (rows.length !== 1) throw new Error(`${rows.length} rows about ${metric} of ${subject}`);
  return rows[0];
}
