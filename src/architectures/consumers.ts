/** Consumers of the business event: each calls its service once for every message. */
import type { Bus } from '../events/bus.js';
import { messageOrdinal } from '../events/envelope.js';
import { limitOf, type Consumer } from '../scenarios/scenario.js';
import { deliveryCall } from '../services/fate.js';
import type { StepRunner } from './step.js';

/**
 * Subscribes a consumer whose handler runs the consumer's step.
 * @param onDone told the order's id when a delivery was processed or given up
 */
export function subscribeConsumer(
  bus: Bus,
  consumer: Consumer,
  step: StepRunner,
  onDone: (orderId: string) => void,
): Promise<void> {
  const { name, workers, attempts, backoff } = consumer;
  return bus.subscribe({
    consumer: name,
    workers: limitOf(workers),
    attempts,
    backoff: (attempt) => backoff * 2 ** (attempt - 1),
    handler: async ({ event, attempt }) => {
      await step.run(event.request, deliveryCall(messageOrdinal(event), attempt, attempts));
      onDone(event.subject);
    },
    onDeadLetter: (event) => onDone(event.subject),
  });
}

/** Orders whose reply waits until every consumer is done with every message (publish-and-wait). */
export class Completions {
  private readonly deliveries: number;
  private readonly waiting = new Map<string, { left: number; resolve: () => void }>();

  /** @param deliveries that make an order complete */
  constructor(deliveries: number) {
    this.deliveries = deliveries;
  }

  /** Call it before the order's event is published; resolves when the order is complete. */
  expect(orderId: string): Promise<void> {
    if (this.deliveries === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(orderId, { left: this.deliveries, resolve }));
  }

  /** One delivery of the order is done. */
  done(orderId: string): void {
    const order = this.waiting.get(orderId);
    if (!order || --order.left > 0) return;
    this.waiting.delete(orderId);
    order.resolve();
  }

  /** Nothing more is to be expected. */
  forget(orderId: string): void {
    this.waiting.delete(orderId);
  }
}
