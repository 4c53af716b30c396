/** `bench`: measure, judge, report. */
import { UserError } from '../base/errors.js';
import { checkBus } from '../events/check.js';
import { busSettings } from '../events/settings.js';
import { descriptorLimit, descriptorWarning } from '../experiment/descriptors.js';
import { measureMachine } from '../experiment/machine.js';
import { withSpans, withEarlyEnd } from '../experiment/plan.js';
import { baselineRefusals, makeRecord, type Against, type RunHead } from '../experiment/record.js';
import { runPlan, type RunParts } from '../experiment/run.js';
import { simulationThreads } from '../experiment/simulations.js';
import { runTrial } from '../experiment/trial.js';
import type { MachineTimes, RunRecord, Trial } from '../measurement/record.js';
import { RUN_FORMATS } from '../report/formats.js';
import { htmlReport, liveReport } from '../report/html/page.js';
import { openOtlpEndpoint } from '../report/otlp-endpoint.js';
import { otlpReportLines } from '../report/otlp.js';
import { progressMessage, type ProgressState } from '../report/progress.js';
import { openOutputsOf } from '../report/writer.js';
import { builtInEntry } from '../scenarios/library/library.js';
import { saidOfLoad } from '../scenarios/said.js';
import { asSameOrders, curvesBetween, sameOrdersOf } from './afterwards.js';
import { openBrowser } from './browser.js';
import { refuseDelays } from './delays.js';
import { EXIT } from './exit-codes.js';
import { timeOf, type Io } from './io.js';
import { LivePage } from './live-page.js';
import { refuseProcesses } from './one-process.js';
import type { Parts } from './parts.js';
import { prepare, tell, type BenchOptions } from './prepare.js';
import { printPlan } from './print.js';
import { progressState } from './progress.js';
import { withRealServices } from './real-services.js';
import { showRun } from './run-progress.js';
import { textOf } from './scenario.js';
import { abortOnSignal } from './signals.js';
import { startSimulating } from './simulating.js';
import { askConsent } from './targets.js';
import { canGoOn } from './virtual-load.js';

/** Options that say how long a window is, or ask for a comparison with one that was as long as planned. */
const SAY_HOW_LONG = ['duration', 'until', 'quick', 'baseline'] as const;
/** How often a page is told where the run is, ms; of another phase at once. */
const SAY_EVERY = 500;

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
    openOutputsOf(options.output ?? [], io, RUN_FORMATS);
    if (!options.quiet) printPlan(head.plan, io);
    return EXIT.passed;
  }
  await checkBus(busSettings(options));
  // Only real connections take descriptors.
  const warning = parts.runTrial ? null : descriptorWarning(head.plan.trials, descriptorLimit());
  if (warning && !options.quiet) io.stderr.write(`warning: ${warning}\n`);
  await askConsent(head.plan.trials.map((trial) => ({ ...trial, duration: trial.warmup + trial.duration })), options, io);
  const outputs = openOutputsOf(options.output ?? [], io, RUN_FORMATS);
  const endpoint = options.otlp === undefined ? null : await openOtlpEndpoint(options.otlp, io.env['OTEL_EXPORTER_OTLP_HEADERS']);
  const plan = endpoint || outputs.formats.has('otlp') ? withSpans(head.plan) : head.plan;
  const { signal, release } = abortOnSignal(io);
  const progress = showRun(head.plan, options, io);
  const live = await followRun(head, options, io);
  // Nobody is told of its progress: nothing ticks here while a window is measured.
  const simulations = (parts.simulations ?? simulationThreads)(signal);
  const { now } = timeOf(io);
  const startedAt = now();
  let machine: MachineTimes | null = null;
  const recordOf = (trials: readonly Trial[], against?: Against): RunRecord => makeRecord({ ...head, machine }, trials, against);
  try {
    const running: RunParts = parts.runTrial
      ? { runTrial: parts.runTrial, simulate: simulations.simulate }
      : { runTrial, simulate: simulations.simulate, calibrate: (rested) => measureMachine(rested, runTrial, signal) };
    const trials = await runPlan(plan, running, signal, {
      calibrated: (measured) => void (machine = measured),
      foreseen: progress.foreseen,
      began: progress.began,
      progress: (...told) => {
        const state = progressState(head.plan, now() - startedAt, ...told);
        progress.update(state);
        live.say(state);
      },
      finished: (soFar) => {
        progress.finished(soFar);
        outputs.writeFiles(recordOf(soFar));
        live.show(soFar);
      },
    });
    const sameOrders = await sameOrdersOf(head, trials, simulations.simulate, signal);
    const curves = await curvesBetween(head, simulations.simulate, signal);
    progress.end();
    const record = recordOf(trials, { ...baseline, sameOrders, curves });
    await live.end(record);
    const missing = (await endpoint?.send(otlpReportLines(record))) ?? null;
    const code = tell(record, options, outputs, io);
    if (missing !== null) throw new UserError(missing);
    return code;
  } finally {
    progress.end();
    await Promise.all([live.end(), simulations.end()]);
    release();
  }
}

/** With `--same-orders`, the options that measure them; otherwise as they are. */
async function withSameOrders(name: string | undefined, options: BenchOptions, io: Io, parts: Parts): Promise<BenchOptions> {
  if (!options.sameOrders) return options;
  const head = prepare(name, { ...options, quiet: true }, io);
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
  const { readRecord } = await import('./report.js');
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

/** What a run tells its page; all of it does nothing where none was asked for. */
interface LiveRun {
  /** Where the run is. */
  say(state: ProgressState): void;
  /** After a trial, with all so far. Pages are made between trials: nothing that is measured waits for them. */
  show(trials: readonly Trial[]): void;
  /** The report of the run, when there is one; then the page is no longer served. */
  end(record?: RunRecord): Promise<void>;
}

/** Serves the page of a run, prints where, and opens it where there is a browser. */
async function followRun(head: RunHead, options: { open?: boolean }, io: Io): Promise<LiveRun> {
  if (!options.open) return { say: () => {}, show: () => {}, end: () => Promise.resolve() };
  const page = await LivePage.open(liveReport(makeRecord(head, [])));
  io.stderr.write(`live page: ${page.url}\n`);
  openBrowser(page.url, io.env);
  const { now } = timeOf(io);
  let saidAt = -Infinity;
  let said = '';
  return {
    say: (state) => {
      const phase = `${state.position} ${state.phase}`;
      if (phase === said && now() - saidAt < SAY_EVERY) return;
      said = phase;
      saidAt = now();
      page.say(progressMessage(state), state.elapsed / Math.max(1, state.elapsed + state.left));
    },
    show: (trials) => page.show(liveReport(makeRecord(head, trials))),
    end: async (record) => {
      if (record) page.show(htmlReport(record));
      await page.close();
    },
  };
}
