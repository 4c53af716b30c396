/** What consumers tell the server of an order: within the process, or by a topic of its own. */
import type { Clock } from '../base/clock.js';
import type { Bus, CloudEvent } from '../events/bus.js';
import { orderEvent } from '../events/envelope.js';
import type { Completions } from './completions.js';
import type { Order, OrderBook } from './order.js';
import { SERVER_CONSUMER, type Topic } from './topics.js';

/** What becomes of an order. `what`: the delivery that is done, or the step that failed. */
export interface OrderUpdate {
  state: 'done' | 'confirmed' | 'failed';
  what: string;
}

/** Tells it; rejects when it could not be told. */
export type Tell = (order: Order, update: OrderUpdate) => Promise<void>;

/** Takes it to where somebody waits for it. */
export function listener(book: OrderBook, completions: Completions | null): (orderId: string, update: OrderUpdate) => void {
  return (orderId, { state, what }) => {
    if (state === 'done') completions?.done(orderId, what);
    else if (state === 'confirmed') book.confirm(orderId);
    else book.fail(orderId, what);
  };
}

/** Tells by publishing an event. */
export function tellOver(bus: Bus, { source, type }: Topic, clock: Pick<Clock, 'date'>): Tell {
  return async (order, update) => {
    const parts = { source, type, orderId: order.id, userId: order.userId, request: order.request };
    const event = orderEvent({ ...parts, message: 0, payload: 0, time: clock.date() });
    // An order has several replies, and a broker may take two of one identity for one.
    await bus.publish({ ...event, id: `${event.id}.${update.state}.${update.what}`, data: update });
  };
}

/** Replies worked on at once: each is a line in a table. */
const WORKERS = 100;

/** Hears what `tellOver` publishes. */
export function hearOver(bus: Bus, hear: (orderId: string, update: OrderUpdate) => void): Promise<void> {
  return bus.subscribe({
    consumer: SERVER_CONSUMER,
    workers: WORKERS,
    attempts: 1,
    backoff: () => 0,
    handler: ({ event }) => {
      hear(event.subject, event.data as OrderUpdate);
      return Promise.resolve();
    },
    onDeadLetter: () => {},
  });
}

/** The order that an event is about. */
export function orderOfEvent({ subject, request, data }: CloudEvent): Order {
  return { id: subject, userId: (data as { userId: string }).userId, request };
}
