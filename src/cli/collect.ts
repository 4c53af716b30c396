/** `collect`: what another generator saw of an exported load becomes a record, judged and reported as any other. */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../base/errors.js';
import { observationsOf, type EngineRun } from '../engines/rows.js';
import { planTrials } from '../experiment/plan.js';
import { LATE_MS, type Schedule } from '../load/load.js';
import type { MeasuredTrial, PlannedTrial, RunRecord, TrialHead } from '../measurement/record.js';
import { measureTarget } from '../measurement/target.js';
import { summarise } from '../measurement/times.js';
import { openOutputs } from '../report/writer.js';
import { endRun } from '../roles/end-run.js';
import { readReceived, readRole, readServing, type KeptServing } from '../roles/run-folder.js';
import { keptTrial } from '../roles/trial-from-run-folder.js';
import { TOKEN_VARIABLE } from '../roles/protocol.js';
import { predict, predictedInput, withPrediction } from '../simulation/prediction.js';
import { judge } from '../verdict/judge.js';
import { parseThresholds } from '../verdict/thresholds.js';
import { subjectNames } from '../scenarios/subject.js';
import { findings } from '../advice/findings.js';
import { findSource, readSource, type Collected } from './collected.js';
import { exitCodeOf } from './exit-codes.js';
import type { Io } from './io.js';
import type { Parts } from './parts.js';
import { printReport } from './print.js';
import { findSubjects } from './scenario.js';
import { startSimulating } from './simulating.js';

/**
 * Reads a folder that `export` made and an engine wrote its rows into, or JTL files.
 * @returns the exit code of the verdict
 * @throws UserError when files are missing or damaged
 */
export async function collect(place: string, options: { output?: string[]; color: boolean; quiet?: boolean; end?: string }, io: Io, parts: Parts = {}): Promise<number> {
  const source = findSource(place, io);
  const outputs = openOutputs(options.output ?? [], io);
  if (options.end !== undefined) await endRun(options.end, io.env[TOKEN_VARIABLE]);
  const collected = await readSource(source, io);
  const serving = source.exported ? readServing(path.resolve(io.cwd(), place)) : null;
  const { bus, hop } = serving ?? {};
  const { manifest } = collected;
  const plan = { ...manifest.plan, ...(bus && { bus }), ...(hop && { hop }) };
  const whole = { ...collected, manifest: { ...manifest, plan } };
  const trial = serving ? await servedTrial(place, serving, whole, io, parts) : trialOf(whole);
  const record = judged(whole.manifest, trial);
  // Told before it is written, as a run is.
  if (!options.quiet && !outputs.ownStdout) printReport(record, options, io);
  outputs.write(record);
  return exitCodeOf(record);
}

/** The trial with what served it, and with what the model says of it. @throws UserError where something else was served */
async function servedTrial(folder: string, serving: KeptServing, collected: Collected, io: Io, parts: Parts): Promise<MeasuredTrial> {
  const { manifest, planned, run } = collected;
  refuseOther(serving, manifest, planned, folder);
  if (!collected.isIndexed) return countedTrial(path.resolve(io.cwd(), folder), serving, collected);
  const { duration, warmup } = planned;
  const trial = keptTrial(path.resolve(io.cwd(), folder), serving, { head: headOf(planned), run, duration, warmup, schedule: scheduleOf(run) });
  const notes = [`The load came from ${run.engine}: how busy it was is not known.`, ...trial.validity.notes];
  const measured = withProblems(run.problems, { ...trial, validity: { ...trial.validity, notes } });
  const [plan] = planTrials({ ...manifest.scenario, load: { ...manifest.scenario.load, rounds: 1 } }, [serving.subject], serving.seed).trials;
  if (!plan) return measured;
  const simulating = startSimulating({ progress: false }, io, parts);
  try {
    const input = predictedInput(plan);
    return withPrediction(measured, await predict(input, simulating.simulate), input);
  } finally {
    await simulating.end();
  }
}

function refuseOther({ scenario, subject }: KeptServing, manifest: RunRecord, planned: PlannedTrial, folder: string): void {
  if (subject.name !== planned.architecture || scenario !== manifest.scenario.name) {
    throw new UserError(`${folder} has a load of ${planned.architecture} (${manifest.scenario.name}), and ${subject.name} (${scenario}) was served: one folder is one run.`);
  }
  const [loaded] = findSubjects(manifest.scenario, [planned.architecture]);
  // As they are written: a file that says more has the same in another order.
  if (isDeepStrictEqual(asWritten(loaded), asWritten(subject))) return;
  throw new UserError(`${folder} has a load of ${scenario} as it was exported, and another ${scenario} was served: export it again, or serve what was exported.`);
}

function asWritten(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function headOf({ subject, architecture, base, round, load }: PlannedTrial): TrialHead {
  return { subject, architecture, base, round, load };
}

function withProblems(problems: readonly string[], trial: MeasuredTrial): MeasuredTrial {
  const all = [...problems, ...trial.validity.problems];
  return { ...trial, validity: { ...trial.validity, valid: all.length === 0, problems: all } };
}

function trialOf({ planned, run }: Pick<Collected, 'planned' | 'run'>, received: number | null = null): MeasuredTrial {
  const { duration, warmup } = planned;
  const { engine, rows, startedAt, problems, untold, notes: told = [] } = run;
  const endedAt = rows.reduce((latest, row) => Math.max(latest, row.endedAt), duration);
  const window = { startAt: 0, duration, warmup, endedAt, startedAt: new Date(startedAt ?? 0).toISOString() };
  const loaded = { observations: observationsOf(rows), schedule: scheduleOf(run), retried: 0, usage: null };
  const { schedule, ...trial } = measureTarget({ head: headOf(planned), window, load: loaded, received });
  const notes = [`The load came from ${engine}: how busy it was is not known, and what server, services and consumers saw is not in the books.`, ...told, ...trial.validity.notes];
  return withProblems(problems, { ...trial, ...(schedule && !untold && { schedule }), validity: { ...trial.validity, notes } });
}

/** The trial of requests that the server could not tell apart: their numbers are held against each other, and nothing else. */
function countedTrial(folder: string, { lost, endedAt }: KeptServing, collected: Collected): MeasuredTrial {
  const received = readReceived(folder) ?? readRole<{ received?: number }>(folder, 'server')?.report.received ?? null;
  const cut = endedAt === null ? ['What served did not come to its end in order: what it counted may be short.'] : [];
  return withProblems([...lost, ...cut], trialOf(collected, received));
}

/** How the engine kept the schedule: from the intended start of each measured request to its sending. */
function scheduleOf({ rows, unsent = 0 }: EngineRun): Schedule {
  const lateness = rows.filter(({ index }) => index >= 0).map(({ intendedAt, sentAt }) => sentAt - intendedAt);
  const { p99, max } = summarise(lateness);
  return { late: lateness.filter((time) => time > LATE_MS).length, unsent, lateness: { p99: p99 ?? 0, max: max ?? 0 } };
}

function judged(manifest: RunRecord, trial: MeasuredTrial): RunRecord {
  const thresholds = parseThresholds(manifest.scenario.thresholds, { subjects: subjectNames(manifest.scenario) });
  const { checks, verdict } = judge(thresholds, [trial], manifest.plan.trials);
  return { ...manifest, startedAt: trial.window.startedAt, trials: [trial], checks, verdict, advice: findings([trial], manifest.scenario) };
}
