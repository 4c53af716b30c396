/** How many calls a step makes for one request: always as many, or drawn, the same in every architecture. Pure. */
import { latencyQuantile, type Draws } from './draw.js';
import { requestOf } from './request.js';
import { limitOf, type CallCount, type Limit } from './scenario.js';

/** Calls that a step or consumer makes, and how many of them at once. */
export interface Repeated {
  times?: CallCount;
  concurrency?: Limit;
}

/** Shares of requests that the mean of a drawn count is taken of. */
const SHARES = 1000;

/** The count below which a share `u` of the requests stay: with `p50` and `max` a lognormal one, one in a hundred of them cut at `max`. */
function countQuantile(times: CallCount, u: number): number {
  if (typeof times === 'number') return times;
  if ('values' in times) return times.values[Math.floor(u * times.values.length)] ?? 0;
  const { p50, max } = times;
  return Math.min(max, Math.max(1, Math.round(latencyQuantile({ kind: 'lognormal', p50, p99: max }, u))));
}

/** Calls for one request, by its own draw: in each attempt as many. */
export function callCount(draws: Draws, times: CallCount, request: number): number {
  return typeof times === 'number' ? times : countQuantile(times, draws(requestOf(request), 0, 'times'));
}

/** Most calls that there can be for one request. */
export function mostCalls(times: CallCount = 1): number {
  if (typeof times === 'number') return times;
  return 'values' in times ? Math.max(1, ...times.values) : times.max;
}

/** Mean calls for one request. */
export function meanCalls(times: CallCount = 1): number {
  return meanOf(times, (count) => count);
}

/** Mean of how many calls come one after another for one request. */
export function meanTurns({ times = 1, concurrency = 1 }: Repeated): number {
  return meanOf(times, (count) => Math.ceil(count / limitOf(concurrency)) || Math.min(1, count));
}

function meanOf(times: CallCount, of: (count: number) => number): number {
  if (typeof times === 'number') return of(times);
  const counts = Array.from({ length: SHARES }, (_, i) => of(countQuantile(times, (i + 0.5) / SHARES)));
  return counts.reduce((sum, count) => sum + count, 0) / SHARES;
}

/**
 * Number of a call among those of its step for a request: the first attempts of all of them, then the second ones.
 * A step that makes one call has its attempts numbered from 0.
 * @param attempt from 0
 * @param item which of the calls, from 0
 * @param most calls that there can be
 */
export function callNumber(attempt: number, item: number, most: number): number {
  return attempt * most + item;
}

/** Time in which calls that take so long are done, so many at once in their order, when nothing else waits for anything. */
export function spanOf(times: readonly number[], concurrency: number): number {
  if (concurrency === 1) return times.reduce((sum, time) => sum + time, 0);
  const free: number[] = [];
  for (const time of times) {
    const at = free.length < concurrency ? 0 : Math.min(...free);
    if (free.length < concurrency) free.push(time);
    else free[free.indexOf(at)] = at + time;
  }
  return Math.max(0, ...free);
}
