/** Traced requests beside the same requests simulated: each row is held against itself, so that no chance of draws stands between. */
import { rowTaken } from '../scenarios/draw.js';
import { quantile } from './steps.js';

/** Quantiles of response times, ms. */
export interface Quantiles {
  p50: number;
  p95: number;
}

/** What the scenario makes of the traced requests. */
export interface SelfCheck {
  /** Those compared: the traced requests whose rows a simulated one took. */
  count: number;
  traced: Quantiles;
  simulated: Quantiles;
  /** p95 of the simulated requests as they were drawn, some rows more often than others, ms. */
  drawn: number;
}

/**
 * Traced and simulated quantiles of the same requests, by one formula. Of few requests, p95 depends on how often the slowest is drawn, and on the
 * formula, more than on the scenario.
 * @param totals of the rows, ms
 * @param times of the simulated requests from the first on, one at a time, ms
 */
export function selfCheckOf(totals: readonly number[], times: ArrayLike<number>, seed: number): SelfCheck {
  const row = rowTaken(seed, totals.length);
  const met = new Map<number, number>();
  for (let request = 0; request < times.length; request++) met.set(row(request), times[request]!);
  return {
    count: met.size,
    traced: quantilesOf([...met.keys()].map((at) => totals[at]!)),
    simulated: quantilesOf([...met.values()]),
    drawn: quantilesOf(Array.from(times)).p95,
  };
}

/** Requests after which each of so many rows has been drawn, but for one in twenty cases (coupon collector's problem). */
export function requestsForAll(rows: number): number {
  return Math.ceil(rows * (Math.log(rows) + 3));
}

function quantilesOf(times: readonly number[]): Quantiles {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}
