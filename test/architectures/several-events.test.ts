import { describe, expect, it } from 'vitest';
import { judge } from '../../src/measurement/ledger.js';
import { topicsOf } from '../../src/architectures/topics.js';
import type { Clock } from '../../src/base/clock.js';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import type { BusinessEvent } from '../../src/scenarios/scenario.js';
import { consumer, event, graphOf, service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const services = [service('payment', 100), service('stock', 50), service('mail', 80), service('fraud', 400), service('ledger', 30)];
const steps = [step('payment'), step('stock', { after: ['payment'] })];
const paid = { ...event([]), name: 'paid', type: 'payment.captured', after: 'payment' };

function shop(ofPlaced: Partial<BusinessEvent> = {}, ofPaid: Partial<BusinessEvent> = {}): BusinessEvent {
  const { consumers: _, ...further } = { ...paid, ...ofPaid };
  const heard = [consumer('mail', { hears: 'placed' }), consumer('fraud', { hears: 'paid' }), consumer('ledger', { hears: 'paid' })];
  return { ...event(heard, { name: 'placed', ...ofPlaced }), further: [further] };
}

describe('several events', () => {
  it('are each published at their own moment, to their own consumers', async () => {
    const place = await openVirtualPlace({ architecture: 'hybrid', steps, services, event: shop() });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 150 }]);
    expect(await place.drain()).toBe(500);
    expect([place.calls('ledger'), place.calls('fraud'), place.calls('mail')]).toMatchObject([[{ from: 100, until: 130 }], [{ from: 100, until: 500 }], [{ from: 150, until: 230 }]]);
  });

  it('take their time one after the other at one place', async () => {
    const place = await openVirtualPlace({ architecture: 'hybrid', steps, services, event: shop({ publish: 5, after: 'payment', messages: 2 }, { publish: 20 }) });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 100 + 2 * 5 + 20 + 50 }]);
    await place.drain();
    expect(place.calls('mail').map(({ from }) => from)).toEqual([100, 105]);
    expect(place.calls('ledger')).toMatchObject([{ from: 110 }]);
  });

  it('are waited for, those that say so', async () => {
    const place = await openVirtualPlace({ architecture: 'hybrid', steps, services, event: shop({ wait: true }, { wait: true }) });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 500 }]);
  });

  it('are published by the worker of event-driven', async () => {
    const place = await openVirtualPlace({ architecture: 'event-driven', steps, services, event: shop() });
    expect(await place.order(1)).toEqual([{ said: 'accepted', at: 0 }]);
    await place.drain();
    expect([place.calls('ledger'), place.calls('mail')]).toMatchObject([[{ from: 100 }], [{ from: 150 }]]);
  });

  it('keep their books when another cannot be published', async () => {
    const bus = (clock: Clock): Bus => {
      const own = memoryBus({ clock });
      return { ...own, publish: async (one) => (one.type === 'order.placed' ? Promise.reject(new Error('refused')) : own.publish(one)) };
    };
    const place = await openVirtualPlace({ architecture: 'hybrid', steps, services, event: shop(), bus });
    expect(await place.order(1)).toEqual([{ said: 'order.placed could not be published', at: 150 }]);
    await place.rest();
    const topics = topicsOf(graphOf({ architecture: 'hybrid', steps, services, event: shop() }));
    const books = topics.map((topic) => judge(place.arrangement.parts.history().filter((entry) => entry.event.startsWith(`${topic.source} `)), { topics: [topic], held: 'everything', endedAt: 1000 }).counts);
    expect(books).toMatchObject([{ attempted: 1, acknowledged: 1, processed: 1 }, { attempted: 1, acknowledged: 0, processed: 0 }]);
  });
});
