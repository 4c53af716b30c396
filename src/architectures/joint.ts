/** Several consumers before one event: it is published when the last of them has done with its message. */
import type { Run } from './flow.js';

/**
 * Counts, for each message of an order, who has done. It is kept in the process of the consumers and dies with it: what
 * waits for another consumer then waits for ever, as with every join that is not stored.
 */
export class Joint {
  private readonly needs: number;
  private readonly waiting = new Map<string, Set<object>>();

  /** @param needs how many have to be done */
  constructor(needs: number) {
    this.needs = needs;
  }

  /** What one of them runs when it has done: the last of them publishes. */
  part(publish: Run): Run {
    const who = {};
    return async (order, firstCall, message = 0) => {
      const key = `${order.id} ${message}`;
      const done = this.waiting.get(key) ?? new Set();
      this.waiting.set(key, done.add(who));
      if (done.size < this.needs) return;
      await publish(order, firstCall, message);
      // Until then whoever tries again is still the last.
      this.waiting.delete(key);
    };
  }
}
