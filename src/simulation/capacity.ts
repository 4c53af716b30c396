/** The most users, or requests per second, that an architecture carries: a search that asks as little as it can. */
import { growthOf, type Growth } from '../measurement/backlog-growth.js';
import type { MeasuredTrial } from '../measurement/record.js';

/** What a trial must stay within to count as carried. */
export interface CapacityLimits {
  /** 95th percentile of the response time, ms. */
  p95: number;
  /** Share of requests that fail. */
  failureRate: number;
  /** Growth of the event backlog, as a share of the events that arrive. */
  backlogGrowth: number;
}

/**
 * The first limit that a trial passes; null when it stays within all of them.
 * @param isForetold the model has said that it passes one: a backlog that seems to grow then does, also where the trial alone could not be sure of it
 */
export function passedLimit(trial: MeasuredTrial, limits: CapacityLimits, isForetold = false): keyof CapacityLimits | null {
  if (trial.failureRate > limits.failureRate) return 'failureRate';
  // Without an answer nothing is known to be carried.
  if (trial.responseTime.p95 === null || trial.responseTime.p95 > limits.p95) return 'p95';
  return (isForetold ? apparentGrowth(trial) : sureGrowth(trial)) > limits.backlogGrowth ? 'backlogGrowth' : null;
}

/** Growth of the fastest of the backlogs that surely grow, as a share of what arrives at its consumer. */
export function sureGrowth(trial: MeasuredTrial): number {
  return fastest(growthsOf(trial).filter(({ isSure }) => isSure));
}

/** Growth of the backlog with the steepest slope, which may be noise. */
export function apparentGrowth(trial: MeasuredTrial): number {
  return fastest(growthsOf(trial));
}

/** How the backlog of each consumer grows. */
function growthsOf({ events, window }: MeasuredTrial): (Growth & { name: string })[] {
  return Object.entries(events?.consumers ?? {}).map(([name, flow]) => ({ name, ...growthOf(flow, window.seconds) }));
}

/** Those that surely grow; all of them where none does. */
function growing(trial: MeasuredTrial): (Growth & { name: string })[] {
  const all = growthsOf(trial);
  const sure = all.filter(({ isSure }) => isSure);
  return sure.length > 0 ? sure : all;
}

function fastest(growths: readonly Growth[]): number {
  return Math.max(0, ...growths.map(({ share }) => share));
}

/** Where to search. */
export interface SearchRange {
  /** Where to begin, and where to end at the latest. */
  from: number;
  most: number;
  /** Width at which the answer is narrow enough, as a share of it. */
  precision: number;
  /** Where the model says that the answer lies: the search begins there. Null: nobody knows. */
  expected?: Bracket | null;
  /** Levels of which it is to be known whether they are carried, however narrow the answer is. */
  decide?: readonly number[];
}

/** The highest level carried so far, and the lowest that is not; Infinity: none is known. */
export interface Bracket {
  carried: number;
  tooMuch: number;
}

/**
 * The levels to try, one after another: doubled until one is not carried, or, where the model says where the answer lies, both sides of
 * that and from there in steps that double; then halved in between. Supposes that what carries a level carries every lower
 * one. Is told of each whether it was carried, and tells where the answer lies.
 */
export function* levelsToTry({ from, most, precision, decide = [], expected = null }: SearchRange): Generator<number, Bracket, boolean> {
  const bracket: Bracket = { carried: 0, tooMuch: Infinity };
  const steps = expected && expected.carried > 0 ? outwards(bracket, expected, most) : upwards(bracket, from, most);
  for (let next = steps.next(); !next.done; next = steps.next()) bracket[(yield next.value) ? 'carried' : 'tooMuch'] = next.value;
  while (bracket.tooMuch < Infinity && bracket.tooMuch - bracket.carried > Math.max(1, bracket.carried * precision)) {
    const middle = Math.floor((bracket.carried + bracket.tooMuch) / 2);
    bracket[(yield middle) ? 'carried' : 'tooMuch'] = middle;
  }
  for (const level of decide) {
    if (level > bracket.carried && level < bracket.tooMuch && level <= most) bracket[(yield level) ? 'carried' : 'tooMuch'] = level;
  }
  return bracket;
}

/** Levels that double, until one is not carried. */
function* upwards(bracket: Bracket, from: number, most: number): Generator<number, void> {
  for (let level = Math.min(from, most); bracket.tooMuch === Infinity && bracket.carried < most; level = Math.min(most, level * 2)) yield level;
}

/** Both sides of where the answer is said to lie; where it does not, on from there in steps that double. */
function* outwards(bracket: Bracket, expected: Bracket, most: number): Generator<number, void> {
  const low = Math.min(expected.carried, most);
  const width = Math.max(1, Math.min(expected.tooMuch, most) - low);
  yield low;
  for (let step = width; bracket.carried > 0 && bracket.tooMuch === Infinity && bracket.carried < most; step *= 2) yield Math.min(most, bracket.carried + step);
  for (let step = width; bracket.carried === 0 && bracket.tooMuch > 1; step *= 2) yield Math.max(1, Math.floor(bracket.tooMuch - step));
}

/** The busiest service; of a backlog, that of the consumer which surely grows, and fastest, or seems to where none surely does. */
export function bottleneckOf({ trial, passed }: { trial: MeasuredTrial; passed: string | null }): string | null {
  const busiest =
    passed === 'backlogGrowth'
      ? growing(trial).map(({ name, share }) => ({ name, weight: share }))
      : Object.entries(trial.steps)
          .filter(([, { utilisation }]) => utilisation !== null)
          .map(([name, { utilisation }]) => ({ name, weight: utilisation ?? 0 }));
  return busiest.toSorted((a, b) => b.weight - a.weight)[0]?.name ?? null;
}
