import { describe, expect, it } from 'vitest';
import type { Bus, Subscription } from '../../src/events/bus.js';
import { Causes } from '../../src/base/causes.js';
import { watched } from '../../src/events/causes.js';
import { memoryBus } from '../../src/events/memory.js';
import { unconfirmed } from '../../src/events/publishing.js';
import { eventOf, subscriptionOf } from './fixtures.js';

function refusing(): { bus: Bus; subscriptions: Subscription[] } {
  const subscriptions: Subscription[] = [];
  const bus = {
    ...memoryBus(),
    publish: () => Promise.reject(new Error('maximum payload exceeded by nats://me:geheim@h')),
    subscribe: (subscription: Subscription) => Promise.resolve(void subscriptions.push(subscription)),
  };
  return { bus, subscriptions };
}

describe('watched', () => {
  it('counts why events were not taken, also where nobody waits for an answer', async () => {
    const causes = new Causes();
    const bus = watched(refusing().bus, causes);
    await expect(bus.publish(eventOf(1))).rejects.toThrow('maximum payload');
    await unconfirmed(bus).publish(eventOf(2));
    await Promise.resolve();
    expect(causes.report()).toEqual([{ call: 'publish', of: 'order.placed', reason: 'maximum payload exceeded by nats://me:***@h', count: 2 }]);
  });

  it('counts why a consumer could not read, and tells whoever wants to hear', async () => {
    const causes = new Causes();
    const heard: string[] = [];
    const { bus, subscriptions } = refusing();
    await watched(bus, causes).subscribe(subscriptionOf({ onRefusal: (call) => heard.push(call) }));
    subscriptions[0]?.onRefusal?.('read', new Error('NOGROUP'));
    subscriptions[0]?.onRefusal?.('read', new Error('NOGROUP'));
    subscriptions[0]?.onRefusal?.('acknowledge', new Error('READONLY'));
    expect(heard).toEqual(['read', 'read', 'acknowledge']);
    expect(causes.report()).toEqual([
      { call: 'read', of: 'email', reason: 'NOGROUP', count: 2 },
      { call: 'acknowledge', of: 'email', reason: 'READONLY', count: 1 },
    ]);
  });
});

describe('Causes', () => {
  it('keep within bounds when every reason is another', () => {
    const causes = new Causes();
    for (let at = 0; at < 1000; at++) causes.note('read', 'email', `reason ${at}`);
    const [most, ...rest] = causes.report();
    expect(most).toEqual({ call: 'read', of: 'email', reason: 'other reasons', count: 950 });
    expect(rest).toHaveLength(50);
  });
});
