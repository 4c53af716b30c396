/** Trials of nothing but queues, and what is read off them. Times of the truth are in seconds, those of the simulation in ms. */

export function service(name, latency, workers, queue = 'unlimited') {
  return { name, latency, workers, queue, errors: 0, outages: [], abandoned: 'finish' };
}

export function step(name, call = name) {
  const retries = { attempts: 1, backoff: 0, jitter: 'none', budget: 1 };
  return { name, call, critical: true, share: 1, onError: 'fail', effect: true, after: [], timeout: 1e12, retries, breaker: null, connections: 'unlimited' };
}

/** A chain of steps over services, as a trial without limits of its own. */
export function world(services, steps, load, think = 0) {
  const event = { type: 'x', after: null, messages: 1, payload: 0, publish: 0, wait: false, inbox: true, consumers: [] };
  const subject = { name: 'truth', architecture: 'sync', services, steps, event, server: { processes: 1, work: 0.15 }, faults: [] };
  return {
    architecture: 'truth', base: 'sync', round: 1, subject, load, drain: 0, timeout: 1e12, entry: 1000, think: think * 1000,
    // The server's own work is no part of the truth.
    handling: 1e-3,
  };
}

export const poisson = (rate) => ({ model: 'open', rate, arrivals: 'poisson' });

/** One station with Poisson arrivals. */
export const single = (latency, workers, rate, queue) =>
  world([service('a', latency, workers, queue)], [step('a')], poisson(rate));

/** Time in which a queue forgets how it began, s. @param perSecond calls that it can serve */
export const relaxation = (perSecond, rho, cv2 = 1) =>
  (1 + cv2) / 2 / (perSecond * (1 - Math.sqrt(Math.min(rho, 0.999))) ** 2);

/** What is measured of a single station, by the name that the truth has for it. */
export const MEASURED = {
  W: (trial) => trial.responseTimeOk.mean / 1000,
  Wq: (trial) => trial.steps.a.queueTime.mean / 1000,
  U: (trial) => trial.steps.a.utilisation,
  rho: (trial) => trial.steps.a.utilisation,
  X: (trial) => trial.throughput,
  R: (trial) => trial.responseTimeOk.mean / 1000,
  pK: (trial) => trial.failureRate,
  p50: (trial) => trial.responseTimeOk.p50 / 1000,
  p95: (trial) => trial.responseTimeOk.p95 / 1000,
  p99: (trial) => trial.responseTimeOk.p99 / 1000,
};
