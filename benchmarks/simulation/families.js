/**
 * The families of exact values: each row becomes a world that is what the row says, or is refused with the reason. A number
 * that its family does not know is a reason too: it may say that the world is another one. Times are in seconds.
 */
import { network } from './networks.js';
import { refuse } from './refusal.js';
import { serviceTime } from './service-times.js';
import { MEASURED, relaxation, service, single, step, world } from './worlds.js';

/** Waits shorter than this share of the service time cannot be estimated by waiting for them. */
const RARE_WAIT = 1e-3;

const exponential = (mean) => serviceTime(mean, 1);

/**
 * A world without its group: `rate` is about how many requests there are per second, `slow` how many seconds the queue takes
 * to settle. Of the row's numbers those count that are measured by their name.
 */
function known(name, input, rate, slow, row, tells) {
  const values = tells.filter((key) => row[key] > 0).map((key) => [key, row[key], MEASURED[key]]);
  return { name, input, rate, slow, values, refused: [] };
}

/** Share of what the servers can serve. @throws Refusal where the queue never settles, or the row says another share */
function settled(load, { rho = load, U = load }) {
  for (const said of [rho, U]) if (Math.abs(said - load) > 1e-6) refuse(`it says a load of ${said}, and its rates give ${load}`);
  if (!(load < 1)) refuse(`it is offered ${load} of what it can serve: the queue never settles`);
  return load;
}

function mm1(row) {
  const { lam, mu } = row;
  const rho = settled(lam / mu, row);
  const input = single(exponential(1 / mu), 1, lam);
  return known(`rho ${rho}`, input, lam, relaxation(mu, rho), row, ['W', 'p50', 'p95', 'p99']);
}

function mmc(row) {
  const { lam, mu, c } = row;
  const rho = settled(lam / mu / c, row);
  const input = single(exponential(1 / mu), c, lam);
  return known(`c ${c}, rho ${rho.toFixed(3)}`, input, lam, relaxation(mu * c, rho) + 5 / mu, row, ['W', 'Wq', 'rho']);
}

function mmck(row) {
  const { lam, mu, c, K } = row;
  if (K < c) refuse(`there is room for ${K}, and ${c} servers`);
  const input = single(exponential(1 / mu), c, lam, K - c);
  const name = `c ${c}, K ${K}, load ${(lam / mu).toFixed(2)}`;
  return known(name, input, lam, relaxation(mu * c, Math.min(0.9, lam / mu / c)) + 5 / mu, row, ['W', 'pK', 'X', 'U']);
}

/** Loss and delay at so many erlangs, with a service time of a second. The share that waits is told by what it waits. */
function erlang(row) {
  const { c, a, B, C } = row;
  const worlds = [];
  const latency = exponential(1);
  if (B !== undefined) worlds.push({ ...known(`c ${c}, a ${a}, lost`, single(latency, c, a, 0), a, 5, { pK: B }, ['pK']) });
  if (C !== undefined) {
    const rho = settled(a / c, row);
    const waits = (trial) => MEASURED.Wq(trial) * (c - a);
    const delay = known(`c ${c}, a ${a}, delayed`, single(latency, c, a), a, relaxation(c, rho) + 5, {}, []);
    worlds.push({ ...delay, values: [['C', C, waits]] });
  }
  return worlds;
}

/** Times in units of the service time. */
function mdc(row) {
  const { c, rho, Wq } = row;
  settled(rho, row);
  const input = single(serviceTime(1, 0), c, c * rho);
  const told = { W: Wq + 1, Wq };
  if (Wq > RARE_WAIT) return known(`c ${c}, rho ${rho}`, input, c * rho, relaxation(c, rho) + 5, told, ['W', 'Wq']);
  const refused = [['Wq', `a wait of ${Wq} service times is too rare to be met`]];
  return { ...known(`c ${c}, rho ${rho}`, input, c * rho, relaxation(c, rho) + 5, told, ['W']), refused };
}

/** Mean wait in units of the mean service time, which only the first two moments of the service time matter for. */
function mg1(row) {
  const { rho, cs2, service: shape } = row;
  settled(rho, row);
  const input = single(serviceTime(1, cs2, shape), 1, rho);
  const name = `rho ${rho}, cv2 ${cs2}${shape ? `, ${shape}` : ''}`;
  return known(name, input, rho, relaxation(1, rho, cs2), row, ['Wq']);
}

function repair(row) {
  const { N, lam, mu, c, X } = row;
  // A pause that never queues may have any distribution: only its mean matters (Baskett, Chandy, Muntz, Palacios 1975).
  const input = world([service('a', exponential(1 / mu), c)], [step('a')], { model: 'closed', users: N }, 1 / lam);
  return known(`${N} machines, ${c} repairers`, input, X, 10 / lam, row, ['X', 'R', 'U']);
}

const CHAIN = [['payment', 0.3], ['inventory', 0.2], ['email', 0.4], ['analytics', 0.15]];

function article({ users, poolPerService, service: shape, ...told }) {
  if (shape !== 'exponential') refuse(`its service times are called "${shape}": only exponential ones have an exact answer`);
  const chain = (title, parts, X, R) => {
    const input = world(
      parts.map(([name, mean]) => service(name, exponential(mean), poolPerService)),
      parts.map(([name]) => step(name)),
      { model: 'closed', users },
    );
    return { ...known(`${users} users, ${poolPerService} workers`, input, X, 10 * R, { X, R }, ['X', 'R']), group: `checkout, ${title}` };
  };
  return [chain('sync', CHAIN, told.syncX, told.syncR), chain('critical', CHAIN.slice(0, 2), told.hybridX, told.hybridR)];
}

/** Numbers that must be there; that a row is told by or may tell; and that follow from the others, or are of other models. */
const FAMILIES = {
  mm1: { group: 'M/M/1', of: mm1, needs: ['lam', 'mu'], may: ['rho', 'U', 'W', 'p50', 'p95', 'p99'], follows: ['Wq', 'L', 'Lq', 'X'] },
  mmc: { group: 'M/M/c', of: mmc, needs: ['lam', 'mu', 'c'], may: ['rho', 'U', 'W', 'Wq'], follows: ['C', 'L', 'Lq', 'X'] },
  mmck: { group: 'M/M/c/K', of: mmck, needs: ['lam', 'mu', 'c', 'K'], may: ['W', 'pK', 'X', 'U'], follows: ['p0', 'L', 'Lq', 'Wq'] },
  erlang: { group: 'Erlang', of: erlang, needs: ['c', 'a'], may: ['B', 'C'], follows: [] },
  mdc: { group: 'M/D/c', of: mdc, needs: ['c', 'rho', 'Wq'], may: [], follows: ['W', 'L', 'Lq', 'allenCunneen'] },
  mg1: { group: 'M/G/1', of: mg1, needs: ['rho', 'cs2', 'Wq'], may: ['service'], follows: ['W', 'L', 'Lq'] },
  repair: { group: 'repair', of: repair, needs: ['N', 'lam', 'mu', 'c', 'X'], may: ['R', 'U'], follows: ['p0', 'L'] },
  closed_article: {
    group: 'checkout',
    of: article,
    needs: ['users', 'poolPerService', 'syncX', 'syncR', 'hybridX', 'hybridR'],
    may: ['service'],
    follows: [],
  },
  // What it needs depends on what it is.
  closed_and_open_networks: { group: 'network', of: network, needs: [], may: ['S', 'mu', 'c', 'V', 'P', 'N', 'Z', 'lam', 'R', 'X', 'Q', 'U', 'W'], follows: ['L'] },
};
const REMARKS = ['src', 'note'];
/** Other names that books have for the same. */
const ALIASES = { lambda: 'lam', cv2: 'cs2', scv: 'cs2', m: 'c', servers: 'c', think: 'Z', shape: 'service' };
/** Numbers that count something. */
const WHOLE = ['c', 'K', 'N', 'users', 'poolPerService'];

/**
 * @param name of the family
 * @param written the row
 * @returns its worlds, one or two @throws Refusal
 */
export function worldsOfRow(name, written) {
  if (typeof written !== 'object' || written === null) refuse('it is no row');
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : refuse(`no model of a family "${name}" is known here`);
  const { group, of, needs, may, follows } = family;
  const row = Object.fromEntries(Object.entries(written).map(([key, value]) => [ALIASES[key] ?? key, value]));
  const missing = needs.filter((key) => !Number.isFinite(row[key]));
  if (missing.length > 0) refuse(`it has no number ${missing.join(', ')}`);
  const strange = Object.keys(row).filter((key) => ![...needs, ...may, ...follows, ...REMARKS].includes(key));
  if (strange.length > 0) refuse(`nothing is known of its ${strange.join(', ')}`);
  const broken = needs.filter((key) => key !== 'cs2' && !(row[key] > 0 && (Number.isInteger(row[key]) || !WHOLE.includes(key))));
  if (broken.length > 0) refuse(`its ${broken.join(', ')} cannot be`);
  const worlds = [of(row)].flat().map((one) => ({ group, ...one }));
  if (worlds.every(({ values }) => values.length === 0)) refuse('it tells nothing that the simulation measures');
  return worlds;
}
