/** The commands that measure and predict. Each is the command of the same name, with its record in place of what it prints. */
import type { AdviceDocument } from '../advice/document.js';
import { UserError } from '../base/errors.js';
import { adviseOn, type AdviseOptions as AdviseCommand } from '../cli/advise.js';
import { bench as benchCommand } from '../cli/bench.js';
import { capacity as capacityCommand, type CapacityOptions as CapacityCommand } from '../cli/capacity.js';
import type { Io } from '../cli/io.js';
import type { BenchOptions as BenchCommand } from '../cli/prepare.js';
import { hearSignals } from '../cli/signals.js';
import { simulate as simulateCommand } from '../cli/simulate.js';
import type { RunRecord } from '../measurement/record.js';
import type { ScenarioSource } from './scenario.js';

/** What all of them may be given beside their own options. */
export interface RunOptions {
  /** Ends what is under way; what was measured by then is in the record, whose other trials are `aborted`. */
  signal?: AbortSignal;
  /** Hears what the command line tells on stderr: warnings, and how far it is. */
  onProgress?: (text: string) => void;
}

/** Options that are about a terminal or about files. */
type OfCommandLine = 'output' | 'github' | 'dryRun' | 'quiet' | 'open' | 'progress' | 'color' | 'compare' | 'otlp' | 'asked' | 'baseline';

/** Options of `bench` by their long names, times in milliseconds, shares as ratios; `threshold` is a list of expressions. */
export type BenchOptions = RunOptions & Partial<Omit<BenchCommand, OfCommandLine>>;
/** Options of `capacity`, likewise. */
export type CapacityOptions = RunOptions & Partial<Omit<CapacityCommand, OfCommandLine>>;
/** Options of `advise`, likewise. */
export type AdviseOptions = RunOptions & Partial<Omit<AdviseCommand, OfCommandLine>>;

/**
 * Measures a scenario: starts its processes, loads them, ends them.
 * @returns the record, as `-o json=` writes it
 * @throws UserError for any mistake, before anything is started
 */
export async function bench(scenario: ScenarioSource, options: BenchOptions = {}): Promise<RunRecord> {
  return await run(scenario, options, (name, io) => benchCommand(name, { ...ON_ITS_OWN, seed: 1, ...options }, io, {}));
}

/** Predicts the trials of a bench in virtual time. @returns the record @throws UserError for any mistake */
export async function simulate(scenario: ScenarioSource, options: BenchOptions = {}): Promise<RunRecord> {
  return await run(scenario, options, (name, io) => simulateCommand(name, { ...ON_ITS_OWN, seed: 1, ...options }, io, {}));
}

/** The most users, or requests a second, that each subject carries: in `capacity` of the record. @throws UserError for any mistake */
export async function capacity(scenario: ScenarioSource, options: CapacityOptions = {}): Promise<RunRecord> {
  const limits = { from: 10, p95: { times: 2 }, failures: 0.01, seed: 1 };
  return await run(scenario, options, (name, io) => capacityCommand(name, { ...ON_ITS_OWN, ...limits, ...options }, io, {}));
}

/** Which step to move, what it gains and what it needs. @throws UserError for any mistake, or when it was aborted */
export async function advise(scenario: ScenarioSource, options: AdviseOptions = {}): Promise<AdviceDocument> {
  return await run(scenario, options, (name, io) => adviseOn(name, { ...ON_ITS_OWN, ...options }, io, {}));
}

const ON_ITS_OWN = { progress: true, color: false, github: false, services: 'http' } as const;

/** What a scenario of a program is called where files are named. */
const GIVEN = 'scenario.js';

async function run<Found extends RunRecord | AdviceDocument>(
  scenario: ScenarioSource,
  { signal, onProgress }: RunOptions,
  command: (name: string, io: Io) => Promise<number>,
): Promise<Found> {
  const delivered: Found[] = [];
  const listening = new AbortController();
  const io: Io = {
    argv: [],
    env: process.env,
    stdout: { write: () => {} },
    stderr: { write: (text) => onProgress?.(text) },
    cwd: () => process.cwd(),
    on: (name, listener) => name === 'SIGINT' && signal?.addEventListener('abort', listener, { once: true, signal: listening.signal }),
    given: typeof scenario === 'string' ? new Map() : new Map([[GIVEN, JSON.stringify(scenario)]]),
    deliver: (found) => void delivered.push(found as Found),
  };
  hearSignals(io);
  signal?.throwIfAborted();
  try {
    await command(typeof scenario === 'string' ? scenario : GIVEN, io);
  } finally {
    listening.abort();
  }
  const [found] = delivered;
  if (!found) throw new UserError('It was aborted before anything was found.');
  return found;
}
