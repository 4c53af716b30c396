/**
 * Shows how a run goes, on stderr: a terminal has its table in place, each row predicted and then measured, with the bar
 * below; a log has the predictions, a line for each trial that is over, and one now and then.
 */
import { headOf, type Plan } from '../experiment/plan.js';
import type { RunListener } from '../experiment/run.js';
import { liveTable, trialMessage, type LiveTrial } from '../report/live-table.js';
import { progressLine, type ProgressState } from '../report/progress.js';
import { screenOf } from '../report/screen.js';
import { isWanted, showProgress, type ProgressOptions, type Where } from './progress.js';
import { Pinned } from './pinned.js';

/** What is shown of a run. */
export interface RunProgress extends Pick<RunListener, 'foreseen' | 'began'> {
  update(state: ProgressState): void;
  /** A trial is over. */
  finished(trials: Parameters<RunListener['finished']>[0]): void;
  /** Clears what is in place; may be called again. */
  end(): void;
}

/** Shows it, unless it was asked not to. */
export function showRun({ trials }: Plan, options: ProgressOptions, io: Where): RunProgress {
  const live: LiveTrial[] = trials.map((plan) => ({ head: headOf(plan), predicted: null, trial: null, isRunning: false }));
  if (!isWanted(options)) return { foreseen: () => {}, began: () => {}, update: () => {}, finished: () => {}, end: () => {} };
  const shown = screenOf(io.stderr, io.env).tty ? inPlace(live, io) : inLines(live, options, io);
  return {
    ...shown,
    foreseen: (position, trial) => {
      Object.assign(live[position] ?? {}, { predicted: trial });
      shown.foreseen(position, trial);
    },
    began: (position) => {
      for (const [i, trial] of live.entries()) trial.isRunning = i === position;
      shown.began(position);
    },
    finished: (all) => {
      Object.assign(live[all.length - 1] ?? {}, { trial: all.at(-1), isRunning: false });
      shown.finished(all);
    },
  };
}

/** Lines of a table at most: where a screen is not so high, those about the trial that runs. */
function inPlace(live: readonly LiveTrial[], { stderr, env }: Where): RunProgress {
  const pinned = new Pinned(stderr);
  const draw = (): void => {
    const { lines, running } = liveTable(live, screenOf(stderr, env));
    pinned.show(around(lines, running, (stderr.rows ?? Infinity) - 2));
  };
  return {
    foreseen: draw,
    began: draw,
    update: (state) => pinned.say(progressLine(state, screenOf(stderr, env))),
    finished: draw,
    end: () => pinned.clear(),
  };
}

/** Head and rule, and as many of the other lines as there is room for, with the one that matters among them. */
function around([head = '', rule = '', ...rows]: readonly string[], running: number, room: number): string[] {
  const most = Math.max(1, room - 2);
  const from = Math.max(0, Math.min(rows.length - most, running - 2 - Math.floor(most / 2)));
  return [head, rule, ...rows.slice(from, from + most)];
}

function inLines(live: readonly LiveTrial[], options: ProgressOptions, io: Where): RunProgress {
  const now = showProgress(options, io);
  return {
    foreseen: () => {},
    began: (position) => {
      if (position === 0 && live.some(({ predicted }) => predicted)) {
        const waiting = live.map((trial) => ({ ...trial, isRunning: false }));
        io.stderr.write(`predicted:\n${liveTable(waiting, screenOf(io.stderr, io.env)).lines.join('\n')}\n`);
      }
    },
    update: now.update,
    finished: ({ length }) => io.stderr.write(`${trialMessage(length - 1, live)}\n`),
    end: now.end,
  };
}
