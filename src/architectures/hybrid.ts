import type { Completions } from './completions.js';
import { runCriticalPath, type CriticalPath } from './critical-path.js';
import type { PlaceOrder } from './order.js';

/**
 * `hybrid`: the critical steps in turn with the business event at its place, then the reply; consumers do the rest.
 * @param completions of publish-and-wait: the reply also waits for the consumers; null: fire and forget
 */
export function hybrid(path: CriticalPath, completions: Completions | null): PlaceOrder {
  return async (order) => {
    const complete = completions?.expect(order.id);
    try {
      await runCriticalPath(path, order);
    } catch (error) {
      completions?.forget(order.id);
      throw error;
    }
    await complete;
    return 'confirmed';
  };
}
