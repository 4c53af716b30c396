import { describe, expect, it } from 'vitest';
import type { BusRecord, RunRecord } from '../../../src/measurement/record.js';
import { TARGET_DEFAULTS, type Target } from '../../../src/scenarios/target.js';
import { compareRecords } from '../../../src/verdict/records/compare.js';
import { environmentDifferences, refusals } from '../../../src/verdict/records/comparability.js';
import { measured, unmeasured } from '../../support/measured.js';
import { checkout } from '../../support/record.js';
import { elsewhere, pair, saved } from './saved.js';

const base = saved(pair());
const withScenario = (change: Parameters<typeof checkout>[0]) => saved(pair(), { scenario: checkout(change) });
const withPlan = (change: Partial<RunRecord['plan']['trials'][number]>) =>
  saved(pair(), { plan: { trials: base.plan.trials.map((trial) => ({ ...trial, ...change })), estimatedSeconds: 1 } });

describe('refusals', () => {
  it('has nothing against a record of the same scenario and load', () => {
    expect(refusals(base, base)).toEqual([]);
  });

  it('refuses another scenario and names what differs', () => {
    const services = checkout().services.map((service, i) => (i === 2 ? { ...service, workers: 40 } : service));
    expect(refusals(base, withScenario({ services }))).toEqual([
      'The scenarios differ: services.2.workers is 20 in the base and 40 in the head.',
    ]);
    expect(refusals(base, withScenario({ name: 'other' }))).toEqual([
      'The scenarios differ: name is "checkout" in the base and "other" in the head.',
    ]);
    expect(refusals(base, withScenario({ load: { ...checkout().load, think: 100 } }))).toEqual([
      'The scenarios differ: think is 0 in the base and 100 in the head.',
    ]);
    const [first] = checkout().steps;
    expect(refusals(withScenario({ steps: first ? [first] : [] }), base)[0]).toMatch(/^The scenarios differ: steps\.1 is absent in the base and \{/);
  });

  it('does not mind other words, limits and subjects', () => {
    expect(refusals(base, withScenario({ title: 'x', description: 'x', thresholds: ['sync: p95 < 1s'], subjects: [] }))).toEqual([]);
    const variant = { name: 'v', architecture: 'sync' as const, services: [], steps: [], event: checkout().event, server: checkout().server, faults: [] };
    const named = (title: string) => withScenario({ variants: [{ ...variant, title }] });
    expect(refusals(named('a'), named('b'))).toEqual([]);
    expect(refusals(named('a'), base)).toHaveLength(1);
  });

  it('minds what is asked of a target, and not where it runs or what only its owner may know', () => {
    const target = { name: 'shop', url: 'http://127.0.0.1:3000/orders', ...TARGET_DEFAULTS };
    const asked = (change: Partial<Target>) => withScenario({ targets: [{ ...target, ...change }] });
    expect(refusals(asked({}), asked({ url: 'http://127.0.0.1:4000/orders', command: 'node .' }))).toEqual([]);
    expect(refusals(asked({}), asked({ url: 'http://127.0.0.1:3000/carts' }))).toEqual([
      'The scenarios differ: targets.shop.path is "/orders" in the base and "/carts" in the head.',
    ]);
    const query = (text: string) => asked({ url: `http://127.0.0.1:3000/orders?${text}` });
    expect(refusals(query('mode=sync&size=1000'), query('size=1&mode=async'))).toEqual([
      'The scenarios differ: targets.shop.query.mode is "sync" in the base and "async" in the head.',
      'The scenarios differ: targets.shop.query.size is "1000" in the base and "1" in the head.',
    ]);
    expect(refusals(query('a=1&b=2'), query('b=2&a=1'))).toEqual([]);
    expect(refusals(query('a=1&a=2'), query('a=1'))).toHaveLength(1);
    // Who asks is not what is asked; whether anybody says who they are is.
    const withHeaders = (headers: Target['headers']) => asked({ headers });
    expect(refusals(withHeaders({ Authorization: '***', Host: 'a' }), withHeaders({ authorization: 'Bearer ${TOKEN}', host: 'b' }))).toEqual([]);
    expect(refusals(withHeaders({ authorization: '***' }), asked({}))).toEqual([
      'The scenarios differ: targets.shop.headers.authorization is "***" in the base and absent in the head.',
    ]);
    expect(refusals(withHeaders({ accept: 'text/html' }), withHeaders({ Accept: 'application/json' }))).toEqual([
      'The scenarios differ: targets.shop.headers.accept is "text/html" in the base and "application/json" in the head.',
    ]);
    // Marks tell custom headers apart; an older record has none.
    expect(refusals(withHeaders({ 'x-mode': '*** (sha256 1111...)' }), withHeaders({ 'x-mode': '*** (sha256 2222...)' }))).toHaveLength(1);
    expect(refusals(withHeaders({ 'x-mode': '***' }), withHeaders({ 'x-mode': '*** (sha256 2222...)' }))).toEqual([]);
    // The order of targets is none of the question, and one that is gone is.
    const other = { ...target, name: 'other' };
    expect(refusals(withScenario({ targets: [target, other] }), withScenario({ targets: [other, target] }))).toEqual([]);
    expect(refusals(withScenario({ targets: [target, other] }), asked({}))).toEqual(['The scenarios differ: targets.other is there in the base and absent in the head.']);
    expect(refusals(asked({}), asked({ method: 'POST' }))).toHaveLength(1);
    expect(refusals(asked({}), asked({ body: '{}' }))).toHaveLength(1);
    expect(refusals(asked({}), asked({ expect: { status: [], body: 'ok' } }))).toHaveLength(1);
  });

  it('refuses other hops to the services; one that says nothing was made over HTTP', () => {
    const inProcess = saved(pair(), { plan: { ...base.plan, hop: 'in-process' } });
    expect(refusals(base, inProcess)).toEqual(['The hops to the services differ: http in the base and in-process in the head.']);
    expect(refusals(inProcess, inProcess)).toEqual([]);
    expect(refusals(base, saved(pair(), { plan: { ...base.plan, hop: 'http' } }))).toEqual([]);
  });

  it('refuses another load', () => {
    expect(refusals(base, withPlan({ load: { model: 'closed', users: 200 } }))).toEqual([
      'The loads of sync differ: 100 users for 10000 ms (warm-up 2000 ms, timeout 10000 ms, drain 0 ms) in the base and 200 users for 10000 ms (warm-up 2000 ms, timeout 10000 ms, drain 0 ms) in the head.',
      expect.stringContaining('The loads of hybrid differ'),
    ]);
    expect(refusals(base, withPlan({ load: { model: 'open', rate: 100 } }))[0]).toContain('and 100/s even for');
    const ramp = { from: 1, stages: [{ duration: 1000, target: 100 }] };
    expect(refusals(base, withPlan({ load: { model: 'closed', users: 100, ramp } }))).toHaveLength(2);
    for (const change of [{ duration: 1 }, { warmup: 1 }, { timeout: 1 }, { drain: 1 }]) {
      expect(refusals(base, withPlan(change))).toHaveLength(2);
    }
  });

  it('does not mind the number or the order of the rounds', () => {
    const trials = [...pair({ round: 1 }), ...pair({ round: 2 }).toReversed()];
    expect(refusals(base, saved(trials))).toEqual([]);
  });

  it('does not mind a subject that only one of them has, but there has to be a common one', () => {
    const [sync, hybrid] = pair();
    if (!sync || !hybrid) throw new Error('no pair');
    expect(refusals(saved([sync]), base)).toEqual([]);
    expect(refusals(saved([sync]), saved([hybrid]))).toEqual(['The records have no subject in common.']);
  });

  it('refuses a simulation against a measurement', () => {
    const simulated = saved([measured({ subject: 'sync', ms: 1, change: { state: 'simulated' } })]);
    expect(refusals(base, simulated)).toEqual(['The head was simulated and the base was measured.']);
    expect(refusals(simulated, base)).toEqual(['The base was simulated and the head was measured.']);
    expect(refusals(simulated, simulated)).toEqual([]);
    const partly = saved([...simulated.trials, unmeasured('sync', 100, 'no model')]);
    expect(refusals(base, partly)).toContain('The head was simulated and the base was measured.');
  });
});

describe('environmentDifferences', () => {
  it('refuses another bus or way to publish, where both records name theirs', () => {
    const over = (name: BusRecord['name'], publish: BusRecord['publish']): RunRecord => ({ ...base, plan: { ...base.plan, bus: { name, publish, private: true } } });
    const [nats, outbox] = [over('nats', 'confirmed'), over('outbox', 'outbox')];
    expect(refusals(nats, outbox)).toEqual(['The buses differ: nats (confirmed) in the base and outbox (outbox) in the head.']);
    expect(refusals(nats, over('nats', 'fire-and-forget'))).toHaveLength(1);
    expect(refusals(nats, nats)).toEqual([]);
    expect(refusals(nats, base)).toEqual([]);
    expect(refusals(base, nats)).toEqual([]);
  });

  it('lists what else was different', () => {
    const head = { ...elsewhere(saved([...pair(), ...pair({ round: 2 })]), { cores: 4, ci: 'github' }), seed: 8 };
    expect(environmentDifferences(base, { ...head, tool: { name: 'sync-vs-events', version: '0.2.0' } })).toEqual([
      { name: 'cores', base: '2', head: '4' },
      { name: 'ci', base: 'null', head: '"github"' },
      { name: 'tool', base: '"sync-vs-events 0.1.0"', head: '"sync-vs-events 0.2.0"' },
      { name: 'seed', base: '7', head: '8' },
      { name: 'rounds', base: '1', head: '2' },
    ]);
    expect(environmentDifferences(base, base)).toEqual([]);
  });

  it('is told whether compared or refused', () => {
    expect(compareRecords(base, withScenario({ name: 'other' }))).toMatchObject({ state: 'refused', reasons: [expect.any(String)] });
    const differences = [{ name: 'cores', base: '2', head: '4' }];
    expect(compareRecords(base, elsewhere(base, { cores: 4 })).differences).toEqual(differences);
    expect(compareRecords(base, elsewhere(withPlan({ duration: 1 }), { cores: 4 }))).toMatchObject({
      state: 'refused', differences, reasons: [expect.any(String), expect.any(String)],
    });
  });
});
