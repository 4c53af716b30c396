import { describe, expect, it } from 'vitest';
import { topicsOf } from '../../src/architectures/topics.js';
import type { Clock } from '../../src/base/clock.js';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import { judge } from '../../src/measurement/ledger.js';
import { consumer, event, graphOf, service, step } from './orders.js';
import { openVirtualPlace, type VirtualOptions, type VirtualPlace } from './virtual-place.js';

const services = [
  service('payment', 200), service('inventory', 50), service('email', 10), service('broken', 1, { errors: 1 }),
];
const STEPS = [step('payment'), step('inventory', { after: ['payment'] })];
const business = event([consumer('email')]);

function open(change: Partial<VirtualOptions> = {}): Promise<VirtualPlace> {
  return openVirtualPlace({
    architecture: 'event-driven', steps: STEPS, services, event: business, ...change,
  });
}

describe('event-driven', () => {
  it('accepts at once and tells later how the order ended', async () => {
    const place = await open();
    expect(await place.order(-1, 9)).toEqual([{ said: 'accepted', at: 0 }, { said: 'accepted', at: 0 }]);
    expect(place.stateOf(9)).toEqual({ status: 'accepted' });
    await place.clock.advance(249);
    expect(place.stateOf(9)).toEqual({ status: 'accepted' });
    await place.clock.advance(1);
    expect(place.stateOf(9)).toEqual({ status: 'confirmed' });
    expect(await place.drain()).toBe(260);
    expect(place.calls('inventory')).toMatchObject([{ request: -1, from: 200 }, { request: 9, from: 200 }]);
    expect(place.calls('email')).toMatchObject([{ request: -1, from: 250 }, { request: 9, from: 250 }]);
    expect(place.backlog).toEqual({ orders: 0, email: 0 });
  });

  it('marks an order failed whose critical step failed for good, and dead-letters it', async () => {
    const place = await open({ steps: [step('payment'), step('broken', { after: ['payment'] })] });
    expect(await place.order(1)).toEqual([{ said: 'accepted', at: 0 }]);
    expect(await place.drain()).toBe(201);
    expect(place.stateOf(1)).toEqual({ status: 'failed', step: 'broken' });
    expect(place.recorded('deadLettered')).toEqual(['orders']);
    await place.rest();
    expect([place.received('broken'), place.received('email')]).toEqual([1, 0]);
  });

  it('knows which topic each event belongs to', async () => {
    const place = await open();
    await place.order(1);
    await place.drain();
    const history = place.arrangement.parts.history();
    const heard = topicsOf(graphOf({ architecture: 'event-driven', event: business, services })).map(({ source }) =>
      history.filter((entry) => entry.kind === 'processed' && entry.event.startsWith(`${source} `)).map((entry) => entry.consumer));
    expect(heard).toEqual([['orders'], ['email']]);
  });

  it('tells what was recorded and what is held of one moment, while its workers publish on', async () => {
    // A bus that says at once what it holds, and takes its time to answer.
    const slow = (clock: Clock): Bus => {
      const bus = memoryBus({ clock });
      return { ...bus, held: () => bus.held().then((held) => new Promise((resolve) => clock.at(clock.now() + 500, () => resolve(held)))) };
    };
    const narrow = [service('payment', 200, { workers: 1 }), service('email', 10)];
    const place = await open({ steps: [step('payment')], services: narrow, bus: slow });
    await place.order(1, 2, 3, 4, 5);
    await place.clock.advance(450);
    const asked = place.arrangement.parts.eventsSeen();
    await place.rest();
    const { history, held } = await asked;
    const graph = graphOf({ architecture: 'event-driven', steps: [step('payment')], event: business, services: narrow });
    const { counts } = judge(history, { topics: topicsOf(graph), held, endedAt: 450 });
    expect(counts).toMatchObject({ attempted: 5 + 2, processed: 2 + 2, pending: 3, lost: 0 });
  });

  it('works on as many submissions at once as its critical services serve', async () => {
    const narrow = [service('payment', 200, { workers: 2 }), service('email', 10)];
    const place = await open({ steps: [step('charge', { call: 'payment' }), step('receipt', { call: 'payment', after: ['charge'] })], services: narrow });
    await place.order(1, 2, 3, 4, 5, 6);
    await place.drain();
    expect(place.calls('payment').map(({ request, from }) => [request, from])).toEqual([
      [1, 0], [2, 0], [1, 200], [2, 200], [3, 400], [4, 400], [3, 600], [4, 600], [5, 800], [6, 800], [5, 1000], [6, 1000],
    ]);
  });
});
