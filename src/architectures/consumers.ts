/** Consumers of the business event: each calls its service once for every message. */
import type { Bus, CloudEvent } from '../events/bus.js';
import { identityOf, messageOrdinal } from '../events/envelope.js';
import { limitOf, type Consumer } from '../scenarios/scenario.js';
import { deliveryCall, redeliveryWait } from '../services/fate.js';
import { orderOfEvent, type Tell } from './news.js';
import type { StepRunner } from './step.js';

/**
 * Subscribes a consumer whose handler runs the consumer's step.
 * @param tell told when a delivery was processed or given up; null: nobody waits for it
 */
export function subscribeConsumer(bus: Bus, consumer: Consumer, step: StepRunner, tell: Tell | null): Promise<void> {
  const { name, workers, attempts, backoff } = consumer;
  const done = async (event: CloudEvent): Promise<void> => {
    await tell?.(orderOfEvent(event), { state: 'done', what: `${name} ${identityOf(event)}` });
  };
  return bus.subscribe({
    consumer: name,
    workers: limitOf(workers),
    attempts,
    backoff: (attempt) => redeliveryWait(backoff, attempt),
    handler: async ({ event, attempt }) => {
      await step.run(event.request, deliveryCall(messageOrdinal(event), attempt, attempts));
      await done(event);
    },
    // Whoever waits for one that cannot be told of waits until its client has enough.
    onDeadLetter: (event) => void done(event).catch(() => {}),
  });
}
