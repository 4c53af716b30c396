import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/scenarios/scenario.js';
import { service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const services = [service('form', 20), service('a', 100), service('b', 200), service('c', 300), service('broken', 150, { errors: 1 }), service('store', 10), service('undo', 5)];

/** A form, then a group of these that needs so many, then what stores them. */
async function order(calls: string[], need: number, within?: number, change: Partial<Step> = {}) {
  const group = { name: 'quotes', need, ...(within !== undefined && { within }) };
  const steps = [step('form'), ...calls.map((call, i) => step(`${call}${i}`, { call, after: ['form'], group, ...change })), step('store', { after: calls.map((call, i) => `${call}${i}`) })];
  const place = await openVirtualPlace({ architecture: 'parallel', steps, services });
  return { place, said: await place.order(1) };
}

describe('a group of steps', () => {
  it('goes on with what has come within its time, when it is enough', async () => {
    expect((await order(['a', 'b', 'c'], 2, 250)).said).toEqual([{ said: 'confirmed', at: 20 + 250 + 10 }]);
    expect((await order(['a', 'b', 'c'], 3, 250)).said).toEqual([{ said: 'quotes: timeout', at: 20 + 250 }]);
  });

  it('goes on when all have come', async () => {
    expect((await order(['a', 'b', 'c'], 2, 1000)).said).toEqual([{ said: 'confirmed', at: 20 + 300 + 10 }]);
  });

  it('goes on as soon as it has enough, where it has no time', async () => {
    const { place, said } = await order(['a', 'b', 'c'], 2);
    expect(said).toEqual([{ said: 'confirmed', at: 20 + 200 + 10 }]);
    // The last runs on.
    await place.rest();
    expect(place.calls('c')).toMatchObject([{ from: 20, until: 320, outcome: 'ok' }]);
  });

  it('does without some that fail, and fails as soon as fewer can succeed than must', async () => {
    expect((await order(['a', 'broken', 'c'], 2)).said).toEqual([{ said: 'confirmed', at: 20 + 300 + 10 }]);
    expect((await order(['a', 'broken', 'c'], 3, 1000)).said).toEqual([{ said: 'broken1: error', at: 20 + 150 }]);
  });

  it('fails with the step before it, which it comes after', async () => {
    const group = { name: 'quotes', need: 1 };
    const steps = [step('broken'), step('a', { after: ['broken'], group }), step('b', { after: ['broken'], group })];
    const place = await openVirtualPlace({ architecture: 'parallel', steps, services });
    expect(await place.order(1)).toEqual([{ said: 'broken: error', at: 150 }]);
    await place.rest();
    expect(place.received('a')).toBe(0);
  });

  it('is undone, what of it has succeeded, once all of it has ended', async () => {
    const { place } = await order(['a', 'broken', 'c'], 3, 200, { compensate: 'undo' });
    await place.rest();
    expect(place.calls('undo')).toMatchObject([{ from: 320, until: 325 }, { from: 325, until: 330 }]);
  });
});
