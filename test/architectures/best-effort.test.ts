import { describe, expect, it } from 'vitest';
import { drawsOf, takesPart } from '../../src/scenarios/draw.js';
import { consumer, event, service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const services = [service('payment', 40), service('risk', 20, { errors: 1 }), service('slow', 500), service('email', 10)];
const REQUESTS = Array.from({ length: 200 }, (_, request) => request);

describe('a step whose failure the request outlives', () => {
  it.each(['sync', 'parallel', 'hybrid'] as const)('is counted, and what comes after it begins: %s', async (architecture) => {
    const steps = [step('risk', { onError: 'continue' }), step('payment', { after: ['risk'] })];
    const place = await openVirtualPlace({ architecture, steps, services });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 60 }]);
    const { report } = place.arrangement.parts.steps[0]!;
    expect([report.runs, report.ok, report.failed, report.errors]).toEqual([1, 0, 1, 1]);
  });

  it('costs its timeout at most', async () => {
    const place = await openVirtualPlace({ steps: [step('slow', { onError: 'continue', timeout: 200 }), step('payment')], services });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 240 }]);
  });

  it('does not make the orders consumer of event-driven fail', async () => {
    const steps = [step('risk', { onError: 'continue' }), step('payment', { after: ['risk'] })];
    const place = await openVirtualPlace({ architecture: 'event-driven', steps, services, event: event([consumer('email')]) });
    await place.order(1);
    expect(await place.drain()).toBe(70);
    expect(place.stateOf(1)).toEqual({ status: 'confirmed' });
  });
});

describe('a step that some requests make', () => {
  const makesIt = (request: number): boolean => takesPart(drawsOf(1, 'email'), 0.3, request);

  it('is made by about that share, the same ones in every architecture', async () => {
    const mine = REQUESTS.filter(makesIt);
    // 200 draws at 30 %: within four standard deviations.
    expect(Math.abs(mine.length - 60)).toBeLessThan(26);
    for (const architecture of ['sync', 'parallel', 'hybrid', 'event-driven'] as const) {
      const steps = [step('payment'), step('email', { critical: false, share: 0.3, after: ['payment'] })];
      const place = await openVirtualPlace({
        architecture, steps, services, event: event([consumer('email', { share: 0.3, workers: 'unlimited' })]),
      });
      await place.order(...REQUESTS);
      await place.drain();
      expect(place.calls('email').map(({ request }) => request).toSorted((a, b) => a - b)).toEqual(mine);
    }
  });

  it('takes no time of the others, and what comes after it begins at once', async () => {
    const steps = [step('email', { share: 0.3 }), step('payment')];
    const place = await openVirtualPlace({ steps, services });
    const answers = await place.order(...REQUESTS);
    expect(answers.map(({ at }) => at)).toEqual(REQUESTS.map((request) => (makesIt(request) ? 50 : 40)));
  });

  it('leaves no event behind that its consumer has nothing to do for', async () => {
    const place = await openVirtualPlace({
      architecture: 'hybrid', steps: [step('payment')], services, event: event([consumer('email', { share: 0 })]),
    });
    await place.order(...REQUESTS);
    await place.drain();
    expect([place.received('email'), place.recorded('processed').length]).toEqual([0, REQUESTS.length]);
  });
});
