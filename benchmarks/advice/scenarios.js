// Arbitrary scenarios to advise on, as files: chains of every shape, at loads around what they can carry.
import * as fc from 'fast-check';

const NAMES = ['pay', 'stock', 'mail', 'audit', 'rank', 'ship'];

const latency = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 5, max: 900 }).map((ms) => ({ mean: ms, written: `${ms}ms` })) },
  { weight: 1, arbitrary: fc.integer({ min: 5, max: 600 }).map((mean) => ({ mean, written: { exponential: `${mean}ms` } })) },
  { weight: 1, arbitrary: fc.integer({ min: 5, max: 400 }).map((p50) => ({ mean: 1.15 * p50, written: { p50: `${p50}ms`, p99: `${3 * p50}ms` } })) },
);

/** How much of what a service can do is asked for: little, most of it, or more than there is. */
const room = fc.constantFrom(6, 4, 2.5, 1.6, 1.25, 0.9, 0.6);
const errors = fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom('0.5%', '2%', '8%') });
const timeout = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom('500ms', '10s', '1m') });

const link = fc.record({ latency, room, errors, timeout, critical: fc.boolean(), follows: fc.boolean(), retries: fc.constantFrom(0, 0, 0, 2) });

const load = fc.oneof(
  { weight: 4, arbitrary: fc.record({ rate: fc.integer({ min: 3, max: 60 }), arrivals: fc.constantFrom('even', 'poisson') }) },
  { weight: 2, arbitrary: fc.record({ users: fc.integer({ min: 2, max: 80 }), think: fc.constantFrom('0s', '500ms', '2s') }) },
  { weight: 1, arbitrary: fc.record({ rate: fc.integer({ min: 2, max: 15 }), peak: fc.integer({ min: 20, max: 80 }) }) },
);

/** A scenario as JSON, which YAML is, and the name of it. */
export const scenarios = fc
  .record({
    links: fc.array(link, { minLength: 1, maxLength: 5 }),
    load,
    messages: fc.constantFrom(1, 1, 1, 3),
    extra: fc.option(fc.record({ latency, room }), { freq: 4 }),
  })
  .map(fileOf);

function fileOf({ links, load: { peak, ...wanted }, messages, extra }) {
  const rate = wanted.rate ?? usersRate(wanted, links);
  const services = {};
  const steps = links.map(({ critical, follows, timeout: patience, retries, ...service }, i) => {
    services[NAMES[i]] = serviceOf(service, rate);
    const before = links[i - 1];
    // What the reply needs cannot wait for what comes after it.
    const after = follows && before && (!critical || before.critical) ? { after: [NAMES[i - 1]] } : {};
    return { call: NAMES[i], critical, ...after, ...(patience ? { timeout: patience } : {}), ...(retries ? { retries: { attempts: 1 + retries } } : {}) };
  });
  const consumers = extra ? { consumers: { feed: {} } } : {};
  if (extra) services.feed = serviceOf(extra, rate);
  const stages = peak === undefined ? { duration: '10s' } : { stages: [`5s:${peak}`, `10s:${peak}`, `5s:${wanted.rate}`, `20s:${wanted.rate}`] };
  return { name: 'arbitrary', services, steps, event: { messages, ...consumers }, load: { ...wanted, ...stages } };
}

/** What users would send if nothing made them wait, a second. */
function usersRate({ users, think }, links) {
  const cycle = links.reduce((sum, { latency: { mean } }) => sum + mean, 0) + { '0s': 0, '500ms': 500, '2s': 2000 }[think];
  return (1000 * users) / cycle;
}

function serviceOf({ latency: { mean, written }, room: times, errors: share }, rate) {
  const workers = Math.max(1, Math.round((rate * mean * times) / 1000));
  return { latency: written, workers, ...(share ? { errors: share } : {}) };
}
