/** The order of steps, out of which of two begins first. */
import { firstOf, type Interval } from './intervals.js';
import type { Overlaps, Request } from './steps.js';

/**
 * Keys in an order in which each stands before those that it mostly begins before, in requests that have both: a median over
 * other requests tells nothing of two steps. @param keys in the order that goes where no request tells
 */
export function stepOrder(keys: readonly string[], requests: readonly Request[]): string[] {
  const busy = new Map(keys.map((key) => [key, requests.map(({ steps }) => steps.get(key)?.busy)]));
  const order: string[] = [];
  for (const key of keys) {
    const at = order.findIndex((other) => leadOf(busy.get(key)!, busy.get(other)!) > 0);
    order.splice(at < 0 ? order.length : at, 0, key);
  }
  return order;
}

type Busy = readonly Interval[] | undefined;

/** Requests in which one step comes before the other, less those in which it is the other way round. */
function leadOf(one: readonly Busy[], other: readonly Busy[]): number {
  let lead = 0;
  for (const [request, a] of one.entries()) {
    const b = other[request];
    if (a && b) lead += Math.sign(firstOf(a, b));
  }
  return lead;
}

/** What steps wait for. */
export interface Precedence {
  /** For each step the positions of those that were over before it began. */
  before: number[][];
  /** Positions of two steps of whose order no request tells, and which follows from nothing else. */
  apart: [number, number][];
}

/**
 * Which steps were over before which began. Of two that no request tells of only that is known which others tell: one before a third, and that
 * before the other.
 * @param keys of the steps in their order
 * @param inTurn whether two that overlap in such a share of the requests are one after another; null: none tells
 */
export function precedenceOf(keys: readonly string[], overlaps: Overlaps, inTurn: (share: number | null) => boolean): Precedence {
  const before: number[][] = [];
  const apart: [number, number][] = [];
  for (const [at, key] of keys.entries()) {
    const over: number[] = [];
    for (let earlier = at - 1; earlier >= 0; earlier--) {
      const share = overlaps(keys[earlier]!, key);
      if (inTurn(share) || (share === null && over.some((between) => before[between]!.includes(earlier)))) over.unshift(earlier);
      else if (share === null) apart.push([earlier, at]);
    }
    before.push(over);
  }
  return { before, apart };
}
