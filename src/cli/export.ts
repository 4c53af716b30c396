/** `export`: the load of a scenario as a script for another generator, which may run on many machines. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors.js';
import { reveal, type Text } from '../base/secret.js';
import { maskUrls } from '../base/urls.js';
import { type EngineLoad, type ExportedFiles, MANIFEST_FILE } from '../engines/engine-load.js';
import { ENGINES, type EngineName } from '../engines/engines.js';
import { planTrials, type TrialPlan } from '../experiment/plan.js';
import { makeRecord } from '../experiment/record.js';
import { isTarget, subjectNames } from '../scenarios/subject.js';
import { parseUrl } from '../scenarios/target.js';
import type { Scenario } from '../scenarios/scenario.js';
import { parseThresholds } from '../verdict/thresholds.js';
import { EXIT } from './exit-codes.js';
import { writeNew } from './files.js';
import type { Io } from './io.js';
import { runHeadOf } from './run-head.js';
import { findMeasurables, findScenario, withLoad, type LoadOptions } from './scenario.js';

/** Options of `export`, as commander gives them. */
export interface ExportOptions extends LoadOptions {
  architectures: string[];
  /** Where an architecture serves, as `serve` prints it. */
  target?: string;
  output: string;
  force?: boolean;
  seed: number;
}

/** Writes the files. @throws UserError for what cannot be exported, or written */
export async function exportLoad(engine: EngineName, scenarioName: string, options: ExportOptions, io: Io): Promise<number> {
  const scenario = withLoad(findScenario(scenarioName, io), options);
  const trial = onlyTrial(scenario, options);
  if (trial.retries) throw new UserError(`Clients of ${scenario.name} send a request again that has failed (load.retries), and the script of ${engine} cannot: take that out of its load, or measure with bench.`);
  const load = loadOf(scenario, trial, options);
  writeFiles({ ...(await ENGINES[engine].files(load)), [MANIFEST_FILE]: manifestOf(engine, scenario, trial, io) }, options, io);
  return EXIT.passed;
}

/** A record that nothing has been measured for yet: `collect` puts the trial into it. */
export function manifestOf(engine: EngineName, scenario: Scenario, trial: TrialPlan, io: Io): string {
  const thresholds = parseThresholds(scenario.thresholds, { subjects: subjectNames(scenario) });
  const head = runHeadOf({ scenario, plan: { trials: [trial], estimatedSeconds: 0 }, thresholds, seed: trial.seed }, io);
  return `${JSON.stringify({ ...makeRecord(head, []), generator: { engine, workers: 0 } }, null, 2)}\n`;
}

/** @throws UserError when the options say several trials, or none */
export function onlyTrial(scenario: Scenario, { architectures, seed }: ExportOptions): TrialPlan {
  const subjects = findMeasurables(scenario, architectures);
  const { trials } = planTrials({ ...scenario, load: { ...scenario.load, rounds: 1 } }, subjects, seed);
  const [trial] = trials;
  if (trials.length === 1 && trial) return trial;
  const what = subjects.length > 1 ? `${subjects.length} subjects` : `${trials.length} loads`;
  throw new UserError(`One export is one subject under one load, and these are ${what}: give ${subjects.length > 1 ? '-a one of them' : '-c, -R or --stages one load'}.`);
}

export function loadOf(scenario: Scenario, trial: TrialPlan, options: Pick<ExportOptions, 'target'>): EngineLoad {
  const { load, entry, think, timeout, warmup, duration, seed, subject } = trial;
  const shape = load.model === 'closed' ? load : { arrivals: 'even' as const, ...load };
  return { ...requestOf(trial, options), subject: subject.name, scenario: scenario.name, shape, entry, think, timeout, warmup, duration, seed };
}

function requestOf({ subject }: TrialPlan, { target }: Pick<ExportOptions, 'target'>): Pick<EngineLoad, 'url' | 'method' | 'headers' | 'body' | 'expect'> {
  if (!isTarget(subject)) {
    if (target === undefined) throw new UserError(`${subject.name} serves where \`serve ${subject.name}\` says: give its address by --target.`);
    const url = parseUrl(target);
    // Whatever else it says would be left out, or written into files as it stands.
    if (url?.href.replace(/\/(orders)?$/, '') !== url?.origin || !url) {
      throw new UserError(`--target ${maskUrls(target)}: expected the address that \`serve\` prints, http://host:port, and no more.`);
    }
    return { url: new URL('/orders', url).href, method: 'POST', headers: {}, body: '', expect: { status: [], body: null } };
  }
  if (target !== undefined) throw new UserError(`--target is where an architecture serves, and ${subject.name} has an address in the scenario: leave it out.`);
  const { url, method, headers, body, expect } = subject;
  const open = (text: Text, what: string): string => {
    if (typeof text === 'string') return text;
    throw new UserError(`${what} of ${subject.name} is a secret, and an export is a file: take it out, and put it into the script where it runs.`);
  };
  return {
    url: isOpen(url) ? reveal(url) : open(url, 'The address'),
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, open(value, `The header ${name}`)])),
    body: open(body, 'The body'),
    expect: { ...expect, body: expect.body === null ? null : open(expect.body, 'The expected body') },
  };
}

/** An address is kept as a secret as a whole; one that shows all it holds has none in it. */
function isOpen(url: Text): boolean {
  return String(url) === reveal(url);
}

/** Writes files into the folder of an export, and says so. @throws UserError when they are there, or cannot be written */
export function writeFiles(files: ExportedFiles, { output, force = false }: Pick<ExportOptions, 'output' | 'force'>, io: Io): void {
  const there = Object.keys(files).filter((name) => existsSync(path.resolve(io.cwd(), output, name)));
  if (there.length > 0 && !force) throw new UserError(`${output} has ${there.join(', ')} already: name another folder, or write over it with --force.`);
  writeNew(Object.fromEntries(Object.entries(files).map(([name, text]) => [path.join(output, name), text])), { force }, io);
  io.stdout.write(`${output}: ${Object.keys(files).join(', ')}\n${output}/README.md says how it is run.\n`);
}
