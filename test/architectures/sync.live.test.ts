import { afterEach, describe, expect, it } from 'vitest';
import type { Architecture, Step } from '../../src/scenarios/scenario.js';
import { openPlace, service, step, type Place } from './orders.js';

let place: Place | undefined;

afterEach(async () => {
  await place?.close();
});

const services = [service('payment', 40), service('inventory', 30), service('email', 20, { errors: 1 })];

async function open(steps: Step[], architecture: Architecture = 'sync'): Promise<Place> {
  place = await openPlace({ architecture, steps, services });
  return place;
}

describe('sync', () => {
  it('runs one step after the other, each once, and then replies', async () => {
    const { order, saw, server } = await open([step('payment'), step('inventory', { critical: false })]);
    const reply = await order(4711);
    expect([reply.status, reply.body]).toEqual([200, { orderId: 'o-4711', status: 'confirmed' }]);
    expect(reply.ms).toBeGreaterThan(66);
    const [payment, inventory] = [saw('payment').calls, saw('inventory').calls];
    expect([payment.request[0], inventory.request[0]]).toEqual([4711, 4711]);
    expect(inventory.endedAt[0]).toBeGreaterThan((payment.endedAt[0] ?? 0) + 28);
    expect(server.report().steps.map(({ name, runs, ok, calls }) => ({ name, runs, ok, calls }))).toEqual([
      { name: 'payment', runs: 1, ok: 1, calls: 1 },
      { name: 'inventory', runs: 1, ok: 1, calls: 1 },
    ]);
  });

  it('stops at the first failure, critical or not', async () => {
    const { order, saw, server } = await open([step('email', { critical: false }), step('payment')]);
    const reply = await order(1);
    expect([reply.status, reply.body]).toEqual([502, { error: 'error', step: 'email' }]);
    expect(saw('payment').received).toBe(0);
    expect(server.report().steps.map(({ runs, failed }) => [runs, failed])).toEqual([[1, 1], [0, 0]]);
  });
});
