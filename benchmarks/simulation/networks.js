/**
 * Networks of queues, open and closed, as chains of calls. Visits that are a mean in the book are made in turn, all of them,
 * round by round: with exponential servers in order of arrival only the visits per round matter for the state of every
 * station, not their order (Kelly, Journal of Applied Probability 12 (1975); Baskett, Chandy, Muntz and Palacios 1975).
 */
import { refuse } from './refusal.js';
import { serviceTime } from './service-times.js';
import { poisson, relaxation, service, step, world } from './worlds.js';

/** Visits that a round may have, and rounds that are made one. */
const MOST_VISITS = 200;
const MOST_SCALE = 60;

const isNumbers = (list, length) => Array.isArray(list) && list.length === length && list.every(Number.isFinite);

/** @returns a world as `known` of families.js has it, with its group @throws Refusal */
export function network(row) {
  const stations = stationsOf(row);
  const { N, Z = 0, lam } = row;
  if ((N === undefined) === (lam === undefined)) refuse('it is neither a closed network (N) nor an open one (lam), or it is both');
  const name = row.src ?? describe(row, stations);
  if (N === undefined) return { group: 'open network', name, ...open(row, stations) };
  if (Array.isArray(N)) refuse('it has several classes of users, and a trial has one');
  if (row.P) refuse('its ways are probabilities: a closed network must say its visits V');
  if (!(Number.isInteger(N) && N > 0)) refuse(`there are no ${N} users`);
  if (!(Z >= 0)) refuse(`a think time of ${Z} is none`);
  return { group: 'closed network', name, ...closed(row, stations) };
}

function describe({ N, Z = 0 }, stations) {
  const servers = stations.map((one) => one.servers).join('+');
  return N === undefined ? `open, ${servers} servers` : `${N} users, think ${Z}, ${servers} servers`;
}

function stationsOf({ S, mu, c = 1 }) {
  const means = S ?? (Array.isArray(mu) ? mu.map((rate) => 1 / rate) : undefined);
  if (!Array.isArray(means) || means.length === 0) refuse('it does not say the service times S of its stations');
  if (means.some(Array.isArray)) refuse('its service times are a table: several classes, and a trial has one');
  const servers = Array.isArray(c) ? c : means.map(() => c);
  if (servers.length !== means.length) refuse('it has servers for other stations than it has service times for');
  if (!servers.every((count) => Number.isInteger(count) && count > 0)) refuse(`stations with ${servers.join(', ')} servers are not known here`);
  return means.map((mean, i) => ({ mean, latency: serviceTime(mean, 1), servers: servers[i] }));
}

function closed(row, stations) {
  const { N, Z = 0, R, X } = row;
  const visits = visitsOf(row, stations);
  const scale = scaleOf(visits);
  const input = chain(stations, visits, scale, { model: 'closed', users: N }, Z);
  const round = Array.isArray(R) ? R.reduce((sum, time, i) => sum + time * visits[i], 0) : R;
  const rounds = (Array.isArray(X) ? X[0] / visits[0] : X) ?? N / (Z + round);
  if (!(rounds > 0)) refuse('it tells neither its throughput X nor its times R');
  const told = X === undefined ? { ...row, X: rounds } : row;
  const slow = (Math.max(50, 3 * N) * scale) / rounds;
  return { input, rate: rounds / scale, slow, ...valuesOf(told, visits, scale, roundingOf(row)) };
}

function open(row, stations) {
  const { lam } = row;
  const entering = Array.isArray(lam) ? lam : [lam];
  if (!entering.every((rate) => rate >= 0)) refuse(`arrivals of ${entering.join(', ')} are none`);
  const rate = entering.reduce((sum, one) => sum + one, 0);
  if (!(rate > 0 && Number.isFinite(rate))) refuse('nobody arrives');
  if (Array.isArray(lam) && !row.P) refuse('it has several arrivals, and does not say with a matrix P where they go');
  const visits = row.P ? visitsByRoutes(row, stations.length, entering, rate) : visitsOf(row, stations);
  const loads = stations.map(({ mean, servers }, i) => (rate * visits[i] * mean) / servers);
  if (Math.max(...loads) >= 1) refuse(`a station is offered ${Math.max(...loads)} of what it can serve: it never settles`);
  const scale = scaleOf(visits);
  const input = chain(stations, visits, scale, poisson(rate / scale));
  const slow = stations.reduce((sum, { mean, servers }, i) => sum + relaxation(servers / mean, loads[i]) + 5 * mean, 0);
  return { input, rate: rate / scale, slow, ...valuesOf(row, visits, scale, roundingOf(row)) };
}

function visitsOf({ V }, stations) {
  const visits = V ?? stations.map(() => 1);
  if (!isNumbers(visits, stations.length)) refuse('it does not say one number of visits V for each station');
  if (visits.some((count) => count <= 0)) refuse(`visits of ${visits.join(', ')} are none`);
  return visits;
}

/** Traffic equations, V = arrivals + V P. Source: J. R. Jackson, Management Science 10 (1963). */
function visitsByRoutes({ P, V }, count, entering, rate) {
  if (V !== undefined) refuse('it says both the visits V and the ways P');
  if (!(Array.isArray(P) && P.length === count && P.every((from) => isNumbers(from, count)))) refuse('its P is no matrix of its stations');
  const begins = Array.from({ length: count }, (_, i) => (entering.length === 1 && i > 0 ? 0 : (entering[i] ?? 0) / rate));
  let visits = begins;
  for (let i = 0; i < 10_000; i++) {
    const passed = visits;
    visits = begins.map((share, to) => passed.reduce((sum, one, from) => sum + one * P[from][to], share));
  }
  if (!visits.every((one) => one > 0 && one < 1000)) refuse('along its ways P nobody leaves, or nobody comes to a station');
  return visits;
}

/** Rounds of the book that one round must be for its visits to be whole. */
function scaleOf(visits) {
  for (let scale = 1; scale <= MOST_SCALE; scale++) {
    const whole = visits.every((count) => Math.abs(count * scale - Math.round(count * scale)) < 1e-9 * scale);
    if (whole && visits.reduce((sum, count) => sum + count * scale, 0) <= MOST_VISITS) return scale;
  }
  return refuse(`visits of ${visits.join(', ')} are not whole in ${MOST_SCALE} rounds or ${MOST_VISITS} calls`);
}

function chain(stations, visits, scale, load, think = 0) {
  const services = stations.map(({ latency, servers }, i) => service(`s${i}`, latency, servers));
  const steps = visits.flatMap((count, i) => Array.from({ length: Math.round(count * scale) }, (_, k) => step(`s${i}-${k}`, `s${i}`)));
  return world(services, steps, load, think * scale);
}

/** What the row tells of the whole and of each station. @param rounding how far off it may be, as printed */
function valuesOf(row, visits, scale, rounding) {
  const rounds = (trial) => trial.throughput * scale;
  const time = (trial) => trial.responseTime.mean / 1000 / scale;
  const station = {
    R: (trial, i) => visitTime(trial, i),
    X: (trial, i) => rounds(trial) * visits[i],
    Q: (trial, i) => rounds(trial) * visits[i] * visitTime(trial, i),
    U: (trial, i) => trial.steps[`s${i}-0`].utilisation,
  };
  const whole = { X: rounds, R: time, W: time };
  const values = [];
  const add = (quantity, truth, value) => values.push([quantity, truth, value, rounding]);
  for (const [key, measured] of Object.entries(station)) {
    if (!Array.isArray(row[key])) continue;
    if (!isNumbers(row[key], visits.length)) refuse(`it does not tell one ${key} for each station`);
    row[key].forEach((truth, i) => add(`${key}${i}`, truth, (trial) => measured(trial, i)));
  }
  for (const [key, measured] of Object.entries(whole)) {
    if (Number.isFinite(row[key])) add(key, row[key], measured);
  }
  return { values, refused: [] };
}

/** Mean time of one visit. All steps of a station are called as often. */
function visitTime({ steps }, i) {
  const own = Object.keys(steps).filter((name) => name.startsWith(`s${i}-`));
  return own.reduce((sum, name) => sum + steps[name].queueTime.mean + steps[name].serviceTime.mean, 0) / own.length / 1000;
}

/** What may have been lost in print: half a unit of the last place of the most precise of its numbers; nothing of whole ones. */
function roundingOf({ R, X, Q, U, W }) {
  const places = Math.max(...[R, X, Q, U, W].flat().filter(Number.isFinite).map(placesOf));
  return places > 0 ? 0.5 * 10 ** -places : 0;
}

/** Digits behind the point. */
function placesOf(number) {
  const [digits, exponent = '0'] = String(number).split('e');
  return (digits.split('.')[1] ?? '').length - Number(exponent);
}
