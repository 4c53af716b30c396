import { expect, it } from 'vitest';
import { startBroker } from '../../../src/events/brokers/broker.js';
import { loadAdapter } from '../../../src/events/load-adapter.js';
import { needs } from '../../support/needs.js';
import { collector, eventually } from '../contract.js';
import { eventOf, subscriptionOf } from '../fixtures.js';

it('a private broker carries events, once each, and holds none in the end', needs('nats'), async () => {
  const broker = await startBroker('nats');
  try {
    const adapter = await loadAdapter('nats');
    const bus = await adapter.connect({ url: broker.url, topic: 'orders', consumers: ['email'], publishTimeout: 30_000 });
    const email = collector();
    await bus.subscribe(subscriptionOf(email.handling));
    for (let request = 0; request < 20; request++) await bus.publish(eventOf(request));
    await eventually(email.requests, (requests) => requests.length >= 20);
    expect(email.requests()).toEqual(Array.from({ length: 20 }, (_, request) => request));
    await eventually(() => bus.held(), (held) => held['email']?.length === 0);
    await bus.close();
  } finally {
    await broker.stop();
  }
});
