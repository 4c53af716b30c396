/** Made-up pairs of runs, for the reports that lay two side by side. */
import type { RunRecord } from '../../src/measurement/record.js';
import { compareRecords } from '../../src/verdict/records/compare.js';
import type { TwoRuns } from '../../src/report/two-runs.js';
import { measured, times } from './measured.js';
import { checkoutRecord, recordOf } from './record.js';

/** Two records as `report` gets them. */
export function twoRuns(a: RunRecord, b: RunRecord): TwoRuns {
  return { a: { name: 'before.json', record: a }, b: { name: 'after.json', record: b }, compared: compareRecords(a, b) };
}

/** The default bench, before and after: B has a subject less, one more, and one that was not measured well. */
export function changedRuns(): TwoRuns {
  const [a, b] = [checkoutRecord(), checkoutRecord()];
  const slow = measured({ subject: 'mine', users: 100, ms: 700 });
  const validity = { valid: false, problems: ['The generator was busy.'], notes: [] };
  const trials = b.trials.filter(({ architecture, load }) => architecture !== 'sync' || (load.model === 'closed' && load.users < 500));
  const [, faster] = trials;
  if (faster?.state === 'measured') faster.responseTime = times(250, 200);
  const last = trials.at(-1);
  if (last?.state === 'measured') last.validity = validity;
  const planned = (record: RunRecord): RunRecord['plan'] => ({ ...a.plan, trials: record.trials.map((trial) => ({ ...trial, warmup: 0, duration: 1, drain: 1, timeout: 1 })) });
  const other = recordOf([...trials, slow], { seed: 8, startedAt: '2026-03-02T09:00:00.000Z' });
  return twoRuns({ ...a, plan: planned(a) }, { ...other, plan: planned(a) });
}
