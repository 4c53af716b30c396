import { describe, expect, it } from 'vitest';
import { callGraphOf } from '../../../src/scenarios/architectures.js';
import { FlowOrder } from '../../../src/simulation/discrete-event/flow.js';
import { event, step } from '../../architectures/orders.js';

const steps = [step('stock'), step('price'), step('pay', { after: ['stock', 'price'] }), step('mail', { critical: false, after: ['pay'] })];

function orderOf(architecture: 'parallel' | 'hybrid', after: string | null = null): FlowOrder {
  return new FlowOrder(callGraphOf({ architecture, services: [], steps, event: event([], { after }) }).request, []);
}

describe('the order of a flow', () => {
  it('tells which tasks come first, and which follow', () => {
    const order = orderOf('parallel');
    expect(order.first).toEqual([0, 1]);
    expect([0, 1, 2, 3].map((task) => order.followersOf(task))).toEqual([[2], [2], [3], []]);
    expect(order.isEffect).toEqual([true, true, true, false]);
  });

  it('lets a task begin after the last of those that it comes after, for each request by itself, however many there are', () => {
    const order = orderOf('parallel');
    for (const row of [0, 5000]) order.begin(row);
    expect([order.meet(0, 2), order.meet(5000, 2), order.meet(5000, 2), order.meet(0, 2)]).toEqual([false, false, true, true]);
    // A row that is used again begins anew.
    order.begin(0);
    expect([order.meet(0, 2), order.meet(0, 2), order.meet(0, 3)]).toEqual([false, true, true]);
  });

  it('knows its callers from what is published, and who goes on where nothing else is to be done', () => {
    const order = orderOf('hybrid', 'price');
    // Stock and price side by side, the event after price, and pay after both.
    expect(order.callerOf).toEqual([0, 1, -1, 2]);
    expect(order.taskOf).toEqual([0, 1, 3]);
    expect(order.passesOnTo).toEqual([-1, -1, -1]);
    const chain = new FlowOrder(callGraphOf({ architecture: 'sync', services: [], steps, event: event([]) }).request, []);
    expect(chain.passesOnTo).toEqual([1, 2, 3, -1]);
    expect(orderOf('parallel').passesOnTo).toEqual([-1, -1, 3, -1]);
  });
});
