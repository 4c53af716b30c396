import { wait, type Clock } from '../base/clock.js';
import { orderEvent } from '../events/envelope.js';
import type { Bus, CloudEvent } from '../events/bus.js';
import type { EventStream } from '../scenarios/call-graph.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { CallFailure } from './failure.js';
import type { Order } from './order.js';
import { topicOf } from './topics.js';
import { ROLES, type TraceBook } from './trace-book.js';

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

/** What a publisher needs of its process. */
interface PublisherParts {
  clock: Clock;
  traces: TraceBook;
}

/**
 * Publishes an order's messages on a stream, one after another, so that they keep their order; or the one of them that a
 * consumer has done with. Rejects with a PublishFailure when the bus does not take one.
 * @param position of the stream in its call graph
 */
export function publisher(bus: Bus, stream: EventStream, position: number, { clock, traces }: PublisherParts): (order: Order, message?: number) => Promise<void> {
  const { type, messages, payload, publish: least, after } = stream;
  const { source } = topicOf(stream);
  const publish = async (event: CloudEvent, message: number): Promise<void> => {
    if (least === 0) return bus.publish(event);
    await Promise.all([bus.publish(event), wait(clock, least, turnOf(RANK.published, event.request, position, message))]);
  };
  const role = ROLES.publish(source);
  return async ({ id, userId, request }, handled = 0) => {
    const time = clock.date();
    const [first, last] = after.length > 0 ? [handled, handled] : [0, messages - 1];
    try {
      for (let message = first; message <= last; message++) {
        const traceparent = traces.parentFor(role, request, message);
        await publish(orderEvent({ source, type, orderId: id, userId, request, message, payload, time, traceparent }), message);
      }
    } catch (error) {
      throw new PublishFailure(type, error);
    }
  };
}

/** What failed, as the reply and the order's state name it. */
export function failedStep(error: unknown): string {
  return error instanceof CallFailure || error instanceof PublishFailure ? error.step : 'unknown';
}
