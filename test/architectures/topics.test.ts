import { describe, expect, it } from 'vitest';
import { topicsOf } from '../../src/architectures/topics.js';
import { consumer, event } from './orders.js';

const placed = event([consumer('email'), consumer('analytics')]);

describe('topics', () => {
  it('are none without events, one for hybrid, two for event-driven', () => {
    expect(topicsOf('sync', placed)).toEqual([]);
    expect(topicsOf('parallel', placed)).toEqual([]);
    expect(topicsOf('hybrid', placed)).toEqual([
      { name: 'orders', type: 'order.placed', source: '/orders', consumers: ['email', 'analytics'] },
    ]);
    expect(topicsOf('event-driven', placed).map(({ type, consumers }) => [type, consumers])).toEqual([
      ['order.submitted', ['orders']],
      ['order.placed', ['email', 'analytics']],
    ]);
  });

  it('have sources of their own, so that an event tells its topic', () => {
    const sources = topicsOf('event-driven', event([], { type: 'signup' })).map(({ source }) => source);
    expect(new Set(sources).size).toBe(2);
  });
});
