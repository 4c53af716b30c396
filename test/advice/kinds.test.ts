/** Kinds of wrong sentences that were found on real chains, each with the scenario that showed it. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/advice/decision.js';
import { builtIn, builtInNames } from '../../src/scenarios/library/library.js';
import type { AnyFinding } from '../support/findings.js';
import { adviceFor, benchOf, scenarioOf } from './advice-for.js';

const kinds = (found: readonly AnyFinding[]): string[] => found.map(({ kind }) => kind);

describe('work that dies', () => {
  const dying = scenarioOf(`
services: { order: { latency: 50ms, workers: 500 }, matching: { latency: 8s, workers: 500 } }
steps: [order!, matching]
load: { rate: 40, duration: 20s, drain: 30s }
`);

  it('is never called kept up with, and its consumer is named with the reason', () => {
    const { found, said } = benchOf(dying, 'sync', 'hybrid');
    expect(kinds(found)).not.toContain('keeps-up');
    expect(found.find(({ kind }) => kind === 'failed-later')).toMatchObject({ architecture: 'hybrid', names: { consumer: 'matching', how: 'timeouts' } });
    expect(said.join(' ')).toMatch(/whose work failed later: matching gave up, most of all for timeouts/);
  });

  it('counts as failures where two are compared: hybrid is not the more reliable one', () => {
    const { found, said } = benchOf(dying, 'sync', 'hybrid');
    expect(found.find(({ names }) => names.than)).toMatchObject({ kind: 'both-fail' });
    expect(said.join(' ')).not.toContain('hybrid none');
    expect(said.join(' ')).toMatch(/hybrid 0% and \S+% later/);
  });

  it('completes nothing, and no completion time is told', () => {
    const all = scenarioOf('services: { match: 8s }\nsteps: [match!]\nload: { rate: 5, duration: 20s, drain: 30s }\n');
    const { said } = benchOf(all, 'sync', 'event-driven');
    expect(said.join(' ')).not.toMatch(/p95 of the completed order is \d/);
  });
});

describe('workers that would keep up', () => {
  it('are those of the service where it has fewer than its consumer', () => {
    const scenario = scenarioOf(`
services: { pay: 50ms, mail: { latency: 400ms, workers: 20 } }
steps: [pay!, mail]
event: { consumers: { mail: { workers: 200, timeout: 1m } } }
load: { rate: 80, duration: 20s }
`);
    const [growing] = benchOf(scenario, 'hybrid').found.filter(({ kind }) => kind === 'backlog-grows');
    expect(growing?.numbers).toMatchObject({ workers: 20, workersNeeded: 33 });
  });

  it('are more where deliveries fail and are tried again', () => {
    const yaml = (errors: string): string => `
services: { pay: 50ms, mail: { latency: 400ms, workers: 20, errors: ${errors} } }
steps: [pay!, mail]
load: { rate: 80, duration: 20s }
`;
    const needed = (errors: string): number =>
      benchOf(scenarioOf(yaml(errors)), 'hybrid').found.find(({ kind }) => kind === 'backlog-grows')?.numbers.workersNeeded ?? 0;
    expect(needed('0')).toBe(33);
    // 1 + 0.3 + 0.09 deliveries of each, but for chance.
    expect(needed('30%')).toBeGreaterThan(42);
    expect(needed('30%')).toBeLessThan(48);
  });

  it('are those for the share of the requests that there is work for', () => {
    const scenario = scenarioOf(`
services: { pay: { latency: 100ms, workers: 2 }, review: { latency: 1s, workers: 5 } }
steps: [{ call: pay, critical: true, share: 50%, timeout: 1m }, { call: review, share: 15%, timeout: 1m }]
load: { rate: 60, duration: 60s, timeout: 1m }
`);
    const { found, said } = benchOf(scenario, 'sync', 'hybrid', 'event-driven');
    const needed = (kind: string, subject: string): number | undefined => found.find((one) => one.kind === kind && one.architecture === subject)?.numbers.workersNeeded;
    // Orders: 60 x 50 % x 100 ms. Half of them skip pay, which lets 20 of the others through: 50 x 15 % x 1 s.
    expect(needed('bottleneck', 'hybrid')).toBe(4);
    expect([needed('backlog-grows', 'hybrid'), needed('backlog-grows', 'event-driven')]).toEqual([8, 4]);
    expect(said.join(' ')).toContain('pay limits sync: its 2 workers serve 40 a second (0.5 calls each), the load would take 60 at 60 requests/s; 4 workers would keep up');
  });

  it.each(builtInNames())('are never fewer than there are beside a backlog that grows: %s', (name) => {
    const scenario = builtIn(name)!;
    const short = { ...scenario, load: { ...scenario.load, rounds: 1, duration: Math.min(scenario.load.duration, 5000) } };
    const { found } = benchOf(short, 'hybrid', 'event-driven');
    const growing = found.filter(({ kind }) => kind === 'backlog-grows');
    expect(growing.filter(({ numbers: { workers = 0, workersNeeded = Infinity } }) => workersNeeded <= workers)).toEqual([]);
  });
});

describe('what is laid at whose door', () => {
  it('a service that a request calls three times serves a third as many requests', () => {
    const scenario = scenarioOf(`
services: { db: { latency: 280ms, workers: 16 } }
steps: [{ name: read, call: db, critical: true, timeout: 1m }, { name: check, call: db, critical: true, timeout: 1m }, { name: write, call: db, critical: true, timeout: 1m }]
load: { rate: 30, duration: 20s, timeout: 1m }
`);
    const { found, said } = benchOf(scenario, 'sync');
    const limit = found.find(({ kind }) => kind === 'bottleneck');
    expect(limit?.numbers.capacity).toBeCloseTo(16 / (3 * 0.28), 6);
    expect(limit?.numbers.workersNeeded).toBe(Math.ceil(30 * 3 * 0.28));
    expect(said.join(' ')).toContain("db's 16 workers serve 19 a second (3 calls each), the load would take 30 at 30 requests/s; 26 workers would keep up");
  });

  it('each load has its own failures', () => {
    const scenario = scenarioOf(`
services: { pay: { latency: 100ms, errors: 5% } }
steps: [pay!]
load: { rate: [10, 40], duration: 20s }
`);
    const { said, trials } = benchOf(scenario, 'sync');
    const [few, many] = trials.map(({ steps }) => steps.pay?.failed ?? 0);
    expect(few).not.toBe(many);
    expect(said.join(' ')).toContain(`sync fails at pay at 10 requests/s: ${few} errors, at pay at 40 requests/s: ${many} errors.`);
  });

  it('the bottleneck of one step does not silence the failures of another', () => {
    const scenario = scenarioOf(`
services: { fraud: { latency: 20ms, errors: 12% }, mail: { latency: 400ms, workers: 20 } }
steps: [fraud!, { call: mail, timeout: 1m }]
load: { users: 100, duration: 20s, timeout: 1m }
`);
    const { found, said } = benchOf(scenario, 'sync');
    expect(kinds(found)).toEqual(expect.arrayContaining(['bottleneck', 'failures']));
    expect(said.join(' ')).toMatch(/mail limits sync.*sync fails at fraud at 100 users/);
  });

  it('what had succeeded is any of the critical steps, in the words of the scenario', () => {
    const scenario = scenarioOf(`
noun: login
services: { session: 5ms, token: 10ms, audit: { latency: 50ms, errors: 40% } }
steps: [session!, token!, audit]
load: { rate: 50 }
`);
    expect(benchOf(scenario, 'sync').said.join(' ')).toMatch(/sync told \d+ logins "failed" at 50 requests\/s although session or token had succeeded/);
  });
});

describe('staleness', () => {
  it('is from each reply to the end of its own work, not between two percentiles', () => {
    const scenario = scenarioOf(`
services: { pay: { latency: { p50: 100ms, p99: 900ms } }, view: { latency: 33ms, workers: 200 } }
steps: [pay!, view]
load: { rate: 50, duration: 60s }
`);
    const [trial] = benchOf(scenario, 'hybrid').trials;
    const { completionTime, staleness } = trial!.events!;
    expect(staleness?.p95).toBeCloseTo(33, 0);
    // What was told before: far from it.
    expect((completionTime.p95 ?? 0) - (trial!.responseTime.p50 ?? 0)).toBeGreaterThan(300);
  });

  it('is known only to be at least so long where work died', () => {
    const scenario = scenarioOf('services: { pay: 10ms, view: { latency: 33ms, errors: 100% } }\nsteps: [pay!, view]\nload: { rate: 50 }\n');
    const staleness = benchOf(scenario, 'hybrid').trials[0]?.events?.staleness;
    expect(staleness?.censored).toBe(staleness?.count);
  });
});

describe('advice', () => {
  it('does not move work to where it dies, and says what kills it', async () => {
    const { decision, steps, sensitivities, options } = await adviceFor(`
services: { order: { latency: 50ms, workers: 500 }, matching: { latency: 8s, workers: 500 } }
steps: [order!, matching]
load: { rate: 40 }
`);
    expect(decision).toMatchObject({ kind: 'stay', because: 'nothing-helps' });
    expect(steps[1]?.verdict).not.toBe('move');
    expect(options.find(({ kind }) => kind === 'move')?.loads[0]?.failedLater).toBeGreaterThan(0.9);
    expect(sensitivities).toMatchObject([{ kind: 'longer-timeout', step: 'matching', now: 3000, enough: 16_000, failures: 0 }]);
  });

  it('counts every message of an order', async () => {
    const { decision } = await adviceFor(`
services: { pay: 50ms, view: { latency: 970ms, workers: 19 } }
steps: [pay!, { call: view, timeout: 1m }]
event: { messages: 20 }
load: { rate: 20 }
`);
    // 20 orders of 20 messages of 970 ms.
    expect(decision).toMatchObject({ kind: 'buy-workers', workers: 389, has: 19 });
  });

  it('counts consumers of the scenario\'s own, what their services can give, and redeliveries', async () => {
    const { options } = await adviceFor(`
services: { pay: 600ms, mail: { latency: 500ms, workers: 20, errors: 6% }, ship: { latency: 300ms, workers: 5 } }
steps: [pay!, { call: mail, timeout: 1m }]
event: { consumers: { mail: { workers: 200 }, ship: { timeout: 1m } } }
load: { rate: 50 }
`);
    const { workers } = options.find(({ kind }) => kind === 'move')!;
    expect(workers).toMatchObject([{ consumer: 'mail', has: 20 }, { consumer: 'ship', has: 5 }]);
    // 50 x 0.5 s x 1.0636 deliveries, and 50 x 0.3 s.
    expect(workers[0]?.needs[0]).toBeGreaterThanOrEqual(27);
    expect(workers[0]?.needs[0]).toBeLessThanOrEqual(28);
    expect(workers[1]?.needs[0]).toBe(16);
  });

  it('a step in 15 % of the requests needs 15 % of the workers, and its consumer too', async () => {
    const { options } = await adviceFor(`
services: { pay: 600ms, review: { latency: 1s, workers: 5 } }
steps: [pay!, { call: review, share: 15% }]
load: { rate: 40 }
`);
    // 40 x 15 % x 1 s = 6 are busy: with 6 nothing that once waits would ever be worked off.
    expect(options.find(({ kind }) => kind === 'move')?.workers[0]?.needs[0]).toBeGreaterThanOrEqual(7);
    expect(options.find(({ kind }) => kind === 'move')?.workers[0]?.needs[0]).toBeLessThanOrEqual(9);
  });

  it('moves a step with everything that comes after it', async () => {
    const { decision, steps } = await adviceFor(`
services: { store: 100ms, scan: 900ms, thumbnails: 500ms }
steps: [store!, { call: scan, after: [store] }, { call: thumbnails, after: [scan] }]
load: { rate: 10 }
`);
    expect(steps[1]).toMatchObject({ step: 'scan', with: ['thumbnails'] });
    expect(steps[2]).toMatchObject({ step: 'thumbnails', with: [] });
    const { steps: moved } = decision as Extract<Decision, { kind: 'move' }>;
    expect(moved).toContain('thumbnails');
  });

  it('lets a queue ride out a peak, and says how long it takes', async () => {
    const { decision, options } = await adviceFor(`
services: { pay: 50ms, mail: { latency: 400ms, workers: 20 } }
steps: [pay!, { call: mail, timeout: 1m }]
load: { rate: 10, stages: [5s:150, 10s:150, 5s:10, 20s:10] }
`);
    expect(decision).toMatchObject({ kind: 'move', steps: ['mail'], workers: null, missed: [] });
    expect(options.find(({ kind }) => kind === 'move')?.loads[0]).toMatchObject({ isPeak: true, growing: [] });
  });

  it('takes a window for no peak: what grows for as long as the load lasts needs workers', async () => {
    const { decision } = await adviceFor('services: { pay: 1s, mail: { latency: 400ms, workers: 20 } }\nsteps: [pay!, { call: mail, timeout: 1m }]\nload: { rate: 60 }\n');
    expect(decision).toMatchObject({ kind: 'buy-workers', workers: 25, has: 20 });
  });

  it('sizes a consumer for the orders that there are, not for those that a collapsed chain lets through', async () => {
    const { steps } = await adviceFor(`
services: { pay: { latency: 300ms, workers: 5 }, mail: { latency: 90ms, workers: 100 } }
steps: [pay!, mail]
load: { rate: 90 }
`);
    expect(steps[1]?.loads[0]?.workersNeeded).toBeGreaterThanOrEqual(9);
  });

  it('says of a load that nothing suffers at that nothing does', async () => {
    const { cases } = await adviceFor('services: { pay: 50ms, mail: { latency: 80ms, workers: 200 } }\nsteps: [pay!, mail]\nload: { rate: 20 }\n');
    expect(cases.find(({ kind }) => kind === 'peaks')).toMatchObject({ state: 'fails' });
  });

  it('does not gain by all moves together what one of them is said to gain', async () => {
    const { options } = await adviceFor(`
services: { pay: 50ms, loyalty: { latency: 20ms, errors: 1.8% }, crm: { latency: 2s, workers: 10 } }
steps: [pay!, loyalty, crm]
load: { rate: 30 }
`);
    const loyalty = options.find(({ moved }) => moved.join() === 'loyalty');
    expect(loyalty?.loads[0]?.failureRate).toBeGreaterThan(0.3);
  });
});
