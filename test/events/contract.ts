/** What every bus must do, whatever is behind it. Each adapter's test runs it against the real thing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Adapter, ConnectOptions } from '../../src/events/adapter.js';
import { BUSES, type BusName } from '../../src/events/buses.js';
import type { Capabilities } from '../../src/events/descriptor.js';
import type { Bus, CloudEvent, Delivery, Subscription } from '../../src/events/bus.js';
import { identityOf, sequenceOf } from '../../src/events/envelope.js';
import { eventOf, subscriptionOf } from './fixtures.js';

/** Longest wait for something to happen, ms. */
const PATIENCE = 30_000;

/** Waits until `condition` holds; fails with what it last gave. */
export async function eventually<T>(look: () => T | Promise<T>, condition: (seen: T) => boolean, patience = PATIENCE): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const seen = await look();
    if (condition(seen)) return seen;
    if (Date.now() > end) throw new Error(`Still ${JSON.stringify(seen)} after ${patience} ms`);
    await sleep(5);
  }
}

/** What a consumer was given. */
export interface Collector {
  events: CloudEvent[];
  /** `<request>#<attempt>` */
  deliveries: string[];
  dead: CloudEvent[];
  requests: () => number[];
  /** Its part of a subscription. */
  handling: Pick<Subscription, 'handler' | 'onDeadLetter'>;
}

/** A consumer that notes what it is given, and finishes it at once unless told otherwise. */
export function collector(work: (delivery: Delivery) => Promise<void> = () => Promise.resolve()): Collector {
  const events: CloudEvent[] = [];
  const deliveries: string[] = [];
  const dead: CloudEvent[] = [];
  return {
    events,
    deliveries,
    dead,
    requests: () => events.map(({ request }) => request),
    handling: {
      handler: (delivery) => {
        events.push(delivery.event);
        deliveries.push(`${delivery.event.request}#${delivery.attempt}`);
        return work(delivery);
      },
      onDeadLetter: (event) => dead.push(event),
    },
  };
}

let topics = 0;

/** Makes a topic of its own; the function connects to it, once or more. */
type NewTopic = (...consumers: string[]) => (change?: Pick<ConnectOptions, 'existing'>) => Promise<Bus>;

/** What comes in the order of publishing, as it came; where orders alone have one, sorted. */
type InOrder = <T extends number | string>(items: T[]) => T[];

/** Positions of the messages of one order, as they came. */
function messagesOf({ events }: Collector, request: number): number[] {
  return events.filter((event) => event.request === request).map(sequenceOf);
}

async function publish(bus: Bus, count: number, from = 0): Promise<void> {
  for (let request = from; request < from + count; request++) await bus.publish(eventOf(request));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/**
 * The contract.
 * @param url where the broker is, or a new place for each call
 */
export function describeContract(name: BusName, adapter: Adapter, url: () => string): void {
  const capabilities: Capabilities = BUSES[name].capabilities;
  const open: Bus[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.close()));
  });

  const newTopic: NewTopic = (...consumers) => {
    const options = { url: url(), topic: `topic-${process.pid}-${++topics}`, consumers, publishTimeout: 5000 };
    return async (change) => {
      const bus = await adapter.connect({ ...options, ...change });
      open.push(bus);
      return bus;
    };
  };
  const inOrder: InOrder = (items) => (capabilities.order === 'topic' ? items : items.toSorted((a, b) => (a < b ? -1 : 1)));
  /** So many different ones, and the first of all where the topic has an order. */
  const expectSome = ({ requests }: Collector, count: number): void => {
    if (capabilities.order === 'topic') expect(requests()).toEqual(range(count));
    expect([requests().length, new Set(requests()).size]).toEqual([count, count]);
  };

  describe(`contract of ${name}`, () => {
    it('gives every consumer every event, whole and in order', async () => {
      const bus = await newTopic('email', 'analytics')();
      const [email, analytics] = [collector(), collector()];
      await bus.subscribe(subscriptionOf({ consumer: 'email', ...email.handling }));
      await bus.subscribe(subscriptionOf({ consumer: 'analytics', ...analytics.handling }));
      await publish(bus, 50);
      for (const consumer of [email, analytics]) {
        await eventually(consumer.requests, (requests) => requests.length >= 50);
        expect(inOrder(consumer.requests())).toEqual(range(50));
        expect(consumer.events).toEqual(consumer.requests().map((request) => eventOf(request)));
      }
    });

    it('gives the messages of one order to one worker in order', async () => {
      const bus = await newTopic('email')();
      const email = collector();
      await bus.subscribe(subscriptionOf(email.handling));
      for (let message = 0; message < 5; message++) for (const request of range(8)) await bus.publish(eventOf(request, message));
      await eventually(email.requests, (requests) => requests.length >= 40);
      for (const request of range(8)) expect(messagesOf(email, request)).toEqual([1, 2, 3, 4, 5]);
    });

    it('carries a large event unharmed', async () => {
      const bus = await newTopic('email')();
      const email = collector();
      await bus.subscribe(subscriptionOf(email.handling));
      await bus.publish(eventOf(1, 0, 300_000));
      await eventually(email.requests, (requests) => requests.length === 1);
      expect(email.events).toEqual([eventOf(1, 0, 300_000)]);
    });

    it('works on as many at once as the subscription has workers, and no more', async () => {
      const bus = await newTopic('email')();
      const finish: (() => void)[] = [];
      const email = collector(() => new Promise((resolve) => finish.push(resolve)));
      await bus.subscribe(subscriptionOf({ workers: 3, ...email.handling }));
      await publish(bus, 10);
      await eventually(email.requests, (requests) => requests.length >= 3);
      await sleep(50);
      expectSome(email, 3);
      expect(finish).toHaveLength(3);
      finish[1]?.();
      await eventually(email.requests, (requests) => requests.length >= 4);
      await sleep(20);
      expectSome(email, 4);
      for (let i = 0; i < 10; i++) {
        await eventually(() => finish.length, (length) => length > i);
        finish[i]?.();
      }
    });

    it('delivers again what was rejected, behind the others, which it does not hold up', async () => {
      const bus = await newTopic('email')();
      const email = collector(({ event, attempt }) =>
        event.request === 0 && attempt < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve(),
      );
      // All are there before the first is rejected: how long publishing takes has no part in the order.
      await publish(bus, 3);
      await bus.subscribe(subscriptionOf({ attempts: 5, backoff: (attempt) => 300 * attempt, ...email.handling }));
      await eventually(() => email.deliveries, (deliveries) => deliveries.length >= 5);
      expect(inOrder(email.deliveries.slice(0, 3))).toEqual(['0#1', '1#1', '2#1']);
      expect(email.deliveries.slice(3)).toEqual(['0#2', '0#3']);
      expect(email.dead).toEqual([]);
    });

    it('gives up after the last attempt, tells it once, and holds the event no more', async () => {
      const bus = await newTopic('email')();
      const email = collector(({ event }) =>
        event.request === 1 ? Promise.reject(new Error('poison')) : Promise.resolve(),
      );
      await bus.subscribe(subscriptionOf({ attempts: 3, backoff: () => 5, ...email.handling }));
      await publish(bus, 3);
      await eventually(() => email.dead, (dead) => dead.length > 0);
      expect(email.dead).toEqual([eventOf(1)]);
      expect(email.deliveries.filter((delivery) => delivery.startsWith('1#'))).toEqual(['1#1', '1#2', '1#3']);
      await eventually(() => bus.held(), (held) => held['email']?.length === 0);
    });

    it('holds nothing once all is done', async () => {
      const bus = await newTopic('email')();
      const email = collector();
      await bus.subscribe(subscriptionOf({ workers: 5, ...email.handling }));
      await publish(bus, 30);
      await eventually(email.requests, (requests) => requests.length === 30);
      await eventually(() => bus.held(), (held) => held['email']?.length === 0);
      expect(Object.keys(await bus.held())).toEqual(['email']);
    });

    it('finishes what is in progress when closed, and refuses to publish afterwards', async () => {
      const bus = await newTopic('email')();
      const finish: (() => void)[] = [];
      const email = collector(() => new Promise((resolve) => finish.push(resolve)));
      await bus.subscribe(subscriptionOf({ workers: 2, ...email.handling }));
      await publish(bus, 5);
      await eventually(email.requests, (requests) => requests.length === 2);
      let isClosed = false;
      const closing = bus.close().then(() => (isClosed = true));
      await sleep(30);
      expect(isClosed).toBe(false);
      for (const resolve of finish) resolve();
      await closing;
      expectSome(email, 2);
      await expect(bus.publish(eventOf(9))).rejects.toThrow('The bus is closed');
    });

    it('keeps topics apart', async () => {
      const [here, there] = [await newTopic('email')(), await newTopic('email')()];
      const [mine, other] = [collector(), collector()];
      await here.subscribe(subscriptionOf(mine.handling));
      await there.subscribe(subscriptionOf(other.handling));
      await publish(here, 3);
      await publish(there, 1, 10);
      await eventually(mine.requests, (requests) => requests.length >= 3);
      await eventually(other.requests, (requests) => requests.length >= 1);
      expect([inOrder(mine.requests()), other.requests()]).toEqual([[0, 1, 2], [10]]);
    });

    if (capabilities.order === 'subject') describeOrder(newTopic);
    if (capabilities.separateProcesses) describeSeparateProcesses(newTopic, inOrder);
    if (capabilities.deduplicates) describeDeduplication(newTopic);
  });
}

function describeSeparateProcesses(newTopic: NewTopic, inOrder: InOrder): void {
  it('keeps events for a consumer that comes later', async () => {
    const connect = newTopic('email', 'analytics');
    const publisher = await connect();
    await publish(publisher, 5);
    const identities = range(5).map((request) => identityOf(eventOf(request)));
    const before = await publisher.held();
    expect([before['email']?.toSorted(), before['analytics']?.toSorted()]).toEqual([identities, identities]);
    await publisher.close();
    const consumer = await connect();
    const email = collector();
    await consumer.subscribe(subscriptionOf(email.handling));
    await eventually(email.requests, (requests) => requests.length >= 5);
    expect(inOrder(email.requests())).toEqual(range(5));
    const held = await eventually(() => consumer.held(), ({ email: left }) => left?.length === 0);
    expect(held['analytics']?.toSorted()).toEqual(identities);
  });

  it('keeps nothing of a topic that was removed', async () => {
    const connect = newTopic('email');
    const first = await connect();
    await publish(first, 3);
    await first.remove();
    expect(await (await connect()).held()).toEqual({ email: [] });
  });

  it('is asked what it holds, and rid of what it has, without creating anything', async () => {
    const connect = newTopic('email');
    const asked = await connect({ existing: true });
    expect(await asked.held()).toEqual({ email: [] });
    await asked.remove();
    const publisher = await connect();
    await publish(publisher, 2);
    await (await connect({ existing: true })).remove();
    // What is gone is not made anew by whoever asks for it: nobody would ever deliver it.
    expect(await (await connect({ existing: true })).held()).toEqual({ email: [] });
  });

  it('gives to the next connection what a closed one left', async () => {
    const connect = newTopic('email');
    const first = await connect();
    const slow = collector(() => sleep(30));
    await first.subscribe(subscriptionOf(slow.handling));
    await publish(first, 20);
    await eventually(slow.requests, (requests) => requests.length >= 3);
    await first.close();
    const second = await connect();
    const rest = collector();
    await second.subscribe(subscriptionOf({ workers: 4, ...rest.handling }));
    await eventually(rest.requests, (requests) => slow.requests().length + requests.length >= 20);
    expect([...slow.requests(), ...rest.requests()].toSorted((a, b) => a - b)).toEqual(range(20));
  });
}

function describeOrder(newTopic: NewTopic): void {
  it('works on the messages of one order one after another, however many workers there are', async () => {
    const bus = await newTopic('email')();
    const inProgress = new Map<number, number>();
    let most = 0;
    const email = collector(async ({ event: { request } }) => {
      inProgress.set(request, (inProgress.get(request) ?? 0) + 1);
      expect(inProgress.get(request)).toBe(1);
      most = Math.max(most, inProgress.size);
      await sleep(5);
      inProgress.delete(request);
    });
    await bus.subscribe(subscriptionOf({ workers: 8, attempts: 1, ...email.handling }));
    await Promise.all(range(8).map(async (request) => {
      for (let message = 0; message < 5; message++) await bus.publish(eventOf(request, message));
    }));
    await eventually(email.requests, (requests) => requests.length >= 40);
    expect(email.dead).toEqual([]);
    for (const request of range(8)) expect(messagesOf(email, request)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBeGreaterThan(1);
  });
}

function describeDeduplication(newTopic: NewTopic): void {
  it('takes an event once though it is published again', async () => {
    const bus = await newTopic('email')();
    const email = collector();
    await bus.subscribe(subscriptionOf(email.handling));
    await bus.publish(eventOf(1));
    await bus.publish(eventOf(1));
    await bus.publish(eventOf(2));
    await eventually(email.requests, (requests) => requests.includes(2));
    expect(email.requests()).toEqual([1, 2]);
  });
}
