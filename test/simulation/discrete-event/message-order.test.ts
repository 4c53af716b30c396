import { describe, expect, it } from 'vitest';
import { MessageOrder } from '../../../src/simulation/discrete-event/message-order.js';

describe('MessageOrder', () => {
  it('knows a message that begins after a later one, at each place by itself', () => {
    const order = new MessageOrder();
    order.forget(0, 2);
    expect([0, 2, 1, 2, 3].map((ordinal, at) => order.begin(0, ordinal, at))).toEqual([true, true, false, true, true]);
    expect(order.begin(1, 0, 9)).toBe(true);
  });

  it('takes what begins at one moment for in order', () => {
    const order = new MessageOrder();
    order.forget(0, 1);
    expect([order.begin(0, 2, 5), order.begin(0, 1, 5), order.begin(0, 0, 6)]).toEqual([true, true, false]);
  });

  it('forgets what was there, at any place', () => {
    const order = new MessageOrder();
    order.forget(5000, 3);
    expect([order.begin(5002, 4, 1), order.begin(5002, 0, 2)]).toEqual([true, false]);
    order.forget(5000, 3);
    expect(order.begin(5002, 0, 3)).toBe(true);
  });
});
