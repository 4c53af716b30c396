import { describe, expect, it } from 'vitest';
import { Order } from '../../../src/simulation/engine/order.js';

describe('Order', () => {
  it('knows a message that begins after a later one, at each place by itself', () => {
    const order = new Order();
    order.forget(0, 2);
    expect([0, 2, 1, 2, 3].map((ordinal) => order.begin(0, ordinal))).toEqual([true, true, false, true, true]);
    expect(order.begin(1, 0)).toBe(true);
  });

  it('forgets what was there, at any place', () => {
    const order = new Order();
    order.forget(5000, 3);
    expect([order.begin(5002, 4), order.begin(5002, 0)]).toEqual([true, false]);
    order.forget(5000, 3);
    expect(order.begin(5002, 0)).toBe(true);
  });
});
