import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAdapter } from '../../src/events/load-adapter.js';
import type { Bus } from '../../src/events/bus.js';
import { identityOf } from '../../src/events/envelope.js';
import { memoryBus } from '../../src/events/memory.js';
import { relayed, RELAY } from '../../src/events/publishing.js';
import { collector, eventually } from './contract.js';
import { eventOf, subscriptionOf } from './fixtures.js';

/** A memory bus that refuses to publish while `isAway`. */
function unreliable(): { bus: Bus; broker: { isAway: boolean } } {
  const inner = memoryBus();
  const broker = { isAway: false };
  const publish: Bus['publish'] = (event) =>
    broker.isAway ? Promise.reject(new Error('broker away')) : inner.publish(event);
  return { broker, bus: { ...inner, publish } };
}

describe('relayed', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'relay-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('acknowledges though the broker is away, holds what it could not publish, and publishes it in the end', async () => {
    const { bus, broker } = unreliable();
    const adapter = await loadAdapter('outbox');
    const url = join(folder, 'outbox.db');
    const outbox = await adapter.connect({ url, topic: 'orders', consumers: [RELAY], publishTimeout: 5000 });
    const through = await relayed(outbox, bus);
    const email = collector();
    await through.subscribe(subscriptionOf(email.handling));
    broker.isAway = true;
    for (let request = 0; request < 20; request++) await through.publish(eventOf(request));
    const all = Array.from({ length: 20 }, (_, request) => request);
    expect(await through.held()).toEqual({ email: all.map((request) => identityOf(eventOf(request))) });
    expect(email.events).toEqual([]);
    broker.isAway = false;
    await eventually(email.requests, (requests) => requests.length >= 20);
    expect(email.requests().toSorted((a, b) => a - b)).toEqual(all);
    await eventually(() => through.held(), (held) => held['email']?.length === 0);
    await through.close();
  });
});
