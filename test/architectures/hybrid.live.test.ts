import { afterEach, describe, expect, it } from 'vitest';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import type { HistoryEntry } from '../../src/events/history.js';
import { drawsOf, latencyQuantile } from '../../src/scenarios/draw.js';
import type { BusinessEvent } from '../../src/scenarios/scenario.js';
import { consumer, event, openPlace, service, step, type Place, type PlaceOptions } from './orders.js';

let place: Place | undefined;

afterEach(async () => {
  await place?.close();
});

const steps = [step('payment'), step('inventory'), step('email', { critical: false })];
const services = [
  service('payment', 20), service('inventory', 15), service('email', 250), service('fulfillment', 5),
  service('broken', 1, { errors: 1 }),
];

async function open(business: BusinessEvent, change: Partial<PlaceOptions> = {}): Promise<Place> {
  place = await openPlace({ architecture: 'hybrid', steps, services, event: business, ...change });
  return place;
}

function kinds(history: readonly HistoryEntry[], kind: HistoryEntry['kind']): string[] {
  return history.filter((entry) => entry.kind === kind).map((entry) => entry.consumer);
}

describe('hybrid', () => {
  it('replies after the critical steps; consumers do the rest afterwards', async () => {
    const { order, saw, server } = await open(event([consumer('email'), consumer('fulfillment')]));
    await order(-1);
    const reply = await order(7);
    expect([reply.status, reply.body]).toEqual([200, { orderId: 'o-7', status: 'confirmed' }]);
    expect(reply.ms).toBeGreaterThan(33);
    expect(server.backlog().email).toBeGreaterThan(0);
    await server.drain({ within: 2000 });
    expect(server.backlog()).toEqual({ email: 0, fulfillment: 0 });
    expect(Array.from(saw('email').calls.request)).toEqual([-1, 7]);
    const { steps: reports, history, received, receivedWarmup } = server.report();
    expect([received, receivedWarmup]).toEqual([1, 1]);
    expect(reports.map(({ name, ok, calls }) => [name, ok, calls])).toEqual([
      ['payment', 1, 1], ['inventory', 1, 1], ['email', 1, 1], ['fulfillment', 1, 1],
    ]);
    expect(kinds(history, 'acknowledged')).toHaveLength(2);
    expect(kinds(history, 'processed').toSorted()).toEqual(['email', 'email', 'fulfillment', 'fulfillment']);
  });

  it('publishes after the step that the event names, also for orders that fail later', async () => {
    const fails = { steps: [step('payment'), step('broken')] };
    for (const architecture of ['hybrid', 'event-driven'] as const) {
      const early = await open(event([consumer('email')], { after: 'payment' }), { ...fails, architecture });
      await early.order(1);
      await early.server.drain({ within: 2000 });
      expect(early.saw('email').received).toBe(1);
      await early.close();
      const late = await open(event([consumer('email')], { after: 'broken' }), { ...fails, architecture });
      await late.order(1);
      await late.server.drain({ within: 2000 });
      expect(late.saw('email').received).toBe(0);
      await late.close();
    }
    place = undefined;
  });

  it('waits for consumers and later steps side by side when it publishes early and waits', async () => {
    const { order } = await open(event([consumer('email')], { after: 'payment', wait: true }), {
      steps: [step('payment'), step('inventory')],
      services: [service('payment', 20), service('inventory', 250), service('email', 250)],
    });
    const { status, ms } = await order(1);
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(268);
    expect(ms).toBeLessThan(500);
  });

  it('publishes nothing when a critical step fails', async () => {
    const { order, saw, server } = await open(event([consumer('email')]), { steps: [step('payment'), step('broken')] });
    expect((await order(1)).status).toBe(502);
    expect(server.report().history).toEqual([]);
    expect(saw('email').received).toBe(0);
  });

  it('publishes as many messages as it is told, and each consumer handles each with a draw of its own', async () => {
    const latency = { kind: 'uniform', min: 1, max: 200 } as const;
    const noisy = [service('payment', 1), service('inventory', 1), service('email', 0, { latency })];
    const { order, saw, server } = await open(event([consumer('email')], { messages: 4 }), { services: noisy });
    await order(3);
    await server.drain({ within: 2000 });
    const { calls } = saw('email');
    expect(calls.request).toHaveLength(4);
    const drawn = [0, 3, 6, 9].map((call) => latencyQuantile(latency, drawsOf(1, 'email')(3, call, 'latency')));
    const late = Float64Array.from(calls.serviceTime).toSorted().map((ms, rank) => ms - (drawn.toSorted((a, b) => a - b)[rank] ?? 0));
    expect(Math.min(...late)).toBeGreaterThan(-2);
    expect(kinds(server.report().history, 'attempted')).toHaveLength(4);
  });

  it('keeps to the workers of a consumer', async () => {
    const { order, saw, server } = await open(event([consumer('email', { workers: 2 })]));
    await Promise.all([1, 2, 3, 4, 5].map(order));
    await server.drain({ within: 2000 });
    expect(saw('email').peak.inProgress).toBe(2);
    expect(saw('email').received).toBe(5);
  });

  it('delivers again what a consumer failed, then gives it up', async () => {
    const { order, saw, server } = await open(event([consumer('broken', { attempts: 3 })]));
    await order(1);
    await server.drain({ within: 2000 });
    expect(saw('broken').received).toBe(3);
    const { history, steps: reports } = server.report();
    expect([kinds(history, 'failed').length, kinds(history, 'deadLettered').length]).toEqual([3, 1]);
    expect(reports.find(({ name }) => name === 'broken')).toMatchObject({ runs: 3, failed: 3, errors: 3 });
  });

  it('waits for every consumer when the scenario says publish-and-wait, given up or not', async () => {
    const waiting = event([consumer('email'), consumer('broken', { attempts: 2 })], { wait: true, messages: 2 });
    const { order, saw, server } = await open(waiting);
    const reply = await order(1);
    expect(reply.status).toBe(200);
    expect(reply.ms).toBeGreaterThan(280);
    expect([saw('email').calls.outcome.length, saw('broken').received]).toEqual([2, 4]);
    expect(server.backlog()).toEqual({ email: 0, broken: 0 });
  });

  it('does not promise what the bus has not taken', async () => {
    const full = (): Bus => ({ ...memoryBus(), publish: () => Promise.reject(new Error('full')) });
    for (const wait of [false, true]) {
      const { order, server, close } = await open(event([consumer('email')], { wait }), { bus: full });
      const reply = await order(1);
      expect([reply.status, reply.body]).toEqual([503, { error: 'publish', step: 'order.placed' }]);
      expect(kinds(server.report().history, 'rejected')).toHaveLength(1);
      await close();
    }
    place = undefined;
  });

  it('ends its drain in time although work is left', async () => {
    const { order, server } = await open(event([consumer('email', { workers: 1 })]));
    await Promise.all([1, 2, 3, 4].map(order));
    await server.drain({ within: 30 });
    expect(server.backlog().email).toBeGreaterThan(0);
  });
});
