/** What can be said without a model of chance: it holds for every distribution. Times in one unit, rates per that unit. */
import type { Station } from './closed-network.js';

/** Where a closed network bends. */
export interface Asymptotes {
  /** Position of the station that saturates first; -1 when none can. */
  bottleneck: number;
  /** Rounds per unit of time at most. */
  maxThroughput: number;
  /** Time of one round without waiting. */
  minResponse: number;
  /** N*: users above which they must queue for the bottleneck. */
  knee: number;
}

/**
 * Bottleneck, limits and knee: X(N) <= min(N / (D + Z), 1 / Dmax), N* = (D + Z) / Dmax, with the demand of a station
 * divided by its servers in Dmax.
 * Source: Denning and Buzen, Computing Surveys 10 (1978); Jain, The Art of Computer Systems Performance Analysis (1991), ch. 33.
 */
export function asymptotes(stations: readonly Station[], think = 0): Asymptotes {
  const shares = stations.map(({ service, visits, servers }) => (service * visits) / servers);
  const largest = Math.max(0, ...shares);
  const minResponse = stations.reduce((sum, { service, visits }) => sum + service * visits, 0);
  return {
    bottleneck: largest > 0 ? shares.indexOf(largest) : -1,
    maxThroughput: 1 / largest,
    minResponse,
    knee: (minResponse + think) / largest,
  };
}

/** Upper bound of the throughput of `users`, rounds per unit of time. */
export function throughputBound(network: Asymptotes, users: number, think = 0): number {
  return Math.min(users / (network.minResponse + think), network.maxThroughput);
}

/** Lower bound of the time of one round with `users`. */
export function responseBound(network: Asymptotes, users: number, think = 0): number {
  return Math.max(network.minResponse, users / network.maxThroughput - think);
}

/**
 * Mean number present (Little's law, L = lambda W), whatever the distributions and the order of service.
 * Source: J. D. C. Little, Operations Research 9 (1961).
 */
export function littlesLaw(rate: number, time: number): number {
  return rate * time;
}

/**
 * Workers that it takes to keep up: the least whole number not below rate times time of service. At exactly that
 * number they are always busy.
 */
export function workersNeeded(rate: number, service: number): number {
  // Rates come from division: 166.66666666666669 x 0.3 is 50 workers, not 51.
  return Math.ceil(littlesLaw(rate, service) * (1 - 1e-12));
}
