import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Step } from '../../src/scenarios/scenario.js';
import type { ServiceReport } from '../../src/services/services.js';
import { openPlace, service, step, type Place } from './orders.js';

let place: Place | undefined;

afterEach(async () => {
  await place?.close();
});

const services = [
  service('payment', 250), service('inventory', 200), service('email', 150), service('broken', 5, { errors: 1 }),
];

async function open(steps: Step[]): Promise<Place> {
  place = await openPlace({ architecture: 'parallel', steps, services });
  return place;
}

/** When the only call was in progress. */
function spanOf({ calls }: ServiceReport): { start: number; end: number } {
  const end = calls.endedAt[0] ?? Number.NaN;
  return { start: end - (calls.serviceTime[0] ?? 0), end };
}

describe('parallel', () => {
  it('runs steps side by side that do not need each other', async () => {
    const { order, saw } = await open([step('payment'), step('inventory'), step('email')]);
    const reply = await order(1);
    expect([reply.status, reply.body]).toEqual([200, { orderId: 'o-1', status: 'confirmed' }]);
    expect(reply.ms).toBeGreaterThan(247);
    const spans = ['payment', 'inventory', 'email'].map((name) => spanOf(saw(name)));
    expect(Math.max(...spans.map(({ start }) => start))).toBeLessThan(Math.min(...spans.map(({ end }) => end)));
  });

  it('begins a step when all that it comes after are done, whatever their order in the list', async () => {
    const { order, saw } = await open([step('email', { after: ['payment', 'inventory'] }), step('payment'), step('inventory')]);
    expect((await order(1)).ms).toBeGreaterThan(396);
    const [payment, inventory, email] = [saw('payment'), saw('inventory'), saw('email')].map(spanOf);
    expect(email?.start).toBeGreaterThan(Math.max(payment?.end ?? Infinity, inventory?.end ?? Infinity));
    expect(inventory?.start).toBeLessThan(payment?.end ?? 0);
  });

  it('replies at the first failure; what runs runs on, what comes after never begins', async () => {
    const { order, saw } = await open([step('payment'), step('broken'), step('email', { after: ['broken'] })]);
    const reply = await order(1);
    expect([reply.status, reply.body]).toEqual([502, { error: 'error', step: 'broken' }]);
    expect(saw('payment').calls.outcome).toHaveLength(0);
    await vi.waitFor(() => expect(saw('payment').calls.outcome).toHaveLength(1));
    expect(saw('email').received).toBe(0);
  });
});
