/**
 * Closed networks: a fixed number of users who go round the stations for ever, each waiting for its answer before it
 * asks again. Product form (exponential service with queues in order of arrival, or any service time where nobody
 * waits). Times in one unit, rates per that unit.
 */
import { logFactorial } from './log-factorial.js';

/** One station of the network. */
export interface Station {
  /** Mean time of one visit without waiting. */
  service: number;
  /** Visits per round. */
  visits: number;
  /** Calls served at once; Infinity never waits. */
  servers: number;
}

/** Steady state of a closed network. */
export interface ClosedNetworkState {
  /** Rounds per unit of time. */
  throughput: number;
  /** Mean time of one round, think time left out. */
  response: number;
  stations: {
    /** Mean number of users present. */
    present: number;
    /** Mean time of one visit, waiting included. */
    response: number;
    /** Visits per unit of time. */
    throughput: number;
    /** Share of the servers' time that is busy; 0 for one that never waits. */
    utilisation: number;
  }[];
}

/**
 * Exact steady state by convolution, on logarithms, so that hundreds of users and servers neither overflow nor cancel
 * (exact mean value analysis with many servers does). Work grows with stations^2 x users^2.
 * Source: J. P. Buzen, Communications of the ACM 16 (1973); with think time as a station that never waits.
 * @param users whole number, 1 or more
 * @param think mean pause of a user between rounds
 */
export function closedNetwork(stations: readonly Station[], users: number, think = 0): ClosedNetworkState {
  const factors = stations.map((station) => logFactors(station, users));
  const pause = logFactors({ service: think, visits: 1, servers: Infinity }, users);
  const whole = [...factors, pause].reduce(convolve);
  const throughput = Math.exp(at(whole, users - 1) - at(whole, users));
  return {
    throughput,
    response: users / throughput - think,
    stations: stations.map((station, i) => {
      const others = factors.toSpliced(i, 1).reduce(convolve, pause);
      const present = meanPresent(factors[i] ?? pause, others, at(whole, users));
      const passing = throughput * station.visits;
      const utilisation = (passing * station.service) / station.servers;
      return { present, response: present / passing, throughput: passing, utilisation };
    }),
  };
}

/** ln of (demand^n / product of the servers busy with 1..n present), for n = 0..users. */
function logFactors({ service, visits, servers }: Station, users: number): Float64Array {
  const logDemand = Math.log(service * visits);
  return Float64Array.from({ length: users + 1 }, (_, n) => {
    if (n === 0) return 0;
    const queued = Math.max(0, n - servers);
    return n * logDemand - logFactorial(n - queued) - (queued > 0 ? queued * Math.log(servers) : 0);
  });
}

function convolve(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from(a, (_, n) => logSum(n + 1, (k) => at(a, k) + at(b, n - k)));
}

function meanPresent(own: Float64Array, others: Float64Array, logAll: number): number {
  const users = own.length - 1;
  let mean = 0;
  for (let n = 1; n <= users; n++) mean += n * Math.exp(at(own, n) + at(others, users - n) - logAll);
  return mean;
}

/** ln of the sum of exp(term(k)), k = 0..count-1, without overflow. */
function logSum(count: number, term: (k: number) => number): number {
  let largest = -Infinity;
  for (let k = 0; k < count; k++) largest = Math.max(largest, term(k));
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.exp(term(k) - largest);
  return largest + Math.log(sum);
}

function at(values: Float64Array, position: number): number {
  return values[position] ?? -Infinity;
}
