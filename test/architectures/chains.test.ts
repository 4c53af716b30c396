import { describe, expect, it } from 'vitest';
import { Joint } from '../../src/architectures/parts.js';
import { orderOf } from '../../src/architectures/order.js';
import type { BusinessEvent } from '../../src/scenarios/scenario.js';
import { consumer, event, service, step } from './orders.js';
import { openVirtualPlace, type VirtualPlace } from './virtual-place.js';

const services = [
  service('payment', 10), service('pack', 100), service('label', 40), service('pickup', 5), service('mail', 7), service('broken', 1, { errors: 1 }),
];

function open(business: BusinessEvent, architecture: 'hybrid' | 'event-driven' = 'hybrid'): Promise<VirtualPlace> {
  return openVirtualPlace({ architecture, steps: [step('payment')], services, event: business });
}

describe.each(['hybrid', 'event-driven'] as const)('a consumer of a consumer in %s', (architecture) => {
  it('begins when the one before it has done', async () => {
    const place = await open(event([consumer('pack'), consumer('label', { after: ['pack'] }), consumer('pickup', { after: ['label'] })]), architecture);
    await place.order(1);
    expect(await place.drain()).toBe(155);
    expect(place.calls('label')).toMatchObject([{ from: 110, until: 150 }]);
    expect(place.calls('pickup')).toMatchObject([{ from: 150, until: 155 }]);
  });

  it('begins, after several, when the last of them has done', async () => {
    const place = await open(event([consumer('pack'), consumer('label'), consumer('mail', { after: ['label', 'pack'] })]), architecture);
    await place.order(1, 2);
    await place.drain();
    expect(place.calls('mail')).toMatchObject([{ request: 1, from: 110 }, { request: 2, from: 110 }]);
  });

  it('gets each message of an order by itself', async () => {
    const place = await open(event([consumer('pack', { workers: 1 }), consumer('mail', { after: ['pack'] })], { messages: 2 }), architecture);
    await place.order(1);
    await place.drain();
    expect(place.calls('mail').map(({ from }) => from)).toEqual([110, 210]);
  });

  it('hears nothing of a message in the dead letters', async () => {
    const place = await open(event([consumer('broken'), consumer('mail', { after: ['broken'] })]), architecture);
    await place.order(1);
    await place.rest();
    expect([place.received('broken'), place.received('mail')]).toEqual([3, 0]);
  });
});

it('publish-and-wait waits for those who hear the first event, and not for what comes after them', async () => {
  const place = await open(event([consumer('label'), consumer('pack', { after: ['label'] })], { wait: true }));
  expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 50 }]);
  expect(await place.drain()).toBe(150);
});

describe('a joint', () => {
  it('publishes once for each message, when the last has done, and again when that failed', async () => {
    const published: number[] = [];
    let fails = true;
    const publish = async (_order: object, _call: number, message = 0): Promise<void> => {
      if (fails) throw new Error('no bus');
      published.push(message);
    };
    const joint = new Joint(2);
    const [one, other] = [joint.part(publish), joint.part(publish)];
    await one(orderOf(1), 0, 0);
    await one(orderOf(1), 0, 0);
    await one(orderOf(1), 0, 1);
    await expect(other(orderOf(1), 0, 0)).rejects.toThrow('no bus');
    fails = false;
    await other(orderOf(1), 0, 0);
    await other(orderOf(1), 0, 1);
    expect(published).toEqual([0, 1]);
  });
});
