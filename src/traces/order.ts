/** The order of steps, out of which of two begins first. */
import type { Request } from './steps.js';

/**
 * Keys in an order in which each stands before those that it mostly begins before, in requests that have both: a median over
 * other requests tells nothing of two steps. @param keys in the order that goes where no request has both
 */
export function stepOrder(keys: readonly string[], requests: readonly Request[]): string[] {
  const begins = new Map(keys.map((key) => [key, requests.map(({ steps }) => steps.get(key)?.busy[0]?.[0])]));
  const order: string[] = [];
  for (const key of keys) {
    const at = order.findIndex((other) => leadOf(begins.get(key)!, begins.get(other)!) > 0);
    order.splice(at < 0 ? order.length : at, 0, key);
  }
  return order;
}

/** Requests in which one step begins before the other, less those in which it is the other way round. */
function leadOf(one: readonly (number | undefined)[], other: readonly (number | undefined)[]): number {
  let lead = 0;
  for (const [request, a] of one.entries()) {
    const b = other[request];
    if (a !== undefined && b !== undefined) lead += Math.sign(b - a);
  }
  return lead;
}
