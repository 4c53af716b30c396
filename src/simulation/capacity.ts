/** The most users, or requests per second, that an architecture carries: a search that asks as little as it can. */
import { growthOf, type Growth } from '../measurement/growth.js';
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

/** The first limit that a trial passes; null when it stays within all of them. */
export function passedLimit(trial: MeasuredTrial, limits: CapacityLimits): keyof CapacityLimits | null {
  if (trial.failureRate > limits.failureRate) return 'failureRate';
  // Without an answer nothing is known to be carried.
  if (trial.responseTime.p95 === null || trial.responseTime.p95 > limits.p95) return 'p95';
  return sureGrowth(trial) > limits.backlogGrowth ? 'backlogGrowth' : null;
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
  /** Levels of which it is to be known whether they are carried, however narrow the answer is. */
  decide?: readonly number[];
}

/** The highest level carried so far, and the lowest that is not; Infinity: none is known. */
export interface Bracket {
  carried: number;
  tooMuch: number;
}

/**
 * The levels to try, one after another: doubled until one is not carried, then halved in between. Supposes that what
 * carries a level carries every lower one. Is told of each whether it was carried, and tells where the answer lies.
 */
export function* levelsToTry({ from, most, precision, decide = [] }: SearchRange): Generator<number, Bracket, boolean> {
  const bracket: Bracket = { carried: 0, tooMuch: Infinity };
  for (let level = Math.min(from, most); bracket.tooMuch === Infinity && bracket.carried < most; ) {
    bracket[(yield level) ? 'carried' : 'tooMuch'] = level;
    level = Math.min(most, level * 2);
  }
  while (bracket.tooMuch < Infinity && bracket.tooMuch - bracket.carried > Math.max(1, bracket.carried * precision)) {
    const middle = Math.floor((bracket.carried + bracket.tooMuch) / 2);
    bracket[(yield middle) ? 'carried' : 'tooMuch'] = middle;
  }
  for (const level of decide) {
    if (level > bracket.carried && level < bracket.tooMuch && level <= most) bracket[(yield level) ? 'carried' : 'tooMuch'] = level;
  }
  return bracket;
}

/** The busiest service; of a backlog, that of the consumer which surely grows, and fastest. */
export function bottleneckOf({ trial, passed }: { trial: MeasuredTrial; passed: string | null }): string | null {
  const busiest =
    passed === 'backlogGrowth'
      ? growthsOf(trial).map(({ name, share, isSure }) => ({ name, weight: isSure ? share : 0 }))
      : Object.entries(trial.steps)
          .filter(([, { utilisation }]) => utilisation !== null)
          .map(([name, { utilisation }]) => ({ name, weight: utilisation ?? 0 }));
  return busiest.toSorted((a, b) => b.weight - a.weight)[0]?.name ?? null;
}
