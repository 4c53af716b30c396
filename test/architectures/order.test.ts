import { describe, expect, it } from 'vitest';
import { OrderBook, orderOf } from '../../src/architectures/order.js';

describe('orders', () => {
  it('have ids of their own, in warm-up as well', () => {
    const ids = [-2, -1, 0, 1, 1_000_000_000].map((request) => orderOf(request).id);
    expect(new Set(ids).size).toBe(5);
  });
});

describe('the order book', () => {
  it('tells how an order stands', () => {
    const book = new OrderBook();
    for (const id of ['a', 'b', 'c']) book.accept(id);
    book.confirm('b');
    book.fail('c', 'payment');
    expect(['a', 'b', 'c', 'd'].map((id) => book.stateOf(id))).toEqual([
      { status: 'accepted' },
      { status: 'confirmed' },
      { status: 'failed', step: 'payment' },
      undefined,
    ]);
  });

  it('forgets the oldest order when there are too many, and does not bring it back', () => {
    const book = new OrderBook(2);
    for (const id of ['a', 'b', 'c']) book.accept(id);
    book.confirm('a');
    expect(['a', 'b', 'c'].map((id) => book.stateOf(id)?.status)).toEqual([undefined, 'accepted', 'accepted']);
  });
});
