/** The bus inside the server's process: a queue for each consumer, nothing on disk. What is queued dies with the process. */
import type { Clock } from '../base/clock.js';
import type { Bus, Subscription } from './bus.js';
import { Deliveries, type Settlement } from './deliveries.js';
import { identityOf } from './envelope.js';

/** Where it runs. */
export interface MemoryBusOptions {
  clock?: Clock;
  /** The place of the next consumer among those of its process. */
  nextPosition?: () => number;
}

/** Nobody else has to be told. */
const FORGOTTEN: Settlement = { done: () => {}, dead: () => {} };

/**
 * Publishing resolves when the event stands in the queue of every subscription; deliveries start afterwards, never
 * within the call, so that a reply is not held up by its own consumers. Closing drops what waits.
 */
export function memoryBus({ clock, nextPosition = () => 0 }: MemoryBusOptions = {}): Bus {
  const queues = new Map<string, Deliveries>();
  let closed = false;
  const refuse = (): Promise<void> => Promise.reject(new Error('The bus is closed'));
  const close = async (): Promise<void> => {
    closed = true;
    await Promise.all(Array.from(queues.values(), (queue) => queue.close()));
  };
  return {
    name: 'memory',
    publish: (event) => {
      if (closed) return refuse();
      for (const queue of queues.values()) queue.add(event, 1, FORGOTTEN);
      return Promise.resolve();
    },
    subscribe: (subscription: Subscription) => {
      if (closed) return refuse();
      queues.set(subscription.consumer, new Deliveries(subscription, { ...(clock && { clock }), position: nextPosition() }));
      return Promise.resolve();
    },
    held: () =>
      Promise.resolve(Object.fromEntries(Array.from(queues, ([name, { events }]) => [name, events.map(identityOf)]))),
    close,
    remove: close,
  };
}
