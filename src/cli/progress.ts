/** Drives the progress line of a run: live on a terminal, a line now and then elsewhere, always on stderr. */
import type { Plan } from '../experiment/plan.js';
import type { RunListener } from '../experiment/run.js';
import { progressLine, progressMessage, type ProgressState } from '../report/progress.js';
import { screenOf } from '../report/screen.js';
import { timeOf, type Io } from './io.js';

/** A progress line that can be ended. */
export interface ProgressLine {
  update: (state: ProgressState) => void;
  /** Clears the line; may be called again. */
  end: () => void;
}

/** How often a log is told, ms. */
const MESSAGE_EVERY = 10_000;

const CLEAR_LINE = '\r\u001b[2K';

/** Shows how a run goes, unless it was asked not to. */
export function showProgress(options: { progress: boolean; quiet?: boolean }, io: Pick<Io, 'stderr' | 'env' | 'time'>): ProgressLine {
  if (!options.progress || options.quiet) return { update: () => {}, end: () => {} };
  const screen = screenOf(io.stderr, io.env);
  if (screen.tty) {
    return {
      update: (state) => io.stderr.write(CLEAR_LINE + progressLine(state, screen)),
      end: () => io.stderr.write(CLEAR_LINE),
    };
  }
  const { now } = timeOf(io);
  let saidAt = -Infinity;
  return {
    update: (state) => {
      if (now() - saidAt < MESSAGE_EVERY) return;
      saidAt = now();
      io.stderr.write(`${progressMessage(state)}\n`);
    },
    end: () => {},
  };
}

/** Where a run is, `elapsed` ms after it began; before the window there is nothing to count. */
export function progressState(
  plan: Plan,
  elapsed: number,
  ...[position, trial, { phase, load, measured, backlog }]: Parameters<RunListener['progress']>
): ProgressState {
  const counting = load !== null && measured > 0;
  return {
    trial,
    position: position + 1,
    trials: plan.trials.length,
    phase,
    elapsed,
    left: Math.max(0, plan.estimatedSeconds * 1000 - elapsed),
    replies: counting ? (load.ok / measured) * 1000 : null,
    failed: counting ? load.failed : null,
    p95: load?.p95 ?? null,
    backlog,
  };
}
