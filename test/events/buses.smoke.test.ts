/** The buses that are always there: in memory, and the outbox with a writer in a thread of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAdapter } from '../../src/events/load-adapter.js';
import { collector, eventually } from './contract.js';
import { eventOf, subscriptionOf } from './fixtures.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'buses-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe.each(['memory', 'outbox'] as const)('%s', (name) => {
  it('gives every event to its consumer, again when it is rejected, and to nobody when that was too often', async () => {
    const adapter = await loadAdapter(name);
    const bus = await adapter.connect({ url: join(folder, 'outbox.db'), topic: 'orders', consumers: ['email'], publishTimeout: 30_000 });
    const email = collector(({ event: { request }, attempt }) =>
      request === 1 || (request === 2 && attempt === 1) ? Promise.reject(new Error('not now')) : Promise.resolve(),
    );
    await bus.subscribe(subscriptionOf({ attempts: 3, backoff: () => 1, ...email.handling }));
    for (let request = 0; request < 10; request++) await bus.publish(eventOf(request));
    await eventually(() => bus.held(), (held) => held['email']?.length === 0);
    expect(email.deliveries.toSorted()).toEqual(['0#1', '1#1', '1#2', '1#3', '2#1', '2#2', ...[3, 4, 5, 6, 7, 8, 9].map((request) => `${request}#1`)]);
    expect(email.dead).toEqual([eventOf(1)]);
    await bus.close();
  });
});
