import { describe, expect, it } from 'vitest';
import { topicsOf } from '../../src/architectures/topics.js';
import type { Architecture } from '../../src/scenarios/architectures.js';
import { consumer, event, graphOf } from './orders.js';

const placed = event([consumer('email'), consumer('analytics')]);

function topics(architecture: Architecture, business = placed) {
  return topicsOf(graphOf({ architecture, event: business, services: [] }));
}

describe('topics', () => {
  it('are none without events, one for hybrid, two for event-driven', () => {
    expect(topics('sync')).toEqual([]);
    expect(topics('parallel')).toEqual([]);
    expect(topics('hybrid')).toEqual([
      { name: 'orders', type: 'order.placed', source: '/orders', consumers: ['email', 'analytics'] },
    ]);
    expect(topics('event-driven').map(({ type, consumers }) => [type, consumers])).toEqual([
      ['order.submitted', ['orders']],
      ['order.placed', ['email', 'analytics']],
    ]);
  });

  it('have sources of their own, so that an event tells its topic', () => {
    const sources = topics('event-driven', event([], { type: 'signup' })).map(({ source }) => source);
    expect(new Set(sources).size).toBe(2);
  });
});
