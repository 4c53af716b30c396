import { describe, expect, it } from 'vitest';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import { drawsOf, latencyQuantile } from '../../src/scenarios/draw.js';
import type { BusinessEvent } from '../../src/scenarios/scenario.js';
import { consumer, event, service, step } from './orders.js';
import { openVirtualPlace, type VirtualOptions, type VirtualPlace } from './virtual-place.js';

const steps = [step('payment'), step('inventory', { after: ['payment'] }), step('email', { critical: false })];
const services = [
  service('payment', 20), service('inventory', 15), service('email', 250), service('fulfillment', 5),
  service('broken', 1, { errors: 1 }),
];

function open(business: BusinessEvent, change: Partial<VirtualOptions> = {}): Promise<VirtualPlace> {
  return openVirtualPlace({ architecture: 'hybrid', steps, services, event: business, ...change });
}

describe('hybrid', () => {
  it('replies after the critical steps; consumers do the rest afterwards', async () => {
    const place = await open(event([consumer('email'), consumer('fulfillment')]));
    expect(await place.order(-1)).toEqual([{ said: 'confirmed', at: 35 }]);
    expect(await place.order(7)).toEqual([{ said: 'confirmed', at: 70 }]);
    expect(place.backlog).toEqual({ email: 2, fulfillment: 1 });
    expect(await place.drain()).toBe(320);
    expect(place.calls('email')).toMatchObject([{ request: -1, from: 35, until: 285 }, { request: 7, from: 70, until: 320 }]);
    expect(place.arrangement.parts.steps.map(({ report: { name, ok, calls } }) => [name, ok, calls])).toEqual([
      ['payment', 1, 1], ['inventory', 1, 1], ['email', 1, 1], ['fulfillment', 1, 1],
    ]);
    expect(place.recorded('acknowledged')).toHaveLength(2);
    expect(place.recorded('processed')).toEqual(['fulfillment', 'fulfillment', 'email', 'email']);
  });

  it.each(['hybrid', 'event-driven'] as const)('as %s, publishes after the step that the event names, also for orders that fail later', async (architecture) => {
    const fails = { steps: [step('payment'), step('broken', { after: ['payment'] })], architecture };
    const early = await open(event([consumer('email')], { after: 'payment' }), fails);
    await early.order(1);
    await early.rest();
    expect(early.calls('email')).toMatchObject([{ request: 1, from: 20 }]);
    const late = await open(event([consumer('email')], { after: 'broken' }), fails);
    await late.order(1);
    await late.rest();
    expect(late.received('email')).toBe(0);
  });

  it('waits for consumers and later steps side by side when it publishes early and waits', async () => {
    const place = await open(event([consumer('email')], { after: 'payment', wait: true }), {
      steps: [step('payment'), step('inventory', { after: ['payment'] })],
      services: [service('payment', 20), service('inventory', 250), service('email', 200)],
    });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 270 }]);
    expect(place.calls('email')).toMatchObject([{ from: 20, until: 220 }]);
  });

  it('goes on when each publish has taken as long as the scenario says', async () => {
    const place = await open(event([consumer('email')], { publish: 15, messages: 2 }), { services: [service('payment', 20), service('email', 200)], steps: [step('payment')] });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 50 }]);
    await place.rest();
    // Consumers have a message while whoever published it still waits.
    expect(place.calls('email').map(({ from }) => from)).toEqual([20, 35]);
  });

  it('publishes nothing when a critical step fails', async () => {
    const place = await open(event([consumer('email')]), { steps: [step('payment'), step('broken', { after: ['payment'] })] });
    expect(await place.order(1)).toEqual([{ said: 'broken: error', at: 21 }]);
    await place.rest();
    expect(place.arrangement.parts.history()).toEqual([]);
    expect(place.received('email')).toBe(0);
  });

  it('publishes as many messages as it is told, and each consumer handles each with a draw of its own', async () => {
    const latency = { kind: 'uniform', min: 1, max: 200 } as const;
    const noisy = [service('payment', 1), service('inventory', 1), service('email', 0, { latency })];
    const place = await open(event([consumer('email')], { messages: 4 }), { services: noisy });
    await place.order(3);
    await place.drain();
    const drawn = [0, 3, 6, 9].map((call) => latencyQuantile(latency, drawsOf(1, 'email')(3, call, 'latency')));
    expect(place.calls('email').map(({ until }) => until)).toEqual(drawn.map((ms) => 2 + ms).toSorted((a, b) => a - b));
    expect(place.recorded('attempted')).toHaveLength(4);
  });

  it('keeps to the workers of a consumer', async () => {
    const place = await open(event([consumer('email', { workers: 2 })]));
    await place.order(1, 2, 3, 4, 5);
    await place.drain();
    expect(place.calls('email').map(({ request, from }) => [request, from])).toEqual([[1, 35], [2, 35], [3, 285], [4, 285], [5, 535]]);
  });

  it('delivers again what a consumer failed, after a wait that doubles, then gives it up', async () => {
    const place = await open(event([consumer('broken', { attempts: 3, backoff: 10 })]));
    await place.order(1);
    expect(await place.drain()).toBe(68);
    expect(place.calls('broken').map(({ from, outcome }) => [from, outcome])).toEqual([[35, 'error'], [46, 'error'], [67, 'error']]);
    expect([place.recorded('failed').length, place.recorded('deadLettered').length]).toEqual([3, 1]);
    const report = place.arrangement.parts.steps.find(({ name }) => name === 'broken')?.report;
    expect(report).toMatchObject({ runs: 3, failed: 3, errors: 3 });
  });

  it('waits for every consumer when the scenario says publish-and-wait, given up or not', async () => {
    const waiting = event([consumer('email'), consumer('broken', { attempts: 2 })], { wait: true, messages: 2 });
    const place = await open(waiting);
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 285 }]);
    expect([place.calls('email').length, place.received('broken')]).toEqual([2, 4]);
    expect(place.backlog).toEqual({ email: 0, broken: 0 });
  });

  it.each([false, true])('does not promise what the bus has not taken, when it waits: %s', async (wait) => {
    const place = await open(event([consumer('email')], { wait }), {
      bus: (clock): Bus => ({ ...memoryBus({ clock }), publish: () => Promise.reject(new Error('full')) }),
    });
    expect(await place.order(1)).toEqual([{ said: 'order.placed could not be published', at: 35 }]);
    expect(place.recorded('rejected')).toHaveLength(1);
  });
});
