import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/events/bus.js';
import { Deliveries, type Settlement } from '../../src/events/deliveries.js';
import { eventOf, subscriptionOf } from './fixtures.js';
import { VirtualClock } from '../support/virtual-clock.js';

/** What became of one delivery, in words. */
function settlement(told: string[], more: Partial<Settlement> = {}): Settlement {
  return { done: () => void told.push('done'), dead: () => void told.push('dead'), ...more };
}

const refuse = (): Promise<void> => Promise.reject(new Error('not now'));

describe('deliveries', () => {
  it('are not begun with when they are somebody else\'s by now, and leave their room to others', async () => {
    const clock = new VirtualClock();
    const [given, told]: [number[], string[]] = [[], []];
    let room = 0;
    const handler = ({ event }: Delivery): Promise<void> => Promise.resolve(void given.push(event.request));
    const deliveries = new Deliveries(subscriptionOf({ handler }), { clock, onRoom: () => room++ });
    deliveries.add(eventOf(1), 1, settlement(told, { start: () => false }));
    deliveries.add(eventOf(2), 1, settlement(told, { start: () => true }));
    await clock.advance(10);
    expect([given, told, room, deliveries.load]).toEqual([[2], ['done'], 2, 0]);
  });

  it('that fail are the broker\'s again where it keeps them between two attempts', async () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    const again = (failures: number, wait: number): Promise<void> => Promise.resolve(void told.push(`${failures} failed, again in ${wait} ms`));
    const deliveries = new Deliveries(subscriptionOf({ attempts: 3, backoff: (failures) => 100 * failures, handler: refuse }), { clock });
    deliveries.add(eventOf(1), 1, settlement(told, { again }));
    await clock.advance(1000);
    deliveries.add(eventOf(1), 2, settlement(told, { again }), 1);
    await clock.advance(1000);
    expect(told).toEqual(['1 failed, again in 100 ms', '2 failed, again in 200 ms']);
    expect(deliveries.events).toEqual([]);
  });

  it('are dead after the last attempt, those of other processes counted', async () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    const deliveries = new Deliveries(subscriptionOf({ attempts: 3, handler: refuse, onDeadLetter: () => void told.push('told') }), { clock });
    deliveries.add(eventOf(1), 3, settlement(told, { again: refuse }), 2);
    await clock.advance(0);
    expect(told).toEqual(['dead', 'told']);
  });
});
