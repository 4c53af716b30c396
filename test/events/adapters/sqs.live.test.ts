import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapter } from '../../../src/events/adapters/sqs.js';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { identityOf } from '../../../src/events/envelope.js';
import { needs } from '../../support/needs.js';
import { describeBroker } from '../broker-suite.js';
import { eventOf } from '../fixtures.js';

await describeBroker('sqs', 3);

/** Of ElasticMQ, more than it hands out in a quarter of an hour while those that it has handed out stay in it. */
const ORDERS = 1200;
/** More messages of one order than are received at once. */
const MESSAGES = 12;

describe('the last look at a queue', { timeout: 300_000, ...needs('sqs') }, () => {
  let broker: Broker | undefined;
  beforeAll(async () => {
    broker = await startBroker('sqs');
  }, 90_000);
  afterAll(() => broker?.stop());

  it('tells every event of a thousand, and of an order of many messages', async () => {
    const options = { url: broker?.url ?? '', topic: `rush-${process.pid}`, consumers: ['email'], publishTimeout: 300_000 };
    const publisher = await adapter.connect(options);
    const orders = Array.from({ length: ORDERS }, (_, request) => eventOf(request));
    const events = [...orders, ...Array.from({ length: MESSAGES }, (_, message) => eventOf(ORDERS, message))];
    await Promise.all(events.map((event) => publisher.publish(event)));
    await publisher.close();
    const asked = await adapter.connect({ ...options, existing: true });
    const { email } = await asked.held();
    expect(email?.toSorted()).toEqual(events.map(identityOf).toSorted());
    await asked.close();
  });
});
