import { describe, expect, it } from 'vitest';
import { service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const services = [service('payment', 40), service('inventory', 30), service('email', 20, { errors: 1 })];

describe('sync', () => {
  it('runs one step after the other, each once, and then replies', async () => {
    const place = await openVirtualPlace({ steps: [step('payment'), step('inventory', { critical: false })], services });
    expect(await place.order(4711)).toEqual([{ said: 'confirmed', at: 70 }]);
    expect(place.calls('payment')).toEqual([{ request: 4711, from: 0, until: 40, outcome: 'ok' }]);
    expect(place.calls('inventory')).toEqual([{ request: 4711, from: 40, until: 70, outcome: 'ok' }]);
    expect(place.arrangement.parts.steps.map(({ report: { name, runs, ok, calls } }) => ({ name, runs, ok, calls }))).toEqual([
      { name: 'payment', runs: 1, ok: 1, calls: 1 },
      { name: 'inventory', runs: 1, ok: 1, calls: 1 },
    ]);
  });

  it('stops at the first failure, critical or not', async () => {
    const place = await openVirtualPlace({ steps: [step('email', { critical: false }), step('payment')], services });
    expect(await place.order(1)).toEqual([{ said: 'email: error', at: 20 }]);
    await place.rest();
    expect(place.received('payment')).toBe(0);
    expect(place.arrangement.parts.steps.map(({ report: { runs, failed } }) => [runs, failed])).toEqual([[1, 1], [0, 0]]);
  });
});
