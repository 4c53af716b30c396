/** The record that the rows of a JTL are put into: one of an export, or one made of what the file itself tells. */
import { UserError } from '../base/errors.js';
import type { JtlLoad } from '../engines/jtl.js';
import { planTrials } from '../experiment/plan.js';
import { makeRecord } from '../experiment/record.js';
import { loadSize } from '../measurement/loads.js';
import type { PlannedTrial, RunRecord } from '../measurement/record.js';
import { readTarget } from '../scenarios/read-target.js';
import type { Io } from './io.js';
import { runHeadOf } from './run-head.js';
import type { Collected } from './collected.js';
import { bareScenario } from './targets.js';

/** What was loaded, where nobody gave it a name: the same for every JTL, so that two of them can be compared. */
const NAME = 'target';
/** Where a JTL has no address (RFC 2606). */
const NOT_TOLD = 'http://not-told.invalid/';
/** Share of the rate of an export that JMeter has to send. */
const KEPT = 0.95;

/** A record of one target under as many users as there were threads, with nothing measured yet. */
export function jtlManifest({ users, duration, url, run }: JtlLoad, io: Io): [RunRecord, PlannedTrial] {
  if (run.rows.length === 0) throw new UserError('The JTL has no requests: there is nothing to collect.');
  const { target } = readTarget(NAME, { url: url ?? NOT_TOLD }, {});
  const bare = bareScenario();
  const load = { ...bare.load, users: [users], rates: [], stages: [], duration, warmup: 0, rounds: 1 };
  const scenario = { ...bare, targets: [target], subjects: [NAME], load };
  const { trials } = planTrials(scenario, [target], 1);
  const manifest = makeRecord(runHeadOf({ scenario, plan: { trials, estimatedSeconds: 0 }, seed: 1 }, io), []);
  const [planned] = manifest.plan.trials;
  if (!planned) throw new Error('A plan of one target under one load has one trial');
  return [manifest, planned];
}

/** What was planned with what JMeter did of it. */
export function withJtl(manifest: RunRecord, planned: PlannedTrial, { run, duration, groups, users, url }: JtlLoad): Omit<Collected, 'isIndexed'> {
  const untold = url === null ? ['It names no address, or several: what was loaded is not in the record.'] : [];
  const problems = [...run.problems, ...shapeProblems(planned, run.rows.filter(({ index }) => index >= 0).length, duration, users)];
  return {
    manifest: { ...manifest, generator: { engine: run.engine, workers: run.workers.expected, groups } },
    planned: { ...planned, duration },
    run: { ...run, problems, notes: [...(run.notes ?? []), ...untold] },
  };
}

/** Whether it was the load that was to be made, as far as a JTL tells. */
function shapeProblems({ load }: PlannedTrial, sent: number, duration: number, users: number): string[] {
  if (load.ramp) return [];
  if (load.model === 'closed') return users === load.users ? [] : [`JMeter had ${users} threads, and the load is one of ${load.users} users.`];
  const rate = sent / (duration / 1000);
  return rate >= loadSize(load) * KEPT ? [] : [`JMeter sent ${rate.toFixed(1)} requests a second, and the load is one of ${loadSize(load)}: it did not keep to its schedule.`];
}
