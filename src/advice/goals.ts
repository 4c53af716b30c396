/** What is asked of the chain, and whether an alternative gives it. Times in ms, shares as ratios. */
import type { Times } from '../measurement/record.js';
import type { Outlook } from './outlook.js';

/** What an alternative must meet at every load. */
export interface Goals {
  /** Longest 95th percentile of the response time. */
  p95: number;
  /** Share of the requests that may fail, at once or later. */
  failures: number;
  /** Time within which 95 of 100 are complete, and within which a peak is worked off after it. */
  within: number;
}

export type Goal = keyof Goals;

/**
 * Goals where nobody says others: a response time that does not break a user's flow of thought (Nielsen, Usability
 * Engineering, 1993, ch. 5), failures that nobody would rebuild anything for, and a minute for what nobody waits for.
 */
export const DEFAULT_GOALS: Goals = { p95: 1000, failures: 0.01, within: 60_000 };

/** Share of the requests whose work has to be complete: of more than the rest none may be left undone. */
const DONE = 0.95;

/** Goals that are not met, by what was seen at one load; none when all are. */
export function missedGoals(outlook: Outlook, goals: Goals): Goal[] {
  const { p95, failureRate, failedLater } = outlook;
  const missed: [Goal, boolean][] = [
    ['p95', p95 === null || p95 > goals.p95],
    ['failures', failureRate + failedLater > goals.failures],
    ['within', !isInTime(outlook, goals)],
  ];
  return missed.filter(([, isMissed]) => isMissed).map(([goal]) => goal);
}

/** Utilisation from which on the wait for a worker is long now and then, and its p95 takes long to be known. */
const BUSY = 0.7;

/**
 * Whether more orders might show another answer: close to a goal, or within them with a queue that is busy. Where nothing waits for long, p95 of
 * 1,000 orders is surely between their p90 and p99: a goal that is not is decided.
 */
export function isOnEdge({ p95, failureRate, failedLater, utilisation }: Outlook, { p90, p99 }: Pick<Times, 'p90' | 'p99'>, goals: Goals): boolean {
  if (p95 === null) return false;
  const isBusy = utilisation > BUSY;
  const isNear = (value: number, goal: number, low: number, high: number): boolean => value > low * goal && value < high * goal;
  const isOpen = isNear(p95, goals.p95, 0.75, 1.25) && (isBusy || ((p90 ?? 0) <= goals.p95 && (p99 ?? Infinity) >= goals.p95));
  return isOpen || isNear(failureRate + failedLater, goals.failures, 0.5, 2) || (isBusy && p95 < goals.p95);
}

/** The work is done in time, no backlog grows for as long as the load lasts, and one of a peak is worked off after it. */
export function isInTime({ undone, completionP95, unfinished, growing, isPeak, drainSeconds }: Outlook, { within }: Pick<Goals, 'within'>): boolean {
  if (undone > 1 - DONE) return false;
  if (completionP95 === null) return true;
  const isDrained = !isPeak || (drainSeconds !== null && drainSeconds * 1000 <= within);
  return !unfinished && completionP95 <= within && growing.length === 0 && isDrained;
}
