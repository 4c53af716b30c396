/** `collect`: what another generator saw of an exported load becomes a record, judged and reported as any other. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, UserError } from '../base/errors.js';
import { MANIFEST_FILE, ROWS_FILE } from '../engines/engine-load.js';
import { ENGINES, ENGINE_NAMES, type EngineName, type RowReader } from '../engines/engines.js';
import { observationsOf, type EngineRun } from '../engines/rows.js';
import { planTrials } from '../experiment/plan.js';
import { LATE_MS, type Schedule } from '../load/load.js';
import type { MeasuredTrial, PlannedTrial, RunRecord, TrialHead } from '../measurement/record.js';
import { measureTarget } from '../measurement/target.js';
import { summarise } from '../measurement/times.js';
import { openOutputs } from '../report/writer.js';
import { endRun } from '../roles/end-run.js';
import { readServing, type KeptServing } from '../roles/kept.js';
import { keptTrial } from '../roles/kept-trial.js';
import { TOKEN_VARIABLE } from '../roles/protocol.js';
import { predict, predictedInput, withPrediction } from '../simulation/prediction.js';
import { judge } from '../verdict/judge.js';
import { parseThresholds } from '../verdict/thresholds.js';
import { subjectNames } from '../scenarios/subject.js';
import { findings } from '../advice/findings.js';
import { exitCodeOf } from './exit-codes.js';
import type { Io } from './io.js';
import type { Parts } from './parts.js';
import { printReport } from './print.js';
import { readRecord } from './report.js';
import { findSubjects } from './scenario.js';
import { startSimulating } from './simulating.js';

/**
 * Reads a folder that `export` made and an engine wrote its rows into.
 * @returns the exit code of the verdict
 * @throws UserError when files are missing or damaged
 */
export async function collect(folder: string, options: { output?: string[]; color: boolean; quiet?: boolean; end?: string }, io: Io, parts: Parts = {}): Promise<number> {
  if (!existsSync(path.resolve(io.cwd(), folder, MANIFEST_FILE))) throw new UserError(`${folder} is no folder that \`export\` wrote: there is no ${MANIFEST_FILE} in it.`);
  const manifest = readRecord(path.join(folder, MANIFEST_FILE), io);
  const engine = ENGINE_NAMES.find((name) => name === manifest.generator?.engine);
  const [planned] = manifest.plan.trials;
  if (!engine || !planned) throw new UserError(`${path.join(folder, MANIFEST_FILE)} is not from \`export\`: name the folder that it wrote.`);
  const outputs = openOutputs(options.output ?? [], io);
  if (options.end !== undefined) await endRun(options.end, io.env[TOKEN_VARIABLE]);
  const run = await readRun(engine, folder, io);
  const serving = readServing(path.resolve(io.cwd(), folder));
  const { bus, hop } = serving ?? {};
  const plan = { ...manifest.plan, ...(bus && { bus }), ...(hop && { hop }) };
  const whole = { ...manifest, plan, generator: { engine, workers: run.workers.expected } };
  const trial = serving ? await servedTrial(folder, serving, { manifest: whole, planned, run }, io, parts) : trialOf(planned, run);
  const record = judged(whole, trial);
  outputs.write(record);
  if (!options.quiet && !outputs.ownStdout) printReport(record, options, io);
  return exitCodeOf(record);
}

/** Each machine may have written a file of its own: `rows-1.jsonl`. */
const ROWS = /^rows.*\.jsonl$/;

async function readRun(engine: EngineName, folder: string, io: Io): Promise<EngineRun> {
  const names = readdirSync(path.resolve(io.cwd(), folder)).filter((name) => ROWS.test(name)).toSorted();
  if (names.length === 0) throw new UserError(`${path.join(folder, ROWS_FILE)} is missing: ${ENGINES[engine].title} writes it while it runs. Copy it from where it ran.`);
  const reader: RowReader = ENGINES[engine].reader();
  for (const name of names) await readRows(path.join(folder, name), reader, io);
  return reader.finish();
}

async function readRows(file: string, reader: RowReader, io: Io): Promise<void> {
  const input = createReadStream(path.resolve(io.cwd(), file));
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) reader.take(line, file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} cannot be read: ${messageOf(error)}.`);
  }
}

/** What an export says, and what came of it. */
interface Exported {
  manifest: RunRecord;
  planned: PlannedTrial;
  run: EngineRun;
}

/** The trial with what served it, and with what the model says of it. @throws UserError where something else was served */
async function servedTrial(folder: string, serving: KeptServing, { manifest, planned, run }: Exported, io: Io, parts: Parts): Promise<MeasuredTrial> {
  refuseOther(serving, manifest, planned, folder);
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

function trialOf(planned: PlannedTrial, run: EngineRun): MeasuredTrial {
  const { duration, warmup } = planned;
  const { engine, rows, startedAt, problems } = run;
  const endedAt = rows.reduce((latest, row) => Math.max(latest, row.endedAt), duration);
  const window = { startAt: 0, duration, warmup, endedAt, startedAt: new Date(startedAt ?? 0).toISOString() };
  const loaded = { observations: observationsOf(rows), schedule: scheduleOf(run), retried: 0, usage: null };
  const trial = measureTarget({ head: headOf(planned), window, load: loaded, received: null });
  const notes = [`The load came from ${engine}: how busy it was is not known, and what server, services and consumers saw is not in the books.`, ...trial.validity.notes];
  return withProblems(problems, { ...trial, validity: { ...trial.validity, notes } });
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
