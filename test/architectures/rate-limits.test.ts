/** Rate limits in virtual time: those of services, that answer 429, and those of callers, that wait. */
import { describe, expect, it } from 'vitest';
import { simulateTrial } from '../../src/simulation/trial.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { parse } from '../scenarios/support.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { trialOf } from '../simulation/worlds.js';
import { service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const PER_SECOND = { count: 10, per: 1000, burst: 2 };
const retries = { attempts: 2, backoff: 30, jitter: 'none' as const, budget: 1 };

describe('a service with a rate limit', () => {
  const services = [service('partner', 40, { rate: PER_SECOND })];

  it('takes what comes at once, and answers 429 beyond that', async () => {
    const place = await openVirtualPlace({ steps: [step('partner')], services });
    const answers = await place.order(0, 1, 2);
    expect(answers).toEqual([{ said: 'confirmed', at: 40 }, { said: 'confirmed', at: 40 }, { said: 'partner: limited', at: 0 }]);
    const { report } = place.arrangement.parts.steps[0]!;
    expect([report.calls, report.ok, report.failed, report.limited]).toEqual([3, 2, 1, 1]);
  });

  it('says when to come again, in whole seconds, and is heeded', async () => {
    const place = await openVirtualPlace({ steps: [step('partner', { retries })], services });
    expect(await place.order(0, 1, 2)).toContainEqual({ said: 'confirmed', at: 1040 });
  });

  it('is asked again too soon by a caller that ignores it', async () => {
    const place = await openVirtualPlace({ steps: [step('partner', { retries: { ...retries, retryAfter: 'ignore' } })], services });
    expect(await place.order(0, 1, 2)).toContainEqual({ said: 'partner: limited', at: 30 });
  });

  it('counts for a breaker as any other failure', async () => {
    const breaker = { trip: 0.3, minimum: 3, window: 1000, reset: 1000 };
    const place = await openVirtualPlace({ steps: [step('partner', { breaker })], services });
    await place.order(0, 1, 2);
    // Two of four: it opens.
    expect(await place.order(3)).toEqual([{ said: 'partner: limited', at: 40 }]);
    expect(await place.order(4)).toEqual([{ said: 'partner: shortCircuited', at: 40 }]);
  });
});

describe('a step with a rate of its own', () => {
  it('makes calls in the order in which they came, and their timeout begins then', async () => {
    const steps = [step('partner', { rate: PER_SECOND, timeout: 50 })];
    const place = await openVirtualPlace({ steps, services: [service('partner', 40)] });
    const answers = await place.order(0, 1, 2, 3);
    expect(answers.map(({ at }) => at)).toEqual([40, 40, 140, 240]);
    const { report } = place.arrangement.parts.steps[0]!;
    expect([report.paced, report.pacedTime, report.timeouts]).toEqual([2, 300, 0]);
  });

  it('keeps within the rate limit of its service', async () => {
    const services = [service('partner', 40, { rate: PER_SECOND })];
    const place = await openVirtualPlace({ steps: [step('partner', { rate: PER_SECOND })], services });
    await place.order(...Array.from({ length: 30 }, (_, request) => request));
    expect(place.calls('partner').every(({ outcome }) => outcome === 'ok')).toBe(true);
  });
});

/** 20 orders a second, and a partner that takes 10. */
const SCENARIO = parse(`
services: { payment: 30ms, partner: { latency: 50ms, rate: 10/s } }
steps: [payment!, { call: partner, retries: { attempts: 3, backoff: 50ms, jitter: none } }]
event: { consumers: { partner: { rate: 10/s } } }
variants:
  impatient: { architecture: sync, steps: { partner: { retries: { retryAfter: ignore } } } }
`);

describe('twice as many orders as a partner takes', () => {
  const run = (name: string) => {
    const trial = trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 20 }, duration: 10_000, timeout: 10_000, drain: 60_000 });
    return { trial, result: simulateTrial(trial) };
  };

  it('fail in sync, heeded or not', () => {
    const heeded = run('sync').result;
    const ignored = run('impatient').result;
    // A burst of 10 and 10 a second are taken: of 200 in ten seconds 110, and for those who come again for two seconds more 130.
    expect(heeded.outcomes.http5xx).toBeGreaterThanOrEqual(70);
    expect(ignored.outcomes.http5xx).toBeGreaterThanOrEqual(88);
    expect(heeded.steps.partner!.limited).toBeGreaterThan(200);
    expect(heeded.responseTime.p95).toBeGreaterThan(2000);
    expect(ignored.responseTime.p95).toBeLessThan(300);
  });

  it('wait in hybrid, where the consumer keeps to the rate: none fails, and the last is done ten seconds later', async () => {
    const { trial, result } = run('hybrid');
    expect([result.failureRate, result.steps.partner!.limited, result.events!.processed]).toEqual([0, undefined, 200]);
    // The last of 190 that wait begins 19 s after the first, and was sent after 9.95 s.
    expect(result.events!.completionTime.max).toBeCloseTo(30 + 19_000 + 50 - 9950, 6);
    expect(result.steps.partner!.paced).toBeGreaterThan(150);
    expect(differences(await liveTrial(trial), result)).toEqual([]);
  });
});
