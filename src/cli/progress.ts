/** Drives the progress line of a run: live on a terminal, a line now and then elsewhere, always on stderr. */
import { estimateOf, type Plan } from '../experiment/plan.js';
import type { RunListener } from '../experiment/run.js';
import type { SimulationProgress } from '../experiment/simulations.js';
import { progressLine, progressMessage, simulationLine, simulationMessage, type ProgressState } from '../report/progress.js';
import { screenOf, type Screen } from '../report/screen.js';
import { timeOf, type Io } from './io.js';

/** A progress line that can be ended. */
export interface ProgressLine<State> {
  update: (state: State) => void;
  /** Clears the line; may be called again. */
  end: () => void;
}

/** How often a log is told, ms. */
const MESSAGE_EVERY = 10_000;

const CLEAR_LINE = '\r\u001b[2K';

/** What is asked of the process to show it. */
export type Where = Pick<Io, 'stderr' | 'env' | 'time'>;

/** What is written of a state, and when a log is told for the first time, ms. */
interface Words<State> {
  line: (state: State, screen: Screen) => string;
  message: (state: State) => string;
  from: number;
}

/** Shows how a run goes, unless it was asked not to. */
export function showProgress(options: ProgressOptions, io: Where): ProgressLine<ProgressState> {
  return progressOf(options, io, { line: progressLine, message: progressMessage, from: 0 });
}

/** Shows how simulations go; a log is told nothing of those that take less than a moment. */
export function showSimulations(options: ProgressOptions, io: Where): ProgressLine<SimulationProgress> {
  const { now } = timeOf(io);
  const startedAt = now();
  const shown = progressOf(options, io, { line: simulationLine, message: simulationMessage, from: MESSAGE_EVERY });
  return { ...shown, update: (progress) => shown.update({ ...progress, elapsed: now() - startedAt }) };
}

/** Whether progress is shown. */
export interface ProgressOptions {
  progress: boolean;
  quiet?: boolean;
}

/** Whether it was not asked to be silent. */
export function isWanted({ progress, quiet }: ProgressOptions): boolean {
  return progress && !quiet;
}

function progressOf<State>(options: ProgressOptions, io: Where, { line, message, from }: Words<State>): ProgressLine<State> {
  if (!isWanted(options)) return { update: () => {}, end: () => {} };
  const screen = screenOf(io.stderr, io.env);
  if (screen.tty) {
    return {
      update: (state) => io.stderr.write(CLEAR_LINE + line(state, screen)),
      end: () => io.stderr.write(CLEAR_LINE),
    };
  }
  const { now } = timeOf(io);
  let nextAt = now() + from;
  return {
    update: (state) => {
      if (now() < nextAt) return;
      nextAt = now() + MESSAGE_EVERY;
      io.stderr.write(`${message(state)}\n`);
    },
    end: () => {},
  };
}

/** What is left of a run: what the trials to come were expected to take, at the pace of those that are over. Times in ms. */
export class Remaining {
  /** What all before each trial were expected to take together, and after the last one all. */
  private readonly before = [0];
  private position = 0;
  private firstAt: number | undefined;
  private beganAt = 0;

  constructor({ trials }: Plan) {
    for (const trial of trials) this.before.push(this.before.at(-1)! + estimateOf(trial));
  }

  /** A trial begins, `elapsed` after the run did. */
  began(position: number, elapsed: number): void {
    this.firstAt ??= elapsed;
    this.position = position;
    this.beganAt = elapsed;
  }

  at(elapsed: number): number {
    const [from = 0, until = from] = this.before.slice(this.position);
    const spent = this.firstAt === undefined ? 0 : elapsed - this.beganAt;
    const pace = this.pace(from);
    return Math.max(0, (until - from) * pace - spent) + (this.before.at(-1)! - until) * pace;
  }

  /** The expectation counts as much as one trial: the first that is over says little of the others. @param planned of those that are over */
  private pace(planned: number): number {
    const one = this.before.at(-1)! / Math.max(1, this.before.length - 1);
    const taken = this.beganAt - (this.firstAt ?? 0);
    return one > 0 ? (taken + one) / (planned + one) : 1;
  }
}

/** Where a run is, `elapsed` ms after it began; before the window there is nothing to count. */
export function progressState(
  plan: Plan,
  { elapsed, left }: Pick<ProgressState, 'elapsed' | 'left'>,
  ...[position, trial, { phase, load, measured, backlog }]: Parameters<RunListener['progress']>
): ProgressState {
  const counting = load !== null && measured > 0;
  return {
    trial,
    position: position + 1,
    trials: plan.trials.length,
    phase,
    elapsed,
    left,
    replies: counting ? (load.ok / measured) * 1000 : null,
    failed: counting ? load.failed : null,
    p95: load?.p95 ?? null,
    backlog,
  };
}
