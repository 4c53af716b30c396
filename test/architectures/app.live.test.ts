import { afterEach, describe, expect, it } from 'vitest';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import type { Service, Step } from '../../src/scenarios/scenario.js';
import { consumer, event, openPlace, service, step, type Place } from './orders.js';

let place: Place | undefined;

afterEach(async () => {
  await place?.close();
});

async function open(model: Service, change: Partial<Step> = {}): Promise<Place> {
  place = await openPlace({ services: [model], steps: [step(model.name, change)] });
  return place;
}

describe('the order endpoint', () => {
  it('gives requests without an index one of their own, and counts them as received', async () => {
    const { order, saw, server } = await open(service('payment', 1));
    const bodies = [await order(), await order(), await order(5), await order(-5)].map(({ body }) => body.orderId);
    expect(bodies).toEqual(['o-1000000000', 'o-1000000001', 'o-5', 'w-5']);
    expect(Array.from(saw('payment').calls.request)).toEqual([1_000_000_000, 1_000_000_001, 5, -5]);
    const { received, receivedWarmup } = await server.report();
    expect([received, receivedWarmup]).toEqual([3, 1]);
  });

  it('sends a small reply and no needless headers', async () => {
    const { order } = await open(service('payment', 1));
    const { headers } = await order(1);
    expect(Object.keys(headers).toSorted()).toEqual(['connection', 'content-length', 'content-type', 'date']);
  });

  it.each([
    [504, 'timeout', service('payment', 60_000), { timeout: 20 }],
    [502, 'error', service('payment', 1, { errors: 1 }), {}],
    [503, 'rejected', service('payment', 1, { workers: 0, queue: 0 }), {}],
  ])('replies %i for a step that failed by: %s', async (status, error, model, change) => {
    const { order, server } = await open(model, change);
    const reply = await order(1);
    expect([reply.status, reply.body]).toEqual([status, { error, step: 'payment' }]);
    expect((await server.report()).steps[0]).toMatchObject({ runs: 1, ok: 0, failed: 1, calls: 1 });
  });

  it('replies 503 when the service cannot be reached', async () => {
    const { order, services } = await open(service('payment', 1));
    await services[0]?.close();
    const reply = await order(1);
    expect([reply.status, reply.body]).toEqual([503, { error: 'connection', step: 'payment' }]);
  });

  it('replies 503 while the breaker of a step is open', async () => {
    const breaker = { trip: 0.5, minimum: 5, window: 600_000, reset: 600_000 };
    const { order, saw } = await open(service('payment', 1, { errors: 1 }), { breaker });
    const statuses: number[] = [];
    for (let request = 0; request < 8; request++) statuses.push((await order(request)).status);
    expect(statuses).toEqual([502, 502, 502, 502, 502, 503, 503, 503]);
    expect(saw('payment').received).toBe(5);
  });

  it('replies 503 when the event could not be published', async () => {
    const full = (): Bus => ({ ...memoryBus(), publish: () => Promise.reject(new Error('full')) });
    place = await openPlace({ architecture: 'hybrid', services: [service('payment', 1)], steps: [step('payment')], bus: full });
    const reply = await place.order(1);
    expect([reply.status, reply.body]).toEqual([503, { error: 'publish', step: 'order.placed' }]);
  });

  it('accepts with 202 and tells where the order stands, and of none that it has not taken', async () => {
    const models = [service('payment', 20), service('email', 1)];
    place = await openPlace({ architecture: 'event-driven', steps: [step('payment')], services: models, event: event([consumer('email')]) });
    const { order, get, server } = place;
    const reply = await order(9);
    expect([reply.status, reply.body]).toEqual([202, { orderId: 'o-9', status: 'accepted' }]);
    expect(reply.headers.location).toBe('/orders/o-9');
    await server.drain({ within: 30_000 });
    expect((await get('/orders/o-9')).body).toEqual({ orderId: 'o-9', status: 'confirmed' });
    expect((await get('/orders/o-77')).status).toBe(404);
    expect([(await server.report()).received, server.backlog()]).toEqual([1, { orders: 0, email: 0 }]);
  });

  it('ends its drain in time although work is left', async () => {
    const models = [service('payment', 1), service('email', 60_000)];
    place = await openPlace({ architecture: 'hybrid', steps: [step('payment')], services: models, event: event([consumer('email', { timeout: 60_000 })]) });
    await place.order(1);
    await place.server.drain({ within: 30 });
    expect(place.server.backlog()).toEqual({ email: 1 });
    // Its consumer would be waited for.
    await place.services[1]?.close();
  });
});
