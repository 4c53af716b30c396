import { describe, expect, it } from 'vitest';
import { idealResponseTime } from '../../src/measurement/ideal.js';
import { callCount } from '../../src/scenarios/call-count.js';
import { drawsOf } from '../../src/scenarios/draw.js';
import type { Service, Step } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { trialOf } from '../simulation/worlds.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { service, step, consumer, event } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

/** Orders of one step, one after another: what was said, and the account of the step. */
async function ordered(orders: number, model: Service, change: Partial<Step>) {
  const place = await openVirtualPlace({ services: [model], steps: [step(model.name, change)] });
  const said: string[] = [];
  for (let request = 0; request < orders; request++) said.push(...(await place.order(request)).map((one) => one.said));
  const [runner] = place.arrangement.parts.steps;
  return { said, place, report: runner?.report };
}

const BROKEN = service('payment', 1, { errors: 1 });

describe('a step', () => {
  it('tells of its retries, and of a budget that is used up', async () => {
    const retries = { attempts: 3, backoff: 1, jitter: 'full', budget: 0.5 } as const;
    const { place, report } = await ordered(8, BROKEN, { retries });
    expect(place.received('payment')).toBe(8 + 4);
    expect(report).toMatchObject({ runs: 8, failed: 8, calls: 12, errors: 12, budgetExhausted: 8 });
  });

  it('waits before each retry, twice as long each time', async () => {
    const { place, report } = await ordered(1, BROKEN, { retries: { attempts: 4, backoff: 10, jitter: 'none', budget: 1 } });
    expect(place.calls('payment').map(({ from }) => from)).toEqual([0, 11, 32, 73]);
    expect(report).toMatchObject({ runs: 1, failed: 1, calls: 4, errors: 4 });
  });

  it('succeeds in the end when a retry does', async () => {
    const retries = { attempts: 8, backoff: 1, jitter: 'none', budget: 1 } as const;
    const { said, report } = await ordered(20, service('payment', 1, { errors: 0.5 }), { retries });
    expect(said).toEqual(Array.from({ length: 20 }, () => 'confirmed'));
    expect(report).toMatchObject({ runs: 20, ok: 20, failed: 0 });
    expect(report?.calls).toBe(20 + (report?.errors ?? NaN));
    expect(report?.errors).toBeGreaterThan(5);
  });

  it('makes no call while its breaker is open, and tries again after the reset', async () => {
    const breaker = { trip: 0.5, minimum: 5, window: 10_000, reset: 100 };
    const { said, place, report } = await ordered(8, BROKEN, { breaker });
    expect(said).toEqual([...Array.from({ length: 5 }, () => 'payment: error'), ...Array.from({ length: 3 }, () => 'payment: shortCircuited')]);
    await place.clock.advance(99);
    expect(await place.order(8)).toEqual([{ said: 'payment: shortCircuited', at: 104 }]);
    await place.clock.advance(1);
    expect(await place.order(9)).toEqual([{ said: 'payment: error', at: 106 }]);
    expect(report).toMatchObject({ runs: 10, calls: 6, shortCircuited: 4, breakerOpened: 2 });
  });
});

const services = [service('read', 20), service('flaky', 20, { errors: 0.2 }), service('payment', 30)];

describe('a step that makes several calls', () => {
  it.each([
    [1, 100],
    [2, 60],
    ['unlimited', 20],
  ] as const)('makes %s of five at once, in %d ms', async (concurrency, at) => {
    const place = await openVirtualPlace({ steps: [step('read', { times: 5, concurrency })], services });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at }]);
    const { report } = place.arrangement.parts.steps[0]!;
    expect([report.runs, report.ok, report.calls]).toEqual([1, 1, 5]);
  });

  it('begins the next call when one has ended, and not when a round has', async () => {
    const values = service('read', 0, { latency: { kind: 'values', values: [10, 20, 70] } });
    const place = await openVirtualPlace({ steps: [step('read', { times: 6, concurrency: 2 })], services: [values] });
    await place.order(1);
    const begins = place.calls('read').map(({ from }) => from).toSorted((a, b) => a - b);
    const ends = place.calls('read').map(({ until }) => until).toSorted((a, b) => a - b);
    expect(begins.slice(2)).toEqual(ends.slice(0, 4));
  });

  it('fails with the first call that fails for good: what is under way runs on, no more begin', async () => {
    const steps = [step('flaky', { times: 20, concurrency: 3 })];
    const place = await openVirtualPlace({ steps, services: [service('flaky', 20, { errors: 0.3 })] });
    const [answer] = await place.order(1);
    await place.rest();
    const calls = place.calls('flaky');
    const first = calls.find(({ outcome }) => outcome === 'error')!;
    expect(answer).toEqual({ said: 'flaky: error', at: first.until });
    expect(calls.filter(({ from }) => from > first.until)).toEqual([]);
    expect(calls).toHaveLength(3 * (first.until / 20));
  });

  it('tries each call again by itself', async () => {
    const retries = { attempts: 5, backoff: 5, jitter: 'none' as const, budget: 1 };
    const place = await openVirtualPlace({ steps: [step('flaky', { times: 30, retries })], services });
    expect(await place.order(1)).toMatchObject([{ said: 'confirmed' }]);
    expect(place.calls('flaky').filter(({ outcome }) => outcome === 'ok')).toHaveLength(30);
  });

  it('makes as many for a request in every architecture, with the same latencies', async () => {
    const times = { p50: 3, max: 9 };
    const counts = Array.from({ length: 50 }, (_, request) => callCount(drawsOf(1, 'read'), times, request));
    const slow = [service('read', 0, { latency: { kind: 'exponential', mean: 20 } }), service('payment', 30)];
    const seen = [];
    for (const architecture of ['sync', 'parallel', 'hybrid', 'event-driven'] as const) {
      const steps = [step('payment'), step('read', { critical: false, times, concurrency: 2, after: ['payment'] })];
      const consumers = [consumer('read', { times, concurrency: 2, workers: 'unlimited' })];
      const place = await openVirtualPlace({ architecture, steps, services: slow, event: event(consumers) });
      await place.order(...counts.keys());
      await place.drain();
      const calls = place.calls('read');
      expect(counts.map((_, request) => calls.filter((call) => call.request === request).length)).toEqual(counts);
      seen.push(calls.map(({ from, until }) => Math.round((until - from) * 1e6)).toSorted((a, b) => a - b));
    }
    for (const latencies of seen) expect(latencies).toEqual(seen[0]);
  });

  it('takes the unloaded time that arithmetic says', async () => {
    const steps = [step('payment'), step('read', { times: { p50: 3, max: 9 }, concurrency: 2, after: ['payment'] })];
    const slow = [service('read', 0, { latency: { kind: 'exponential', mean: 20 } }), service('payment', 30)];
    const place = await openVirtualPlace({ steps, services: slow });
    const ideal = idealResponseTime({ name: 'x', architecture: 'sync', steps, services: slow, event: event([]), server: { processes: 1, work: 0 }, faults: [] }, 1);
    const answers = await place.order(...Array.from({ length: 40 }, (_, request) => request));
    for (const [request, { at }] of answers.entries()) expect(at).toBeCloseTo(ideal(request), 6);
  });
});

/** A page of the shop: three product reads one after another, or at once; and each order told to a few partners. */
const SCENARIO = parse(`
services: { cart: 10ms, product: 30ms, partner: { latency: 40ms, errors: 5% } }
steps:
  - cart!
  - { call: product, critical: true, effect: false, times: { p50: 3, max: 12 } }
  - { call: partner, times: 3, concurrency: unlimited }
variants:
  at-once: { architecture: hybrid, steps: { product: { concurrency: 5 } } }
`);

it('reads at once what was read one after another: the better half of an answer without events', async () => {
  const [before, after] = await Promise.all(['hybrid', 'at-once'].map(async (name) => {
    const trial = trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 20 }, duration: 5000, timeout: 10_000, drain: 10_000 });
    const result = simulateTrial(trial);
    expect(differences(await liveTrial(trial), result)).toEqual([]);
    return result;
  }));
  expect(before!.responseTime.p50).toBeCloseTo(10 + 3 * 30, 3);
  expect(after!.responseTime.p50).toBeCloseTo(10 + 30, 3);
  // Three for each message, and for each that is delivered again as many.
  expect(before!.steps.partner!.calls).toBeGreaterThan(300);
  expect(before!.steps.product!.calls).toBe(after!.steps.product!.calls);
});
