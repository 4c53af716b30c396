import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/events/bus.js';
import { identityOf } from '../../src/events/envelope.js';
import { memoryBus } from '../../src/events/memory.js';
import { eventOf, subscriptionOf } from './fixtures.js';
import { VirtualClock } from '../support/virtual-clock.js';

/** A handler that notes what it was given and works for `ms` of virtual time. */
function working(time: VirtualClock, ms: number) {
  const log: string[] = [];
  const handler = ({ event, attempt }: Delivery): Promise<void> => {
    log.push(`${time.now()}: ${event.request}#${attempt}`);
    return new Promise((resolve) => void time.at(time.now() + ms, resolve));
  };
  return { log, handler };
}

describe('memoryBus', () => {
  it('starts no delivery within the call of publish', async () => {
    const time = new VirtualClock();
    const { log, handler } = working(time, 5);
    const bus = memoryBus({ clock: time });
    await bus.subscribe(subscriptionOf({ handler }));
    await bus.publish(eventOf(1));
    expect(log).toEqual([]);
    await time.advance(0);
    expect(log).toEqual(['0: 1#1']);
  });

  it('gives every consumer every event, in order, as many at once as it has workers', async () => {
    const time = new VirtualClock();
    const email = working(time, 10);
    const analytics = working(time, 4);
    const bus = memoryBus({ clock: time });
    await bus.subscribe(subscriptionOf({ consumer: 'email', workers: 2, handler: email.handler }));
    await bus.subscribe(subscriptionOf({ consumer: 'analytics', workers: 1, handler: analytics.handler }));
    for (const request of [1, 2, 3]) await bus.publish(eventOf(request));
    await time.advance(100);
    expect(email.log).toEqual(['0: 1#1', '0: 2#1', '10: 3#1']);
    expect(analytics.log).toEqual(['0: 1#1', '4: 2#1', '8: 3#1']);
  });

  it('takes any number at once with unlimited workers', async () => {
    const time = new VirtualClock();
    const { log, handler } = working(time, 10);
    const bus = memoryBus({ clock: time });
    await bus.subscribe(subscriptionOf({ workers: Infinity, handler }));
    for (const request of [1, 2, 3, 4, 5]) await bus.publish(eventOf(request));
    await time.advance(0);
    expect(log).toHaveLength(5);
  });

  it('delivers again after its backoff, holding no worker meanwhile, and behind what was published since', async () => {
    const time = new VirtualClock();
    const log: string[] = [];
    const bus = memoryBus({ clock: time });
    await bus.subscribe(
      subscriptionOf({
        attempts: 5,
        backoff: (attempt) => 100 * attempt,
        handler: ({ event, attempt }) => {
          log.push(`${time.now()}: ${event.request}#${attempt}`);
          return event.request === 1 && attempt < 3 ? Promise.reject(new Error('no')) : Promise.resolve();
        },
      }),
    );
    await bus.publish(eventOf(1));
    await bus.publish(eventOf(2));
    await time.advance(1000);
    expect(log).toEqual(['0: 1#1', '0: 2#1', '100: 1#2', '300: 1#3']);
  });

  it('dead-letters after the last attempt, once, and goes on', async () => {
    const time = new VirtualClock();
    const dead: string[] = [];
    let deliveries = 0;
    const bus = memoryBus({ clock: time });
    await bus.subscribe(
      subscriptionOf({
        attempts: 3,
        handler: ({ event }) => {
          deliveries++;
          return event.request === 1 ? Promise.reject(new Error('poison')) : Promise.resolve();
        },
        onDeadLetter: (event) => dead.push(event.id),
      }),
    );
    await bus.publish(eventOf(1));
    await bus.publish(eventOf(2));
    await time.advance(1000);
    expect(dead).toEqual([eventOf(1).id]);
    expect(deliveries).toBe(4);
  });

  it('treats a handler that throws at once like one that rejects', async () => {
    const time = new VirtualClock();
    const dead: string[] = [];
    const bus = memoryBus({ clock: time });
    const handler = (): Promise<void> => {
      throw new Error('at once');
    };
    await bus.subscribe(subscriptionOf({ attempts: 1, handler, onDeadLetter: (event) => dead.push(event.id) }));
    await bus.publish(eventOf(1));
    await time.advance(1);
    expect(dead).toEqual([eventOf(1).id]);
  });

  it('holds what waits, is in progress or between two attempts', async () => {
    const time = new VirtualClock();
    const bus = memoryBus({ clock: time });
    const handler = ({ event }: Delivery): Promise<void> =>
      event.request === 1 ? Promise.reject(new Error('no')) : new Promise((resolve) => void time.at(time.now() + 100, resolve));
    await bus.subscribe(subscriptionOf({ backoff: () => 1000, handler }));
    for (const request of [1, 2, 3]) await bus.publish(eventOf(request));
    await time.advance(10);
    expect(await bus.held()).toEqual({ email: [1, 2, 3].map((request) => identityOf(eventOf(request))) });
    await time.advance(500);
    expect(await bus.held()).toEqual({ email: [identityOf(eventOf(1))] });
  });

  it('finishes what is in progress when closed, starts nothing more and takes nothing more', async () => {
    const time = new VirtualClock();
    const { log, handler } = working(time, 10);
    const bus = memoryBus({ clock: time });
    await bus.subscribe(subscriptionOf({ handler }));
    await bus.publish(eventOf(1));
    await bus.publish(eventOf(2));
    await time.advance(5);
    let isClosed = false;
    const closing = bus.close().then(() => (isClosed = true));
    await time.advance(4);
    expect(isClosed).toBe(false);
    await time.advance(10);
    await closing;
    expect(log).toEqual(['0: 1#1']);
    expect(await bus.held()).toEqual({ email: [identityOf(eventOf(2))] });
    await expect(bus.publish(eventOf(3))).rejects.toThrow('The bus is closed');
    await expect(bus.subscribe(subscriptionOf())).rejects.toThrow('The bus is closed');
  });

  it('closes at once with nothing in progress, though something waits for its backoff', async () => {
    const time = new VirtualClock();
    let deliveries = 0;
    const bus = memoryBus({ clock: time });
    await bus.subscribe(subscriptionOf({ handler: () => Promise.reject(new Error(`no ${++deliveries}`)) }));
    await bus.publish(eventOf(1));
    await time.advance(1);
    await bus.close();
    await time.advance(1000);
    expect(deliveries).toBe(1);
  });
});
