/** `collect`: what another generator saw of an exported load becomes a record, judged and reported as any other. */
import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf, UserError } from '../base/errors.js';
import { MANIFEST_FILE, ROWS_FILE } from '../engines/engine-load.js';
import { ENGINES, ENGINE_NAMES, type EngineName, type RowReader } from '../engines/engines.js';
import { observationsOf, type EngineRow, type EngineRun } from '../engines/rows.js';
import { LATE_MS, type Schedule } from '../load/load.js';
import type { MeasuredTrial, PlannedTrial, RunRecord } from '../measurement/record.js';
import { measureTarget } from '../measurement/target.js';
import { summarise } from '../measurement/times.js';
import { openOutputs } from '../report/writer.js';
import { judge } from '../verdict/judge.js';
import { parseThresholds } from '../verdict/thresholds.js';
import { subjectNames } from '../scenarios/subject.js';
import { findings } from '../advice/findings.js';
import { exitCodeOf } from './exit-codes.js';
import type { Io } from './io.js';
import { printReport } from './print.js';
import { readRecord } from './report.js';

/**
 * Reads a folder that `export` made and an engine wrote its rows into.
 * @returns the exit code of the verdict
 * @throws UserError when files are missing or damaged
 */
export async function collect(folder: string, options: { output?: string[]; color: boolean; quiet?: boolean }, io: Io): Promise<number> {
  const manifest = readRecord(path.join(folder, MANIFEST_FILE), io);
  const engine = ENGINE_NAMES.find((name) => name === manifest.generator?.engine);
  const [planned] = manifest.plan.trials;
  if (!engine || !planned) throw new UserError(`${path.join(folder, MANIFEST_FILE)} is not from \`export\`: name the folder that it wrote.`);
  const outputs = openOutputs(options.output ?? [], io);
  const run = await readRun(engine, folder, io);
  const record = judged({ ...manifest, generator: { engine, workers: run.workers.expected } }, trialOf(planned, run));
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

function trialOf(planned: PlannedTrial, { engine, rows, startedAt, unsent = 0, problems }: EngineRun): MeasuredTrial {
  const { architecture, base, round, load, duration, warmup } = planned;
  const endedAt = rows.reduce((latest, row) => Math.max(latest, row.endedAt), duration);
  const window = { startAt: 0, duration, warmup, endedAt, startedAt: new Date(startedAt ?? 0).toISOString() };
  const loaded = { observations: observationsOf(rows), schedule: { ...scheduleOf(rows), unsent }, retried: 0, usage: null };
  const trial = measureTarget({ head: { architecture, base, round, load }, window, load: loaded, received: null });
  const all = [...problems, ...trial.validity.problems];
  const notes = [`The load came from ${engine}: how busy it was is not known, and what server, services and consumers saw is not in the books.`, ...trial.validity.notes];
  return { ...trial, validity: { valid: all.length === 0, problems: all, notes } };
}

/** How the engine kept the schedule: from the intended start of each measured request to its sending. */
function scheduleOf(rows: readonly EngineRow[]): Schedule {
  const lateness = rows.filter(({ index }) => index >= 0).map(({ intendedAt, sentAt }) => sentAt - intendedAt);
  const { p99, max } = summarise(lateness);
  return { late: lateness.filter((time) => time > LATE_MS).length, unsent: 0, lateness: { p99: p99 ?? 0, max: max ?? 0 } };
}

function judged(manifest: RunRecord, trial: MeasuredTrial): RunRecord {
  const thresholds = parseThresholds(manifest.scenario.thresholds, { subjects: subjectNames(manifest.scenario) });
  const { checks, verdict } = judge(thresholds, [trial], manifest.plan.trials);
  return { ...manifest, startedAt: trial.window.startedAt, trials: [trial], checks, verdict, advice: findings([trial], manifest.scenario) };
}
