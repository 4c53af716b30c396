/** How much a consumer takes from its broker at once. Pure: the simulation asks, too. */

/** Prefetch: enough to keep the workers busy over a round trip to the broker. */
const LEAST = 32;
const MOST = 4096;

/** Deliveries that a consumer has in hand at most, waiting or in progress. */
export function prefetchOf(workers: number): number {
  return Math.min(MOST, Math.max(LEAST, 2 * workers));
}
