import type { Bus } from '../events/bus.js';
import { limitOf, ORDERS_CONSUMER, type Limit, type Service, type Step } from '../scenarios/scenario.js';
import { runCriticalPath, type CriticalPath } from './critical-path.js';
import { CallFailure } from './failure.js';
import { orderOfEvent, type Tell } from './news.js';
import type { Order, OrderBook, PlaceOrder } from './order.js';
import { PublishFailure } from './publisher.js';

/** `event-driven`: the submission is published and the reply is "accepted"; whatever is to be done, consumers do. */
export function eventDriven(submit: (order: Order) => Promise<void>, book: OrderBook): PlaceOrder {
  return async (order) => {
    book.accept(order.id);
    try {
      await submit(order);
    } catch (error) {
      book.fail(order.id, stepOf(error));
      throw error;
    }
    return 'accepted';
  };
}

/**
 * Subscribes the consumer that runs the critical steps of every submission and publishes the business event at its place.
 * Steps have retries of their own: a submission that failed is not delivered again, it goes to the dead letters.
 * @param tell told how each order ended
 */
export function subscribeOrders(
  bus: Bus,
  workers: number,
  path: CriticalPath,
  tell: Tell,
): Promise<void> {
  return bus.subscribe({
    consumer: ORDERS_CONSUMER,
    workers,
    attempts: 1,
    backoff: () => 0,
    handler: async ({ event }) => {
      const order = orderOfEvent(event);
      try {
        await runCriticalPath(path, order);
      } catch (error) {
        await tell(order, { state: 'failed', what: stepOf(error) });
        throw error;
      }
      await tell(order, { state: 'confirmed', what: '' });
    },
    onDeadLetter: () => {},
  });
}

/** Submissions worked on at once: as many as the services of the critical steps can serve. */
export function orderWorkers(steps: readonly Step[], services: readonly Service[]): Limit {
  const called = new Set(steps.filter((step) => step.critical).map((step) => step.call));
  const limits = services.filter(({ name }) => called.has(name)).map(({ workers }) => limitOf(workers));
  const sum = limits.reduce((total, workers) => total + workers, 0);
  return Number.isFinite(sum) && sum > 0 ? sum : 'unlimited';
}

function stepOf(error: unknown): string {
  return error instanceof CallFailure || error instanceof PublishFailure ? error.step : 'unknown';
}
