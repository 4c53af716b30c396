/** The part of `bench` that measures: runs the trials of a plan, follows them, judges and reports. */
import { UserError } from '../base/errors.js';
import { checkBus } from '../events/check.js';
import { busSettings } from '../events/settings.js';
import { descriptorLimit, descriptorWarning } from '../experiment/descriptors.js';
import { measureMachine } from '../experiment/machine.js';
import { withSpans } from '../experiment/plan.js';
import { makeRecord, type Against, type RunHead } from '../experiment/record.js';
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
import { curvesBetween, sameOrdersOf } from './afterwards.js';
import { LivePage, openBrowser } from './live-page.js';
import { timeOf, type Io } from './io.js';
import type { Parts } from './parts.js';
import type { BenchOptions } from './prepare.js';
import { progressState, Remaining } from './progress.js';
import { showRun } from './run-progress.js';
import { abortOnSignal } from './signals.js';
import { askConsent } from './targets.js';
import { tell } from './print.js';

/** How often a page is told where the run is, ms; of another phase at once. */
const SAY_EVERY = 500;

/**
 * Measures what was planned.
 * @param baseline what it is compared with; empty where nothing was named
 * @returns the exit code
 */
export async function measure(head: RunHead, baseline: Against, options: BenchOptions, io: Io, parts: Parts): Promise<number> {
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
  const remaining = new Remaining(head.plan);
  let machine: MachineTimes | null = null;
  const recordOf = (trials: readonly Trial[], against?: Against): RunRecord => makeRecord({ ...head, machine }, trials, against);
  try {
    const running: RunParts = parts.runTrial
      ? { runTrial: parts.runTrial, simulate: simulations.simulate }
      : { runTrial, simulate: simulations.simulate, calibrate: (rested) => measureMachine(rested, runTrial, signal) };
    const trials = await runPlan(plan, running, signal, {
      calibrated: (measured) => void (machine = measured),
      foreseen: progress.foreseen,
      began: (position) => {
        remaining.began(position, now() - startedAt);
        progress.began(position);
      },
      progress: (...told) => {
        const elapsed = now() - startedAt;
        const state = progressState(head.plan, { elapsed, left: remaining.at(elapsed) }, ...told);
        progress.update(state);
        live.say(state);
      },
      finished: (soFar) => {
        progress.finished(soFar);
        outputs.writeFiles(recordOf(soFar));
        live.show(soFar);
      },
    });
    const sameOrders = await sameOrdersOf({ ...head, machine }, trials, simulations.simulate, signal);
    const curves = await curvesBetween({ ...head, machine }, simulations.simulate, signal);
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
