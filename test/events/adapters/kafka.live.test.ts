import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { loadAdapter } from '../../../src/events/load-adapter.js';
import { needs } from '../../support/needs.js';
import { describeBroker } from '../broker-suite.js';
import { collector, eventually } from '../contract.js';
import { eventOf, subscriptionOf } from '../fixtures.js';

await describeBroker('kafka', 2);

describe('kafka', needs('kafka'), () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker('kafka');
  });
  afterAll(() => broker?.stop());

  it('takes no event for a repetition of one that was taken though its acknowledgement never came', async () => {
    const adapter = await loadAdapter('kafka');
    const connect = (publishTimeout: number) => adapter.connect({ url: broker.url, topic: 'numbers', consumers: ['email'], publishTimeout });
    const [impatient, consumer] = [await connect(500), await connect(20_000)];
    const email = collector();
    await consumer.subscribe(subscriptionOf(email.handling));
    await broker.pause();
    const refused = await impatient.publish(eventOf(1)).catch((error: Error) => error.message);
    // Of the same order, and so into the same partition.
    const next = impatient.publish(eventOf(1, 1)).then(() => true, () => false);
    await broker.resume();
    expect(refused).toBe('Not acknowledged within 500 ms');
    if (!(await next)) await eventually(() => impatient.publish(eventOf(1, 1)).then(() => true, () => false), Boolean);
    await eventually(() => email.events.map(({ sequence }) => Number(sequence)), (sequences) => sequences.includes(2));
    expect(new Set(email.events.map(({ sequence }) => Number(sequence)))).toEqual(new Set([1, 2]));
    await Promise.all([impatient.close(), consumer.close()]);
  });

  it('shares its work with a second process, which has all of it once the first is gone', async () => {
    const adapter = await loadAdapter('kafka');
    const connect = () => adapter.connect({ url: broker.url, topic: 'shared', consumers: ['email'], publishTimeout: 20_000 });
    const [first, second] = [await connect(), await connect()];
    const [one, other] = [collector(), collector()];
    await first.subscribe(subscriptionOf({ workers: 4, ...one.handling }));
    for (let request = 0; request < 30; request++) await first.publish(eventOf(request));
    await second.subscribe(subscriptionOf({ workers: 4, ...other.handling }));
    for (let request = 30; request < 60; request++) await first.publish(eventOf(request));
    const all = (): number[] => [...one.requests(), ...other.requests()];
    await eventually(all, (requests) => new Set(requests).size === 60);
    // The others are the second's once the first has left.
    await first.close();
    for (let request = 60; request < 80; request++) await second.publish(eventOf(request));
    await eventually(all, (requests) => new Set(requests).size === 80);
    expect(other.requests().filter((request) => request >= 60)).toHaveLength(20);
    await eventually(() => second.held(), (held) => held['email']?.length === 0);
    await second.close();
  });
});
