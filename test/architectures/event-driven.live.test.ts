import { afterEach, describe, expect, it } from 'vitest';
import { orderWorkers } from '../../src/architectures/event-driven.js';
import { topicsOf } from '../../src/architectures/topics.js';
import { consumer, event, openPlace, service, step, type Place, type PlaceOptions } from './orders.js';

let place: Place | undefined;

afterEach(async () => {
  await place?.close();
});

const services = [
  service('payment', 200), service('inventory', 50), service('email', 10), service('broken', 1, { errors: 1 }),
];
const business = event([consumer('email')]);

async function open(change: Partial<PlaceOptions> = {}): Promise<Place> {
  place = await openPlace({
    architecture: 'event-driven', steps: [step('payment'), step('inventory')], services, event: business, ...change,
  });
  return place;
}

describe('event-driven', () => {
  it('accepts at once and tells later how the order ended', async () => {
    const { order, get, saw, server } = await open();
    await order(-1);
    const reply = await order(9);
    expect([reply.status, reply.body]).toEqual([202, { orderId: 'o-9', status: 'accepted' }]);
    expect(reply.headers.location).toBe('/orders/o-9');
    expect(saw('payment').calls.outcome.length).toBeLessThan(2);
    expect((await get('/orders/o-9')).body).toEqual({ orderId: 'o-9', status: 'accepted' });
    await server.drain({ within: 2000 });
    expect((await get('/orders/o-9')).body).toEqual({ orderId: 'o-9', status: 'confirmed' });
    expect(saw('inventory').calls.endedAt[1]).toBeGreaterThan((saw('payment').calls.endedAt[1] ?? 0) + 47);
    expect(Array.from(saw('email').calls.request)).toEqual([-1, 9]);
    expect(server.backlog()).toEqual({ orders: 0, email: 0 });
  });

  it('marks an order failed whose critical step failed for good, and dead-letters it', async () => {
    const { order, get, saw, server } = await open({ steps: [step('payment'), step('broken')] });
    expect((await order(1)).status).toBe(202);
    await server.drain({ within: 2000 });
    expect((await get('/orders/o-1')).body).toEqual({ orderId: 'o-1', status: 'failed', step: 'broken' });
    const { history } = server.report();
    expect(history.filter(({ kind }) => kind === 'deadLettered').map((entry) => entry.consumer)).toEqual(['orders']);
    expect(saw('broken').received).toBe(1);
    expect(saw('email').received).toBe(0);
  });

  it('knows which topic each event belongs to', async () => {
    const { order, server } = await open();
    await order(1);
    await server.drain({ within: 2000 });
    const { history } = server.report();
    const heard = topicsOf('event-driven', business).map(({ source }) =>
      history.filter((entry) => entry.kind === 'processed' && entry.event.startsWith(`${source} `)).map((entry) => entry.consumer));
    expect(heard).toEqual([['orders'], ['email']]);
  });

  it('works on as many submissions at once as its critical services serve', async () => {
    const { order, saw, server } = await open({ orderWorkers: 2 });
    await Promise.all([1, 2, 3, 4, 5, 6].map(order));
    await server.drain({ within: 2000 });
    expect(saw('payment').peak.inProgress).toBe(2);
    expect(saw('payment').received).toBe(6);
  });

  it('knows no order that it has not taken', async () => {
    const { get } = await open();
    expect((await get('/orders/o-77')).status).toBe(404);
  });
});

describe('workers of the orders consumer', () => {
  it('are the sum of those of the critical services, each counted once', () => {
    const steps = [step('pay', { call: 'payment' }), step('refund', { call: 'payment' }), step('email', { critical: false })];
    expect(orderWorkers(steps, [service('payment', 1, { workers: 7 }), service('email', 1, { workers: 2 })])).toBe(7);
    expect(orderWorkers(steps, [service('payment', 1)])).toBe('unlimited');
    expect(orderWorkers([], [])).toBe('unlimited');
  });
});
