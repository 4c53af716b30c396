/** `bench`: what would be measured, and with `--dry-run` nothing more. What measures and reports is loaded when there is something to measure. */
import { UserError } from '../base/errors.js';
import { busSettings } from '../events/settings.js';
import { withEarlyEnd } from '../experiment/plan.js';
import type { Against, RunHead } from '../experiment/record.js';
import { builtInEntry } from '../scenarios/library/library.js';
import { saidOfLoad } from '../scenarios/said.js';
import { refuseDelays } from './delays.js';
import { EXIT } from './exit-codes.js';
import type { Io } from './io.js';
import { refuseProcesses } from './one-process.js';
import type { Parts } from './parts.js';
import { prepare, type BenchOptions } from './prepare.js';
import { printPlan } from './print-plan.js';
import { withRealServices } from './real-services.js';
import { textOf } from './scenario.js';
import { canGoOn } from './virtual-load.js';

/** Options that say how long a window is, or ask for a comparison with one that was as long as planned. */
const SAY_HOW_LONG = ['duration', 'until', 'quick', 'baseline'] as const;

/**
 * Runs a bench.
 * @param name of the scenario; undefined is the default, or none at all where servers of one's own are named
 * @returns the exit code
 * @throws UserError for any mistake, before anything is started
 */
export async function bench(name: string | undefined, said: BenchOptions, io: Io, parts: Parts): Promise<number> {
  const options = await withSameOrders(name, await withRealServices(name, said, io), io, parts);
  const head = withoutWaiting(name, prepare(name, options, io), options, io);
  refuseProcesses(head.plan.trials.map(({ subject }) => subject));
  refuseDelays(head.plan.trials.map(({ subject }) => subject), busSettings(options));
  const baseline = await readBaseline(head, options.baseline, io);
  if (options.dryRun) {
    // What the run would refuse is told without it, too.
    if (options.output) await openRunOutputs(options.output, io);
    if (!options.quiet) printPlan(head.plan, io);
    return EXIT.passed;
  }
  const { measure } = await import('./measure.js');
  return measure(head, baseline, options, io, parts);
}

/** Found writable, before anything is run. */
async function openRunOutputs(specs: readonly string[], io: Io): Promise<void> {
  const [{ openOutputsOf }, { RUN_FORMATS }] = await Promise.all([import('../report/writer.js'), import('../report/formats.js')]);
  openOutputsOf(specs, io, RUN_FORMATS);
}

/** With `--same-orders`, the options that measure them; otherwise as they are. */
async function withSameOrders(name: string | undefined, options: BenchOptions, io: Io, parts: Parts): Promise<BenchOptions> {
  if (!options.sameOrders) return options;
  const head = prepare(name, { ...options, quiet: true }, io);
  const [{ asSameOrders }, { startSimulating }] = await Promise.all([import('./afterwards.js'), import('./simulating.js')]);
  const { simulate, end } = startSimulating({ progress: false }, io, parts);
  try {
    return await asSameOrders(options, head, simulate, (text) => void (options.quiet || io.stderr.write(`${text}\n`)));
  } finally {
    await end();
  }
}

/** @throws UserError before anything is run, when the baseline answers another question */
async function readBaseline(head: RunHead, file: string | undefined, io: Io): Promise<Against> {
  if (file === undefined) return {};
  // A run without one has no need of the schema of records, which takes a while to load.
  const [{ readRecord }, { baselineRefusals }] = await Promise.all([import('./report.js'), import('../experiment/record.js')]);
  const baseline = readRecord(file, io);
  const reasons = baselineRefusals(head, baseline);
  if (reasons.length > 0) throw new UserError(`--baseline ${file} cannot be compared with this run:\n${reasons.join('\n')}`);
  return { baseline };
}

/**
 * The run with windows that end early, where they may: a fixed window is one that an option or a file of one's own says. With
 * limits every window is as long as planned, because their verdict rests on counts; and where something happens at a moment.
 * @param name of the scenario; undefined is the default, or none at all
 */
function withoutWaiting(name: string | undefined, head: RunHead, options: BenchOptions, io: Pick<Io, 'cwd' | 'given'>): RunHead {
  const isAsked = SAY_HOW_LONG.some((option) => options[option] !== undefined) || isSaidIn(name, io);
  const { scenario } = head;
  const isFaulty = [scenario, ...scenario.variants].some(({ faults }) => faults.length > 0);
  return isAsked || isFaulty || head.thresholds.length > 0 || !canGoOn(scenario, options) ? head : { ...head, plan: withEarlyEnd(head.plan) };
}

/** Whether a file of the user's own says it. */
function isSaidIn(name: string | undefined, io: Pick<Io, 'cwd' | 'given'>): boolean {
  if (name === undefined || builtInEntry(name)) return false;
  const said = saidOfLoad(textOf(name, io), name);
  return ['duration', 'until'].some((key) => said.has(key));
}
