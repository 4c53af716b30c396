/**
 * Queues with Poisson arrivals. Rates are per unit of time, times in that unit; per second and seconds, for example.
 * Means are Infinity when the servers cannot keep up.
 */
import { logFactorial } from './log-factorial.js';

/** Steady state of a queue with one class of calls and `servers` alike. */
export interface QueueState {
  /** Share of the servers' time that is busy. */
  utilisation: number;
  /** Mean wait for a server, of the calls taken. */
  wait: number;
  /** Mean wait and service together, of the calls taken. */
  response: number;
  /** Mean number of calls waiting, and waiting or in service. */
  waiting: number;
  present: number;
  /** Calls served per unit of time. */
  throughput: number;
}

/**
 * Single exponential server (M/M/1), whose response time is exponential.
 * Source: Kleinrock, Queueing Systems I (1975), section 3.2.
 * @returns the state, and the response time that a share `p` of the calls stays below
 */
export function mm1(arrivals: number, service: number): QueueState & { quantile: (p: number) => number } {
  const state = mmc(arrivals, service, 1);
  return { ...state, quantile: (p) => -state.response * Math.log1p(-p) };
}

/**
 * `servers` exponential servers with one queue (M/M/c): wait = C / (c mu - lambda).
 * Source: Kleinrock, Queueing Systems I (1975), section 3.5.
 * @param service calls that one server serves per unit of time
 */
export function mmc(arrivals: number, service: number, servers: number): QueueState {
  const spare = servers * service - arrivals;
  const wait = spare > 0 ? erlangC(servers, arrivals / service) / spare : Infinity;
  return stateOf(arrivals, 1 / service, servers, wait);
}

/**
 * `servers` exponential servers with room for `room` calls in service and waiting together (M/M/c/K); others are
 * turned away. Source: Gross and Harris, Fundamentals of Queueing Theory (1998), section 2.5.
 * @returns the state of the calls taken, the shares of time empty and full; full is the share turned away
 */
export function mmck(
  arrivals: number,
  service: number,
  servers: number,
  room: number,
): QueueState & { empty: number; full: number } {
  const shares = [1];
  for (let n = 1; n <= room; n++) shares.push(((shares[n - 1] ?? 0) * arrivals) / (service * Math.min(n, servers)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const full = (shares[room] ?? 0) / total;
  const waiting = shares.reduce((sum, share, n) => sum + Math.max(0, n - servers) * share, 0) / total;
  const taken = arrivals * (1 - full);
  return { ...stateOf(taken, 1 / service, servers, waiting / taken), empty: 1 / total, full };
}

/**
 * Single server and any service time (M/G/1): wait = rho (1 + cv^2) / (2 (1 - rho)) times the mean service time.
 * Source: Pollaczek (1930), Khinchine (1932).
 * @param variation variance of the service time over its mean squared: 0 constant, 1 exponential
 */
export function mg1(arrivals: number, meanService: number, variation: number): QueueState {
  const load = arrivals * meanService;
  const wait = load < 1 ? (meanService * load * (1 + variation)) / (2 * (1 - load)) : Infinity;
  return stateOf(arrivals, meanService, 1, wait);
}

/**
 * `servers` that all take the same constant time (M/D/c), exact: the queue seen every service time is a random walk
 * with steps "arrivals in one service time, less the servers", and its mean is the sum over n of
 * E[max(0, Poisson(n a) - n c)] / n (Spitzer's identity); wait by Little's law.
 * Source: Crommelin, Post Office Electrical Engineers' Journal 25 (1932); Spitzer (1956).
 * Takes some 100 / (1 - rho)^2 steps: meant for a utilisation up to 0.99.
 */
export function mdc(arrivals: number, service: number, servers: number): QueueState {
  const load = arrivals * service;
  if (load >= servers) return stateOf(arrivals, service, servers, Infinity);
  let waiting = 0;
  for (let n = 1; ; n++) {
    const term = poissonExcess(n * load, n * servers) / n;
    waiting += term;
    // The terms fall at least as fast as exp(-n decay): what is left out is less than the next term over the decay.
    const decay = load - servers - servers * Math.log(load / servers);
    if (term < waiting * decay * 1e-10) break;
  }
  return stateOf(arrivals, service, servers, waiting / arrivals);
}

/**
 * M/D/c approximately, in a fixed number of steps: half the wait of M/M/c, corrected. Within 1 % of exact at a
 * utilisation of 0.8 or more and up to 20 servers. Source: G. P. Cosmetatos, Operational Research Quarterly 26 (1975).
 */
export function cosmetatos(arrivals: number, service: number, servers: number): QueueState {
  const rho = (arrivals * service) / servers;
  const correction = ((1 - rho) * (servers - 1) * (Math.sqrt(4 + 5 * servers) - 2)) / (16 * servers * rho);
  const wait = (mmc(arrivals, 1 / service, servers).wait / 2) * (1 + correction);
  return stateOf(arrivals, service, servers, wait);
}

/** E[max(0, N - threshold)] of a Poisson number N with a mean below the threshold, by terms that are all positive. */
function poissonExcess(mean: number, threshold: number): number {
  let share = Math.exp((threshold + 1) * Math.log(mean) - mean - logFactorial(threshold + 1));
  let excess = 0;
  for (let above = 1; ; above++) {
    excess += above * share;
    share *= mean / (threshold + above + 1);
    if (above * share < excess * 1e-12) return excess;
  }
}

/** The rest of the state by Little's law. */
function stateOf(arrivals: number, service: number, servers: number, wait: number): QueueState {
  return {
    utilisation: Math.min(1, (arrivals * service) / servers),
    wait,
    response: wait + service,
    waiting: arrivals * wait,
    present: arrivals * (wait + service),
    throughput: Math.min(arrivals, servers / service),
  };
}

/**
 * Share of calls turned away by `servers` without a queue (Erlang B), by the recursion
 * B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)), which neither overflows nor cancels.
 * Source: A. K. Erlang (1917); recursion: Kleinrock, Queueing Systems I (1975), section 3.5.
 * @param servers whole number, 0 or more
 * @param load offered load in erlangs: arrivals per second times seconds of service
 */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (load * blocked) / (k + load * blocked);
  return blocked;
}

/**
 * Share of calls that have to wait for one of `servers` (Erlang C); 1 when the load is as much as they can serve.
 * C = B / (1 - rho (1 - B)) with rho = load / servers.
 */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}
