import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/scenarios/scenario.js';
import { service, step } from './orders.js';
import { openVirtualPlace, type VirtualPlace } from './virtual-place.js';

const services = [
  service('payment', 250), service('inventory', 200), service('email', 150), service('broken', 5, { errors: 1 }),
];

function open(...steps: Step[]): Promise<VirtualPlace> {
  return openVirtualPlace({ architecture: 'parallel', steps, services });
}

describe('parallel', () => {
  it('runs steps side by side that do not need each other', async () => {
    const place = await open(step('payment'), step('inventory'), step('email'));
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 250 }]);
    expect(['payment', 'inventory', 'email'].flatMap((name) => place.calls(name).map(({ from }) => from))).toEqual([0, 0, 0]);
  });

  it('begins a step when all that it comes after are done, whatever their order in the list', async () => {
    const place = await open(step('email', { after: ['payment', 'inventory'] }), step('payment'), step('inventory'));
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 400 }]);
    expect(place.calls('inventory')).toMatchObject([{ from: 0, until: 200 }]);
    expect(place.calls('email')).toMatchObject([{ from: 250, until: 400 }]);
  });

  it('replies at the first failure; what runs runs on, what comes after never begins', async () => {
    const place = await open(step('payment'), step('broken'), step('email', { after: ['broken'] }));
    expect(await place.order(1)).toEqual([{ said: 'broken: error', at: 5 }]);
    expect(place.calls('payment')).toEqual([]);
    await place.rest();
    expect(place.calls('payment')).toEqual([{ request: 1, from: 0, until: 250, outcome: 'ok' }]);
    expect(place.received('email')).toBe(0);
  });
});
