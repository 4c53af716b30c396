import type { Clock } from '../base/clock.js';
import { orderEvent } from '../events/envelope.js';
import type { Bus } from '../events/bus.js';
import type { Order } from './order.js';
import type { Topic } from './topics.js';

/** Publishing failed: the bus has not taken the event. */
export class PublishFailure extends Error {
  override name = 'PublishFailure';
  /** What takes the place of a step in the reply: the type of the event. */
  readonly step: string;

  constructor(type: string, cause: unknown) {
    super(`${type} could not be published`, { cause });
    this.step = type;
  }
}

/** What one transaction publishes. */
export interface Messages {
  messages: number;
  /** Size of the `data` of one message, bytes. */
  payload: number;
}

/**
 * Publishes an order's messages on a topic, one after another, so that they keep their order.
 * Rejects with a PublishFailure when the bus does not take one.
 */
export function publisher(bus: Bus, topic: Topic, { messages, payload }: Messages, clock: Pick<Clock, 'date'>): (order: Order) => Promise<void> {
  const { source, type } = topic;
  return async ({ id, userId, request }) => {
    const time = clock.date();
    try {
      for (let message = 0; message < messages; message++) {
        await bus.publish(orderEvent({ source, type, orderId: id, userId, request, message, payload, time }));
      }
    } catch (error) {
      throw new PublishFailure(type, error);
    }
  };
}
