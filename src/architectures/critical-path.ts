import type { Order } from './order.js';
import type { StepRunner } from './step.js';

/** The critical steps, and the business event's place among them. */
export interface CriticalPath {
  steps: readonly StepRunner[];
  /** Steps before the event is published. */
  before: number;
  publish: (order: Order) => Promise<void>;
}

/**
 * Runs the critical steps in turn and publishes the business event at its place. Rejects with why a step or the
 * publishing failed; what came before it has been done.
 */
export async function runCriticalPath({ steps, before, publish }: CriticalPath, order: Order): Promise<void> {
  for (const [position, step] of steps.entries()) {
    if (position === before) await publish(order);
    await step.run(order.request);
  }
  if (before >= steps.length) await publish(order);
}
