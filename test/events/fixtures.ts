/** Events and subscriptions as the tests of this folder need them. */
import type { CloudEvent, Subscription } from '../../src/events/bus.js';
import { orderEvent } from '../../src/events/envelope.js';

/** The `message`-th event of order `request`. */
export function eventOf(request: number, message = 0, payload = 0): CloudEvent {
  return orderEvent({
    source: '/test',
    type: 'order.placed',
    orderId: `order-${request}`,
    userId: 'user-1',
    request,
    message,
    payload,
    time: new Date(0),
  });
}

/** A subscription of consumer `email` that does nothing at once, with some fields said. */
export function subscriptionOf(fields: Partial<Subscription> = {}): Subscription {
  return {
    consumer: 'email',
    workers: 1,
    attempts: 3,
    backoff: () => 10,
    handler: () => Promise.resolve(),
    onDeadLetter: () => {},
    ...fields,
  };
}
