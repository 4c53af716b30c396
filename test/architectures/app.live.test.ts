import { afterEach, describe, expect, it } from 'vitest';
import type { Service, Step } from '../../src/scenarios/scenario.js';
import { openPlace, service, step, type Place } from './orders.js';

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
    const { received, receivedWarmup } = server.report();
    expect([received, receivedWarmup]).toEqual([3, 1]);
  });

  it('sends a small reply and no needless headers', async () => {
    const { order } = await open(service('payment', 1));
    const { headers } = await order(1);
    expect(Object.keys(headers).toSorted()).toEqual(['connection', 'content-length', 'content-type', 'date']);
  });

  it.each([
    [504, 'timeout', service('payment', 80), { timeout: 20 }],
    [502, 'error', service('payment', 1, { errors: 1 }), {}],
    [503, 'rejected', service('payment', 1, { workers: 0, queue: 0 }), {}],
  ])('replies %i for a step that failed by: %s', async (status, error, model, change) => {
    const { order, server } = await open(model, change);
    const reply = await order(1);
    expect([reply.status, reply.body]).toEqual([status, { error, step: 'payment' }]);
    expect(server.report().steps[0]).toMatchObject({ runs: 1, ok: 0, failed: 1, calls: 1 });
  });

  it('replies 503 when the service cannot be reached', async () => {
    const { order, services } = await open(service('payment', 1));
    await services[0]?.close();
    const reply = await order(1);
    expect([reply.status, reply.body]).toEqual([503, { error: 'connection', step: 'payment' }]);
  });

  it('makes retries, a used up budget and an open breaker visible', async () => {
    const retries = { attempts: 3, backoff: 1, jitter: 'full', budget: 0.5 } as const;
    const { order, saw, server } = await open(service('payment', 1, { errors: 1 }), { retries });
    for (let request = 0; request < 8; request++) await order(request);
    expect(saw('payment').received).toBe(8 + 4);
    expect(server.report().steps[0]).toMatchObject({ runs: 8, failed: 8, calls: 12, errors: 12, budgetExhausted: 8 });
    await place?.close();

    const breaker = { trip: 0.5, minimum: 5, window: 10_000, reset: 10_000 };
    const guarded = await open(service('payment', 1, { errors: 1 }), { breaker });
    const statuses: number[] = [];
    for (let request = 0; request < 8; request++) statuses.push((await guarded.order(request)).status);
    expect(statuses).toEqual([502, 502, 502, 502, 502, 503, 503, 503]);
    expect(guarded.saw('payment').received).toBe(5);
    expect(guarded.server.report().steps[0]).toMatchObject({ runs: 8, calls: 5, shortCircuited: 3, breakerOpened: 1 });
  });

  it('succeeds in the end when a retry does', async () => {
    const flaky = service('payment', 1, { errors: 0.5 });
    const { order, server } = await open(flaky, { retries: { attempts: 8, backoff: 1, jitter: 'none', budget: 1 } });
    const statuses = await Promise.all(Array.from({ length: 20 }, (_, request) => order(request)));
    expect(statuses.filter(({ status }) => status === 200).length).toBeGreaterThan(17);
    const [report] = server.report().steps;
    expect(report?.calls).toBeGreaterThan(25);
    expect(report?.runs).toBe(20);
  });
});
