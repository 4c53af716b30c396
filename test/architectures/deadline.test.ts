/** Requests with a deadline, and steps of whose calls not all have to succeed, in virtual time. */
import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { trialOf } from '../simulation/worlds.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { consumer, event, service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const services = [service('users', 40), service('risk', 500), service('payment', 100), service('flaky', 20, { errors: 1 }), service('mail', 300)];
/** Each after the one before it, in every architecture. */
const inTurn = (...steps: Step[]): Step[] => steps.map((one, i) => ({ ...one, after: i === 0 ? [] : [steps[i - 1]!.name] }));

describe('a deadline', () => {
  it('is nothing to a request that is replied to before', async () => {
    const place = await openVirtualPlace({ steps: inTurn(step('users'), step('payment')), services, deadline: 140 });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 140 }]);
  });

  it('gives up the call that is under way, and begins none any more', async () => {
    const place = await openVirtualPlace({ steps: inTurn(step('users'), step('risk'), step('payment')), services, deadline: 200 });
    expect(await place.order(1)).toEqual([{ said: 'risk: timeout', at: 200 }]);
    await place.rest();
    expect(place.received('payment')).toBe(0);
  });

  it('leaves out what was optional, and the request goes on with what it has', async () => {
    const steps = inTurn(step('users'), step('payment'), step('risk', { onError: 'continue' }));
    const place = await openVirtualPlace({ steps, services, deadline: 200 });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 200 }]);
    const needed = await openVirtualPlace({ steps: [steps[0]!, steps[2]!, steps[1]!], services, deadline: 200 });
    expect(await needed.order(1)).toEqual([{ said: 'payment: deadline', at: 200 }]);
  });

  it('lets nobody wait for a retry, or a rate, that would come too late', async () => {
    const retries = { attempts: 3, backoff: 200, jitter: 'none' as const, budget: 1 };
    const place = await openVirtualPlace({ steps: [step('flaky', { retries })], services, deadline: 500 });
    expect(await place.order(1)).toEqual([{ said: 'flaky: error', at: 20 + 200 + 20 }]);
    const paced = await openVirtualPlace({ steps: [step('users', { rate: { count: 1, per: 1000, burst: 1 } })], services, deadline: 500 });
    expect(await paced.order(1, 2)).toEqual([{ said: 'confirmed', at: 40 }, { said: 'users: deadline', at: 0 }]);
  });

  it('publishes all the same when only that is left, and waits for consumers no longer than that', async () => {
    const steps = inTurn(step('users'), step('risk', { onError: 'continue' }));
    const place = await openVirtualPlace({ architecture: 'hybrid', steps, event: event([consumer('mail')], { publish: 5 }), services, deadline: 200 });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 205 }]);
    const waiting = await openVirtualPlace({ architecture: 'hybrid', steps: [step('users')], event: event([consumer('mail')], { wait: true }), services, deadline: 200 });
    expect(await waiting.order(1)).toEqual([{ said: 'event: deadline', at: 200 }]);
  });

  it('undoes what had been done', async () => {
    const steps = inTurn(step('payment', { compensate: 'users' }), step('risk'));
    const place = await openVirtualPlace({ steps, services, deadline: 200 });
    expect(await place.order(1)).toEqual([{ said: 'risk: timeout', at: 200 }]);
    await place.rest();
    expect(place.calls('users')).toEqual([{ request: 1, from: 200, until: 240, outcome: 'ok' }]);
  });

  it('means nothing to whom nobody waits for', async () => {
    const place = await openVirtualPlace({ architecture: 'event-driven', steps: inTurn(step('users'), step('risk')), event: event([]), services, deadline: 200 });
    await place.order(1);
    expect(await place.drain()).toBe(540);
  });
});

describe('a step of whose calls not all have to succeed', () => {
  const quotes = { latency: { kind: 'values' as const, values: [50, 100, 400, 500] } };

  it('goes on with what has come in time, when that is enough', async () => {
    for (const [need, said] of [[3, 'confirmed'], [12, 'quote: timeout']] as const) {
      const place = await openVirtualPlace({ steps: [step('quote', { times: 12, concurrency: 'unlimited', timeout: 200, need })], services: [service('quote', 0, quotes)] });
      expect(await place.order(1)).toEqual([{ said, at: 200 }]);
      const { report } = place.arrangement.parts.steps[0]!;
      expect(report.calls).toBe(12);
      expect(report.timeouts).toBeGreaterThan(0);
      expect([report.ok, report.failed]).toEqual(said === 'confirmed' ? [1, 0] : [0, 1]);
    }
  });

  it('fails as soon as too many have failed', async () => {
    const place = await openVirtualPlace({ steps: [step('flaky', { times: 5, need: 4 })], services });
    expect(await place.order(1)).toEqual([{ said: 'flaky: error', at: 40 }]);
    expect(place.received('flaky')).toBe(2);
  });
});

const SCENARIO = parse(`
services:
  cover: 20ms
  partner: { latency: { p50: 1200ms, p99: 6s }, errors: 4% }
  mail: 200ms
steps:
  - cover!
  - { call: partner, critical: true, effect: false, times: 5, concurrency: unlimited, need: 3 }
  - mail
deadline: 4s
variants:
  all-five: { architecture: hybrid, steps: { partner: { need: 5 } } }
  patient: { architecture: hybrid, steps: { partner: { need: 5, timeout: 10s } }, deadline: none }
`);

it('an insurance quote goes on with what has come after 4 s, three of five at least', async () => {
  const run = (name: string) => trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 10 }, duration: 6000, timeout: 10_000, drain: 10_000, handling: 0 });
  const [three, five, patient] = [simulateTrial(run('hybrid')), simulateTrial(run('all-five')), simulateTrial(run('patient'))];
  expect(differences(await liveTrial(run('hybrid')), three)).toEqual([]);
  expect(three.failureRate).toBeLessThan(0.05);
  expect(five.failureRate).toBeGreaterThan(0.2);
  expect([three.responseTime.max! <= 4000, five.responseTime.max! <= 4000, patient.responseTime.max! > 4000]).toEqual([true, true, true]);
});
