/**
 * Worlds whose truth is known exactly, and estimates of it by simulation: independent replications, Student's interval.
 * Times of the truth are in seconds, those of the simulation in ms.
 */

/** Replications of one estimate, and the 97.5 % quantile of Student's distribution with one degree of freedom less. */
const REPLICATIONS = 20;
const STUDENT = 2.093;

function service(name, latency, workers, queue = 'unlimited') {
  return { name, latency, workers, queue, errors: 0, outages: [], abandoned: 'finish' };
}

function step(name, call = name) {
  const retries = { attempts: 1, backoff: 0, jitter: 'none', budget: 1 };
  return { name, call, critical: true, after: [], timeout: 1e12, retries, breaker: null, connections: 'unlimited' };
}

const exponential = (seconds) => ({ kind: 'exponential', mean: seconds * 1000 });

/** A chain of steps over services, as a trial without limits of its own. */
function world(services, steps, load, think = 0) {
  const event = { type: 'x', after: null, messages: 1, payload: 0, wait: false, inbox: true, consumers: [] };
  const subject = { name: 'truth', architecture: 'sync', services, steps, event, faults: [] };
  return {
    architecture: 'truth', base: 'sync', round: 1, subject, load, drain: 0, timeout: 1e12, entry: 1000, think: think * 1000,
    // The server's own work is no part of the truth.
    handling: 1e-3,
  };
}

const single = (latency, workers, rate, queue) =>
  world([service('a', latency, workers, queue)], [step('a')], { model: 'open', rate, arrivals: 'poisson' });

const response = (trial) => trial.responseTime.mean / 1000;
const wait = (trial) => trial.steps.a.queueTime.mean / 1000;
const busy = (trial) => trial.steps.a.utilisation;

/** A case: `rate` is about how many requests there are per second, `slow` how many seconds the queue takes to settle. */
const known = (group, name, input, rate, slow, values) => ({ group, name, input, rate, slow, values });

/** Time in which a queue forgets how it began, s. */
const relaxation = (perServer, rho) => 1 / (perServer * (1 - Math.sqrt(Math.min(rho, 0.999))) ** 2);

function mm1({ lam, mu, rho, W, p50, p95, p99 }) {
  return known('M/M/1', `rho ${rho}`, single(exponential(1 / mu), 1, lam), lam, relaxation(mu, rho), [
    ['W', W, response],
    ['p50', p50, (trial) => trial.responseTime.p50 / 1000],
    ['p95', p95, (trial) => trial.responseTime.p95 / 1000],
    ['p99', p99, (trial) => trial.responseTime.p99 / 1000],
  ]);
}

function mmc({ lam, mu, c, rho, W, Wq }) {
  const input = single(exponential(1 / mu), c, lam);
  return known('M/M/c', `c ${c}, rho ${rho.toFixed(3)}`, input, lam, relaxation(mu * c, rho) + 5 / mu, [
    ['W', W, response],
    ['Wq', Wq, wait],
    ['U', rho, busy],
  ]);
}

function mmck({ lam, mu, c, K, pK, X, W, U }) {
  const input = single(exponential(1 / mu), c, lam, K - c);
  return known('M/M/c/K', `c ${c}, K ${K}, load ${(lam / mu).toFixed(2)}`, input, lam, 5 / mu, [
    ['W', W, (trial) => trial.responseTimeOk.mean / 1000],
    ['pK', pK, (trial) => trial.failureRate],
    ['X', X, (trial) => trial.throughput],
    ['U', U, busy],
  ]);
}

function mdc({ c, rho, Wq }) {
  const input = single({ kind: 'constant', ms: 1000 }, c, c * rho);
  // Waits that are this rare cannot be estimated by waiting for them.
  const values = Wq > 1e-3 ? [['Wq', Wq, wait]] : [];
  return known('M/D/c', `c ${c}, rho ${rho}`, input, c * rho, relaxation(c, rho) + 5, [['W', Wq + 1, response], ...values]);
}

function mg1({ rho, cs2, Wq }) {
  const latency = cs2 === 0 ? { kind: 'constant', ms: 1000 } : exponential(1);
  return known('M/G/1', `rho ${rho}, cv2 ${cs2}`, single(latency, 1, rho), rho, relaxation(1, rho), [['Wq', Wq, wait]]);
}

function repair({ N, lam, mu, c, X, R, U }) {
  // A pause that never queues may have any distribution: only its mean matters (Baskett, Chandy, Muntz, Palacios 1975).
  const input = world([service('a', exponential(1 / mu), c)], [step('a')], { model: 'closed', users: N }, 1 / lam);
  return known('repair', `${N} machines, ${c} repairers`, input, X, 10 / lam, [
    ['X', X, (trial) => trial.throughput],
    ['R', R, response],
    ['U', U, busy],
  ]);
}

const CHAIN = [['payment', 0.3], ['inventory', 0.2], ['email', 0.4], ['analytics', 0.15]];

function article({ users, poolPerService, syncX, syncR, hybridX, hybridR }) {
  const chain = (parts) =>
    world(
      parts.map(([name, mean]) => service(name, exponential(mean), poolPerService)),
      parts.map(([name]) => step(name)),
      { model: 'closed', users },
    );
  const name = `${users} users, ${poolPerService} workers`;
  const values = (x, r) => [['X', x, (trial) => trial.throughput], ['R', r, response]];
  return [
    known('checkout, sync', name, chain(CHAIN), syncX, 10 * syncR, values(syncX, syncR)),
    known('checkout, critical', name, chain(CHAIN.slice(0, 2)), hybridX, 10 * hybridR, values(hybridX, hybridR)),
  ];
}

/** Visits in turn, as whole numbers: a round is `scale` of the book's. */
function network({ src, S, V, N, Z = 0, R, X }) {
  const scale = Math.min(...V) < 1 ? 10 : 1;
  const services = S.map((mean, i) => service(`s${i}`, exponential(mean), 1));
  const steps = V.flatMap((visits, i) => Array.from({ length: Math.round(visits * scale) }, (_, k) => step(`s${i}-${k}`, `s${i}`)));
  const input = world(services, steps, { model: 'closed', users: N }, Z * scale);
  const book = (position) => X?.[position] ?? (N / (Z + R.reduce((sum, time, i) => sum + time * V[i], 0))) * V[position];
  const rate = book(0) / V[0] / scale;
  // The books print rates to three digits at least.
  return known('network', src, input, rate, 50 / rate, [
    ['X0', book(0), (trial) => trial.throughput * scale * V[0]],
    ['X1', book(1), (trial) => trial.throughput * scale * V[1]],
  ]);
}

/** Every world of the file of exact values, each with what is known of it. */
export function worldsOf(queueing) {
  const { mm1: a, mmc: b, mmck: c, mdc: d, mg1: e, repair: f, closed_article: g, closed_and_open_networks: h } = queueing;
  return [
    ...a.map(mm1), ...b.map(mmc), ...c.map(mmck), ...d.map(mdc), ...e.map(mg1), ...f.map(repair), ...g.flatMap(article), ...h.map(network),
  ];
}

/**
 * Estimates everything that is known of a world.
 * @param simulate TrialInput -> MeasuredTrial
 * @param requests of all replications together
 */
export function estimate(simulate, { group, name, input, rate, slow, values }, requests, seed = 1) {
  const duration = Math.max(1, requests / REPLICATIONS / rate) * 1000;
  const warmup = Math.min(20 * slow * 1000, duration);
  const trials = Array.from({ length: REPLICATIONS }, (_, i) =>
    simulate({ ...input, duration, warmup, seed: seed * 1000 + i }),
  );
  return values.map(([quantity, truth, value]) => {
    const found = trials.map(value);
    const mean = found.reduce((sum, one) => sum + one, 0) / REPLICATIONS;
    const variance = found.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (REPLICATIONS - 1);
    const half = STUDENT * Math.sqrt(variance / REPLICATIONS);
    // Where nothing varies, what is left is the arithmetic.
    const covers = Math.abs(mean - truth) <= Math.max(half, 1e-9 * truth);
    return { group, name, quantity, truth, mean, half, error: mean / truth - 1, covers };
  });
}
