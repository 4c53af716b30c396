/** Steps that fall back on another service, or on what the server still has, in virtual time. */
import { describe, expect, it } from 'vitest';
import { simulateTrial } from '../../src/simulation/trial.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { parse } from '../scenarios/support.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { trialOf } from '../simulation/worlds.js';
import { service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const services = [service('search', 500), service('flaky', 20, { errors: 1 }), service('cache', 5), service('payment', 30)];

describe('a step with a fallback', () => {
  it('asks it once it has failed for good, and goes on with that', async () => {
    const retries = { attempts: 2, backoff: 10, jitter: 'none' as const, budget: 1 };
    const place = await openVirtualPlace({ steps: [step('search', { timeout: 100, retries, fallback: 'cache' }), step('payment')], services });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 100 + 10 + 100 + 5 + 30 }]);
    expect(place.arrangement.parts.steps.map(({ report }) => [report.name, report.runs, report.ok, report.failed])).toEqual([
      ['search', 1, 0, 1], ['payment', 1, 1, 0], ['search-fallback', 1, 1, 0],
    ]);
  });

  it('has failed when that fails as well; best effort outlives it', async () => {
    const place = await openVirtualPlace({ steps: [step('search', { timeout: 100, fallback: 'flaky' })], services });
    expect(await place.order(1)).toEqual([{ said: 'search: timeout', at: 120 }]);
    const lenient = await openVirtualPlace({ steps: [step('search', { timeout: 100, fallback: 'flaky', onError: 'continue' })], services });
    expect(await lenient.order(1)).toEqual([{ said: 'confirmed', at: 120 }]);
  });

  it('with several calls falls back with the first that fails', async () => {
    const place = await openVirtualPlace({ steps: [step('flaky', { times: 5, concurrency: 2, fallback: 'cache' })], services });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 25 }]);
    expect([place.received('flaky'), place.received('cache')]).toEqual([2, 1]);
  });
});

/** A search that is down for two seconds of ten, and answers from its cache meanwhile. */
const SCENARIO = parse(`
services:
  search: { latency: 60ms, outages: [{ from: 2s, for: 2s, kind: hang }] }
  reviews: { latency: 20ms, errors: 30% }
  prices: 15ms
steps:
  - { call: search, critical: true, effect: false, timeout: 200ms, breaker: { minimum: 5, window: 1s, reset: 500ms }, fallback: 20ms }
  - { call: reviews, critical: true, effect: false, fallback: prices }
  - prices
variants:
  bare: { architecture: sync, steps: { search: { fallback: none }, reviews: { fallback: none } } }
`);

describe('a search with a cache', () => {
  it('fails no request where the bare one fails, and is quick while the breaker is open', async () => {
    const run = (name: string) => trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 20 }, duration: 10_000, timeout: 10_000, drain: 10_000 });
    const [bare, cached] = [simulateTrial(run('bare')), simulateTrial(run('sync'))];
    expect(differences(await liveTrial(run('sync')), cached)).toEqual([]);
    expect(cached.failureRate).toBe(0);
    // Three of ten reviews, and the two seconds in ten of the search.
    expect(bare.failureRate).toBeGreaterThan(0.35);
    expect(cached.steps['search-fallback']!.ok).toBe(cached.steps.search!.failed);
    expect(cached.steps['search-fallback']!.serviceTime.max).toBeCloseTo(20, 6);
    expect(cached.orphaned).toBe(0);
  });
});

describe('a fallback in a file', () => {
  it.each([
    ['fallback: cash', 'my.yaml:2:30: steps.0.fallback: expected a time such as 20ms, or a service (a, b), got "cash"'],
    ['fallback: 20', 'my.yaml:2:30: steps.0.fallback: expected a duration from 0ms to 60m, such as 300ms or 2s, got 20; did you mean "20s"?'],
    ['fallback: b, name: x', 'my.yaml:2:30: steps.0.fallback: expected no other "x-fallback": the calls of this fallback are counted under that name'],
  ])('%s is refused with its place', (written, message) => {
    expect(() => parse(`services: { a: 1ms, b: 1ms }\nsteps: [{ call: a, ${written} }, { call: b, name: x-fallback }]`)).toThrow(message);
  });
});
