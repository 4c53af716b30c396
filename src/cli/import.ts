/** `import`: traces in, a scenario and its rows out. */
import path from 'node:path';
import { UserError } from '../base/errors.js';
import { planTrials } from '../experiment/plan.js';
import { explainText, importText, operationsText, selfCheckText } from '../report/import.js';
import { decodeSamples } from '../measurement/samples.js';
import { csvRows } from '../scenarios/csv/latencies.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Simulate } from '../simulation/simulate.js';
import { subjectOf } from '../scenarios/subject.js';
import { parseScenario } from '../scenarios/parse.js';
import { readTraces, type TraceFile } from '../traces/read.js';
import { rowsCsv, scenarioYaml, type Said } from '../traces/scenario-file.js';
import { requestsForAll, selfCheckOf, type SelfCheck } from '../traces/self-check.js';
import { understand, type Question, type Understanding } from '../traces/understand.js';
import { EXIT } from './exit-codes.js';
import { readBytes, writeNew } from './files.js';
import type { Io } from './io.js';
import type { Parts } from './parts.js';
import { mustBeScenarioFile } from './scenario.js';
import { startSimulating } from './simulating.js';

/** Options of `import`, as commander gives them. */
export interface ImportOptions extends Question {
  output: string;
  critical?: string[];
  workers?: ReadonlyMap<string, number>;
  force?: boolean;
  explain?: boolean;
}

/**
 * Reads traces, writes the scenario and its rows, and tells what was understood and how well it is met.
 * @returns the exit code
 * @throws UserError for files that cannot be read, or traces that do not tell
 */
export async function importTraces(names: readonly string[], options: ImportOptions, io: Io, parts: Parts): Promise<number> {
  mustBeScenarioFile(options.output);
  const files: TraceFile[] = [];
  for (const name of names) files.push({ name: name === '-' ? 'standard input' : name, bytes: await bytesOf(name, io) });
  const seen = understand(readTraces(files), options);
  if (Array.isArray(seen)) {
    io.stderr.write(`error: The traces are of several operations: name one with --operation.\n${operationsText(seen)}`);
    return EXIT.couldNotRun;
  }
  if (seen.steps.length === 0) throw new UserError(`${seen.label} makes no calls that left spans: there are no steps to arrange.`);
  const rows = options.output.replace(/\.(ya?ml|json)$/i, '').concat('.csv');
  const said = saidOf(options, seen);
  const [yaml, csv] = [scenarioYaml(seen, path.basename(rows), said), rowsCsv(seen)];
  writeNew({ [options.output]: yaml, [rows]: csv }, { force: options.force === true }, io);
  io.stdout.write(importText(seen));
  if (options.explain) io.stdout.write(explainText(seen));
  io.stdout.write(selfCheckText(await checked(seen, yaml, csv, options.output, io, parts)));
  io.stdout.write(`${options.output} and ${rows} are written. Next: sync-vs-events advise ${options.output}\n`);
  return EXIT.passed;
}

/** @throws UserError for steps that were not seen */
function saidOf({ critical, workers = new Map<string, number>() }: ImportOptions, { steps }: Understanding): Said {
  const known = steps.map(({ name }) => name);
  const unknown = [...(critical ?? []), ...workers.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UserError(`No step is named ${JSON.stringify(unknown)}. Seen: ${known.join(', ')}.`);
  return { workers, ...(critical ? { critical } : {}) };
}

async function bytesOf(name: string, io: Io): Promise<Uint8Array> {
  if (name === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin ?? []) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  return readBytes(path.resolve(io.cwd(), name), name);
}

/** The self-check, simulated in threads. */
async function checked(seen: Understanding, yaml: string, csv: string, file: string, io: Io, parts: Parts): Promise<SelfCheck> {
  const simulating = startSimulating({ progress: false }, io, parts);
  try {
    return await selfCheck(parseScenario(yaml, { file, readFile: () => csv }), seen.total.mean, csv, simulating.simulate);
  } finally {
    await simulating.end();
  }
}

/** So many requests at least tell p95 of what is drawn. */
const DRAWN = 10_000;

/**
 * An imported scenario as traced against the traces: one user in virtual time so that nothing waits, for as long as it takes to meet the rows.
 * @param mean of the traced requests, ms
 * @param csv the rows
 */
export async function selfCheck({ load, ...scenario }: Scenario, mean: number, csv: string, simulate: Simulate): Promise<SelfCheck> {
  const totals = csvRows(csv, { column: 'total' }).values;
  const duration = Math.max(1000, Math.ceil(mean * Math.max(DRAWN, requestsForAll(totals.length))));
  const alone = { ...scenario, load: { ...load, users: [1], rates: [], stages: [], duration, warmup: 0 } };
  const plan = planTrials(alone, [subjectOf(alone, 'parallel')!], 1).trials[0]!;
  const trial = await simulate(plan);
  return selfCheckOf(totals, decodeSamples(trial.samples).time, plan.seed);
}
