/** A running bench in one line. */
import type { TrialHead } from '../measurement/record.js';
import { formatCount, formatLoad, formatRate, formatTime, oneLine } from './format.js';
import type { Screen } from './screen.js';

/** Where a run is. Times in ms. */
export interface ProgressState {
  trial: Pick<TrialHead, 'architecture' | 'load'>;
  /** Position of the trial, from 1, and how many there are. */
  position: number;
  trials: number;
  /** `warming up`, `measuring`, ... */
  phase: string;
  /** Since the run began, and what is left of the estimate. */
  elapsed: number;
  left: number;
  /** Good answers per second and failures in the window so far; null before it. */
  replies: number | null;
  failed: number | null;
  /** 95th percentile of the response times of the last second or so. */
  p95: number | null;
  /** Events waiting; null without events. */
  backlog: number | null;
}

const BAR = 12;

/** The live line of a terminal, narrower than it: the bar goes first, then the numbers from the right. */
export function progressLine(state: ProgressState, screen: Screen): string {
  const head = `${state.position}/${state.trials} ${subjectOf(state)}`;
  const rest = [state.phase, ...numbersOf(state)];
  const left = `${formatClock(state.left)} left`;
  const shorter = rest.map((_, i) => [head, ...rest.slice(0, rest.length - i), left]);
  const lines = [[barOf(state, screen), head, ...rest, left], ...shorter, [head, left], [head]];
  const fitting = lines.map((parts) => parts.join('  ')).find((line) => line.length < screen.columns) ?? '';
  return screen.unicode ? fitting : fitting.replace(/[^\x20-\x7e]/gu, '?');
}

function barOf({ elapsed, left }: ProgressState, screen: Screen): string {
  return bar(elapsed / Math.max(1, elapsed + left), screen);
}

function bar(share: number, { unicode }: Screen): string {
  const filled = Math.floor(share * BAR);
  const [full, empty] = unicode ? ['█', '░'] : ['#', '-'];
  return full.repeat(filled) + empty.repeat(BAR - filled);
}

/** The same for a log: a line of its own, now and then. */
export function progressMessage(state: ProgressState): string {
  const head = `trial ${state.position} of ${state.trials}: ${subjectOf(state)}, ${state.phase}`;
  return [head, ...numbersOf(state), `${formatClock(state.elapsed)} elapsed`, `${formatClock(state.left)} left`].join(
    ', ',
  );
}

function subjectOf({ trial }: ProgressState): string {
  return `${oneLine(trial.architecture)} at ${formatLoad(trial.load)}`;
}

function numbersOf({ replies, failed, p95, backlog }: ProgressState): string[] {
  return [
    ...(replies === null ? [] : [`${formatRate(replies)} ok/s`]),
    ...(p95 === null ? [] : [`p95 ${formatTime(p95)}`]),
    ...(failed === null ? [] : [`${formatCount(failed)} failed`]),
    ...(backlog === null ? [] : [`backlog ${formatCount(backlog)}`]),
  ];
}

/** Where simulations are: trials done, of those that are known to be needed so far. */
export interface SimulationState {
  done: number;
  asked: number;
  /** Since they began, ms. */
  elapsed: number;
}

/** The live line of a terminal, narrower than it. */
export function simulationLine(state: SimulationState, screen: Screen): string {
  const { done, asked, elapsed } = state;
  const parts = [bar(done / Math.max(1, asked), screen), `${done}/${asked} trials simulated`, formatClock(elapsed)];
  const fitting = [parts, parts.slice(1), parts.slice(1, 2)].map((some) => some.join('  '));
  return fitting.find((line) => line.length < screen.columns) ?? '';
}

/** The same for a log. */
export function simulationMessage({ done, asked, elapsed }: SimulationState): string {
  return `${done} of ${asked} trials simulated, ${formatClock(elapsed)} elapsed`;
}

/** `0:07`, `1:05`, `1:02:03`. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const pad = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}
