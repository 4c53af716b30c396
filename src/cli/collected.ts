/** What `collect` is given, and what is in it: an export with the rows of its engine, or JTL files with nothing beside them. */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf, UserError } from '../base/errors.js';
import { MANIFEST_FILE, ROWS_FILE } from '../engines/engine-load.js';
import { ENGINES, ENGINE_NAMES, type EngineName } from '../engines/engines.js';
import { isJtl } from '../engines/jtl-columns.js';
import { JtlRows, type JtlLoad } from '../engines/jtl.js';
import type { EngineRun } from '../engines/rows.js';
import { planTrials } from '../experiment/plan.js';
import { makeRecord } from '../experiment/record.js';
import { loadSize } from '../measurement/loads.js';
import type { PlannedTrial, RunRecord } from '../measurement/record.js';
import { readTarget } from '../scenarios/read-target.js';
import type { Io } from './io.js';
import { readRecord } from './report.js';
import { runHeadOf } from './run-head.js';
import { bareScenario } from './targets.js';

/** What was loaded, where nobody gave it a name: the same for every JTL, so that two of them can be compared. */
const NAME = 'target';
/** Where a JTL has no address (RFC 2606). */
const NOT_TOLD = 'http://not-told.invalid/';
/** Share of the rate of an export that JMeter has to send. */
const KEPT = 0.95;

/** A load that was made: what was to be done, and what the engine saw of it. */
export interface Collected {
  manifest: RunRecord;
  planned: PlannedTrial;
  run: EngineRun;
  /** Whether the server was told the index of each request, so that what it saw can be put beside it. */
  isIndexed: boolean;
}

/** What is there to be read. */
export interface Source {
  /** As it was named. */
  shown: string;
  /** What was exported; null for JTL files alone. */
  exported: { manifest: RunRecord; engine: EngineName; planned: PlannedTrial } | null;
}

/** @throws UserError for what is neither an export nor a JTL */
export function findSource(shown: string, io: Io): Source {
  const place = path.resolve(io.cwd(), shown);
  if (existsSync(place) && statSync(place).isFile()) return { shown, exported: null };
  if (existsSync(path.join(place, MANIFEST_FILE))) return { shown, exported: readManifest(shown, io) };
  if (existsSync(place) && jtlNames(place).length > 0) return { shown, exported: null };
  throw new UserError(`${shown} is no folder that \`export\` wrote: there is no ${MANIFEST_FILE} in it, and no JTL of JMeter either.`);
}

function readManifest(folder: string, io: Io): NonNullable<Source['exported']> {
  const manifest = readRecord(path.join(folder, MANIFEST_FILE), io);
  const engine = ENGINE_NAMES.find((name) => name === manifest.generator?.engine);
  const [planned] = manifest.plan.trials;
  if (!engine || !planned) throw new UserError(`${path.join(folder, MANIFEST_FILE)} is not from \`export\`: name the folder that it wrote.`);
  return { manifest, engine, planned };
}

/** @throws UserError for rows that are missing or damaged */
export async function readSource(source: Source, io: Io): Promise<Collected> {
  const { shown, exported } = source;
  const place = path.resolve(io.cwd(), shown);
  if (!exported) return readAlone(shown, statSync(place).isFile() ? [shown] : jtlNames(place).map((name) => path.join(shown, name)), io);
  const { manifest, engine, planned } = exported;
  const { title, rows, reader } = ENGINES[engine];
  const names = readdirSync(place).filter((name) => rows.test(name)).toSorted();
  const jtl = jtlNames(place);
  if (names.length > 0 && jtl.length > 0) throw new UserError(`${shown} has rows of ${title} (${names[0]}) and a JTL (${jtl[0]}): one folder is one run, so move one of them away.`);
  if (jtl.length > 0) {
    const load = await readJtl(jtl.map((name) => path.join(shown, name)), planned.warmup, io);
    return { ...withJtl(manifest, planned, load), isIndexed: false };
  }
  if (names.length === 0) throw new UserError(`${path.join(shown, ROWS_FILE)} is missing: ${title} writes it while it runs. Copy it from where it ran.`);
  const into = await reader();
  for (const name of names) await readLines(path.join(shown, name), (line, file) => into.take(line, file), io);
  const run = into.finish();
  return { manifest: { ...manifest, generator: { engine, workers: run.workers.expected } }, planned, run, isIndexed: true };
}

async function readAlone(shown: string, files: readonly string[], io: Io): Promise<Collected> {
  const [only = ''] = files;
  const first = await firstLine(only, io);
  if (!isJtl(first)) throw new UserError(`${only} is no JTL in CSV: rows of other engines are read in the folder that \`export\` wrote, so name that.`);
  if (existsSync(path.resolve(io.cwd(), shown, 'serve.json'))) {
    throw new UserError(`${shown} has what \`serve --keep\` left and a JTL, and only an export says which load it was: \`export k6 -a NAME --target URL -o ${shown}\` with the load that JMeter makes, then collect it.`);
  }
  const load = await readJtl(files, 0, io);
  return { ...withJtl(...jtlManifest(load, io), load), isIndexed: false };
}

async function readJtl(files: readonly string[], warmup: number, io: Io): Promise<ReturnType<JtlRows['finish']>> {
  const rows = new JtlRows();
  for (const file of files) await readLines(file, (line) => rows.take(line, file), io);
  return rows.finish(warmup);
}

/** JTL files are those that are called so, whatever is in them: Azure Load Testing calls its own .csv. */
function jtlNames(folder: string): string[] {
  return readdirSync(folder).filter((name) => /\.jtl$/i.test(name) || /^engine\d+_results\.csv$/i.test(name)).toSorted();
}

async function firstLine(file: string, io: Io): Promise<string> {
  const first: string[] = [];
  await readLines(file, (line) => void first.push(line), io, 200);
  return first[0] ?? '';
}

/** @param end bytes at most */
async function readLines(file: string, take: (line: string, file: string) => void, io: Io, end = Infinity): Promise<void> {
  const input = createReadStream(path.resolve(io.cwd(), file), { end });
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) take(line, file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} cannot be read: ${messageOf(error)}.`);
  }
}

/** A record of one target under as many users as there were threads, with nothing measured yet. */
function jtlManifest({ users, duration, url, run }: JtlLoad, io: Io): [RunRecord, PlannedTrial] {
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
function withJtl(manifest: RunRecord, planned: PlannedTrial, { run, duration, groups, users, url }: JtlLoad): Omit<Collected, 'isIndexed'> {
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
