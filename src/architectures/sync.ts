import type { PlaceOrder } from './order.js';
import type { StepRunner } from './step.js';

/** `sync`: every step, one after another, then the reply. The first failure is the reply. */
export function sync(steps: readonly StepRunner[]): PlaceOrder {
  return async ({ request }) => {
    for (const step of steps) await step.run(request);
    return 'confirmed';
  };
}
