/** Why a bus refused what was asked of it during a trial, counted. */
import type { Cause, Causes } from '../base/causes.js';
import { maskUrls } from '../base/urls.js';
import type { Bus } from './bus.js';
import { reasonOf } from './refusal.js';

/** The same bus, with every refusal counted. Put it innermost: what stands around it may pass over a refusal. */
export function watched(bus: Bus, causes: Causes): Bus {
  const note = (call: Cause['call'], of: string, error: unknown): void => causes.note(call, of, maskUrls(reasonOf(error)));
  return {
    name: bus.name,
    publish: async (event) => {
      try {
        await bus.publish(event);
      } catch (error) {
        note('publish', event.type, error);
        throw error;
      }
    },
    subscribe: (subscription) =>
      bus.subscribe({
        ...subscription,
        onRefusal: (call, error) => {
          note(call, subscription.consumer, error);
          subscription.onRefusal?.(call, error);
        },
      }),
    held: () => bus.held(),
    close: () => bus.close(),
    remove: () => bus.remove(),
  };
}
