/** What consumers tell the server of an order: within the process, or by a topic of its own. */
import type { Clock } from '../base/clock.js';
import type { Bus, CloudEvent } from '../events/bus.js';
import { orderEvent } from '../events/envelope.js';
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

/** Orders whose reply waits until every consumer is done with every message (publish-and-wait). */
export class Completions {
  private readonly waiting = new Map<string, { deliveries: number; done: Set<string>; resolve: () => void }>();

  /**
   * Call it before the order's event is published; resolves when the order is complete.
   * @param deliveries that make it so
   */
  expect(orderId: string, deliveries: number): Promise<void> {
    if (deliveries === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(orderId, { deliveries, done: new Set(), resolve }));
  }

  /** A delivery of the order is done, however often it is told. */
  done(orderId: string, delivery: string): void {
    const order = this.waiting.get(orderId);
    if (!order || order.done.add(delivery).size < order.deliveries) return;
    this.waiting.delete(orderId);
    order.resolve();
  }

  /** Nothing more is to be expected. */
  forget(orderId: string): void {
    this.waiting.delete(orderId);
  }
}
