import type { Completions } from './consumers.js';
import type { Order, PlaceOrder } from './order.js';
import type { StepRunner } from './step.js';

/**
 * `hybrid`: the critical steps in turn, then the business event, then the reply; consumers do the rest.
 * @param completions of publish-and-wait: the reply also waits for the consumers; null: fire and forget
 */
export function hybrid(
  critical: readonly StepRunner[],
  publish: (order: Order) => Promise<void>,
  completions: Completions | null,
): PlaceOrder {
  return async (order) => {
    for (const step of critical) await step.run(order.request);
    const complete = completions?.expect(order.id);
    try {
      await publish(order);
    } catch (error) {
      completions?.forget(order.id);
      throw error;
    }
    await complete;
    return 'confirmed';
  };
}
