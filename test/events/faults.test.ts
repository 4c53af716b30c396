import { describe, expect, it } from 'vitest';
import type { Bus, Subscription } from '../../src/events/bus.js';
import { identityOf } from '../../src/events/envelope.js';
import { faulty, poisoned } from '../../src/events/faults.js';
import { HOLD_MS, NO_FAULTS, type DeliveryFaults } from '../../src/scenarios/delivery-faults.js';
import { memoryBus } from '../../src/events/memory.js';
import { recorded } from '../../src/events/recorded.js';
import { memoryRecorder } from '../../src/events/recorder.js';
import { judge, type Ledger } from '../../src/measurement/ledger.js';
import { eventOf, subscriptionOf } from './fixtures.js';
import { VirtualClock } from '../support/virtual-clock.js';

interface Trial {
  faults?: Partial<DeliveryFaults>;
  poison?: number;
  inbox?: boolean;
  seed?: number;
  events?: number;
  subscription?: Partial<Subscription>;
}

/** Publishes events one after another to one consumer, and judges what became of them. */
async function run({ faults = {}, poison = 0, inbox = false, seed = 1, events = 1000, subscription = {} }: Trial) {
  const time = new VirtualClock();
  const recorder = memoryRecorder();
  const options = { seed, clock: time };
  const bus: Bus = poisoned(
    recorded(faulty(memoryBus(options), { ...NO_FAULTS, ...faults }, options), recorder, { clock: () => time.now(), inbox }),
    { share: poison, orders: [] },
    options,
  );
  await bus.subscribe(subscriptionOf({ workers: 10, ...subscription }));
  for (let request = 0; request < events; request++) await bus.publish(eventOf(request));
  await time.advance(10_000);
  const held = await bus.held();
  const topics = [{ source: '/test', consumers: ['email'] }];
  const ledger: Ledger = judge(recorder.entries(), { topics, held, endedAt: time.now() });
  return { counts: ledger.counts, ledger, entries: recorder.entries(), time };
}

describe('faulty', () => {
  it('changes nothing without faults', async () => {
    const { counts } = await run({ events: 100 });
    expect(counts).toMatchObject({ processed: 100, lost: 0, duplicated: 0, outOfOrder: 0, appliedTwice: 0 });
  });

  it('delivers the stated share twice, which takes effect twice unless the inbox is on', async () => {
    const without = await run({ faults: { duplicate: 0.1 } });
    expect(without.counts.duplicated).toBeGreaterThan(70);
    expect(without.counts.duplicated).toBeLessThan(130);
    expect(without.counts.appliedTwice).toBe(without.counts.duplicated);
    const withInbox = await run({ faults: { duplicate: 0.1 }, inbox: true });
    expect(withInbox.counts).toMatchObject({ duplicated: without.counts.duplicated, appliedTwice: 0, processed: 1000 });
  });

  it('loses the stated share, which the ledger finds', async () => {
    const { counts } = await run({ faults: { drop: 0.05 } });
    expect(counts.lost).toBeGreaterThan(30);
    expect(counts.lost).toBeLessThan(75);
    expect(counts.processed).toBe(1000 - counts.lost);
  });

  it('holds up the stated share for the stated time', async () => {
    const { ledger } = await run({ faults: { delay: 0.5, delayMs: 300 }, events: 20, subscription: { workers: Infinity } });
    expect(ledger.lag).toMatchObject({ min: 0, max: 300 });
  });

  it('lets an event be overtaken by the next one, also with one worker', async () => {
    const time = new VirtualClock();
    const order: number[] = [];
    const options = { seed: 1, clock: time };
    const bus = faulty(memoryBus(options), { ...NO_FAULTS, reorder: 1 }, options);
    const handler: Subscription['handler'] = ({ event }) => Promise.resolve(void order.push(event.request));
    await bus.subscribe(subscriptionOf({ workers: 1, handler }));
    for (const request of [0, 1, 2, 3]) await bus.publish(eventOf(request));
    await time.advance(10);
    expect(order.slice(0, 2)).toEqual([1, 0]);
    await time.advance(HOLD_MS);
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });

  it('hits the same events for the same seed, and others for another', async () => {
    const lost = async (seed: number): Promise<string> => {
      const { entries } = await run({ faults: { drop: 0.1 }, seed, events: 200 });
      const started = new Set(entries.filter(({ kind }) => kind === 'started').map(({ event }) => event));
      return Array.from({ length: 200 }, (_, i) => identityOf(eventOf(i)))
        .filter((event) => !started.has(event))
        .join();
    };
    expect(await lost(7)).toBe(await lost(7));
    expect(await lost(7)).not.toBe(await lost(8));
  });
});

describe('poisoned', () => {
  it('fails at every attempt, is given up, and shows in the history', async () => {
    const { counts, entries } = await run({ poison: 0.02, subscription: { attempts: 3 } });
    expect(counts.deadLettered).toBeGreaterThan(8);
    expect(counts.processed).toBe(1000 - counts.deadLettered);
    expect(entries.filter(({ kind }) => kind === 'failed')).toHaveLength(3 * counts.deadLettered);
  });
});
