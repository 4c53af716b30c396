import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { loadAdapter } from '../../../src/events/load-adapter.js';
import { needs } from '../../support/needs.js';
import { describeBroker } from '../broker-suite.js';
import { collector, eventually } from '../contract.js';
import { eventOf, subscriptionOf } from '../fixtures.js';

await describeBroker('bullmq', 3);

describe('a Redis that', { timeout: 60_000, ...needs('bullmq') }, () => {
  let broker: Broker | undefined;
  afterEach(() => broker?.stop());

  const connect = async (settings: string) => {
    broker = await startBroker('bullmq', undefined, settings);
    return (await loadAdapter('bullmq')).connect({ url: broker.url, topic: 'orders', consumers: ['email'], publishTimeout: 3000 });
  };

  it('throws jobs away when its memory is full is refused before any job is in it', async () => {
    await expect(connect('maxmemory-policy allkeys-lru')).rejects.toThrow(/refuses to create what a topic needs: its maxmemory-policy is allkeys-lru, which throws away jobs/);
  });

  it('takes nothing more when its memory is full says so to the publisher', async () => {
    const bus = await connect('maxmemory 1mb');
    await expect(bus.publish(eventOf(1))).rejects.toThrow(/^OOM command not allowed/);
    await bus.close();
  });

  it('is away is waited for by workers, and not for ever by those who close meanwhile', async () => {
    const bus = await connect('');
    const finish: (() => void)[] = [];
    const email = collector(() => new Promise((resolve) => finish.push(resolve)));
    await bus.subscribe(subscriptionOf(email.handling));
    await bus.publish(eventOf(1));
    await eventually(() => finish.length, (length) => length === 1);
    await broker?.kill();
    const closing = bus.close().then(() => 'closed');
    expect(await Promise.race([closing, sleep(200, 'open')])).toBe('open');
    finish[0]?.();
    expect(await closing).toBe('closed');
  });
});
