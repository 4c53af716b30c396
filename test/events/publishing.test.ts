import { describe, expect, it } from 'vitest';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import { unconfirmed } from '../../src/events/publishing.js';
import { recorded } from '../../src/events/recorded.js';
import { memoryRecorder } from '../../src/events/recorder.js';
import { judge } from '../../src/measurement/ledger.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { collector } from './contract.js';
import { eventOf, subscriptionOf } from './fixtures.js';

describe('unconfirmed', () => {
  it('takes what the broker refuses for acknowledged, and the ledger finds it lost', async () => {
    const clock = new VirtualClock();
    const inner = memoryBus({ clock });
    let isAway = false;
    const bus: Bus = { ...inner, publish: (event) => (isAway ? Promise.reject(new Error('broker away')) : inner.publish(event)) };
    const recorder = memoryRecorder();
    const forgetful = recorded(unconfirmed(bus), recorder, { clock: () => clock.now() });
    const email = collector();
    await forgetful.subscribe(subscriptionOf(email.handling));
    for (let request = 0; request < 10; request++) {
      isAway = request >= 3 && request < 7;
      await forgetful.publish(eventOf(request));
    }
    await clock.run();
    expect(email.requests()).toEqual([0, 1, 2, 7, 8, 9]);
    await forgetful.close();
    const topics = [{ source: '/test', consumers: ['email'] }];
    const held = await forgetful.held();
    expect(judge(recorder.entries(), { topics, held, endedAt: Infinity }).counts).toMatchObject({
      attempted: 10,
      acknowledged: 10,
      processed: 6,
      lost: 4,
    });
  });
});
