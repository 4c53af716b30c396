/** Why a bus refused what was asked of it during a trial, counted: the reasons that would otherwise die where they are caught. */
import { maskUrls } from '../base/urls.js';
import type { Bus } from './bus.js';
import { reasonOf } from './refusal.js';

/** One reason for one kind of call. */
export interface Cause {
  call: 'publish' | 'read' | 'acknowledge';
  /** Type of the event that was not taken; the consumer that could not read, or not say that it was done. */
  of: string;
  /** In the broker's words. */
  reason: string;
  count: number;
}

/** Different reasons that are told apart; what comes beyond them is one more. */
const MOST = 50;
const OTHERS = 'other reasons';

/** Counts causes. */
export class Causes {
  private readonly byKey = new Map<string, Cause>();

  note(call: Cause['call'], of: string, error: unknown): void {
    const reason = maskUrls(reasonOf(error));
    this.count({ call, of, reason: this.byKey.size < MOST || this.byKey.has(keyOf(call, of, reason)) ? reason : OTHERS, count: 1 });
  }

  /** The most frequent first. */
  report(most = MOST + 1): Cause[] {
    return [...this.byKey.values()].toSorted((a, b) => b.count - a.count).slice(0, most);
  }

  /** What others have counted. */
  count({ call, of, reason, count }: Cause): void {
    const key = keyOf(call, of, reason);
    const known = this.byKey.get(key);
    if (known) known.count += count;
    else this.byKey.set(key, { call, of, reason, count });
  }
}

function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}

/** The same bus, with every refusal counted. Put it innermost: what stands around it may pass over a refusal. */
export function watched(bus: Bus, causes: Causes): Bus {
  return {
    name: bus.name,
    publish: async (event) => {
      try {
        await bus.publish(event);
      } catch (error) {
        causes.note('publish', event.type, error);
        throw error;
      }
    },
    subscribe: (subscription) =>
      bus.subscribe({
        ...subscription,
        onRefusal: (call, error) => {
          causes.note(call, subscription.consumer, error);
          subscription.onRefusal?.(call, error);
        },
      }),
    held: () => bus.held(),
    close: () => bus.close(),
    remove: () => bus.remove(),
  };
}
