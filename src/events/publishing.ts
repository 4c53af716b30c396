/**
 * How an event gets to the broker: what the publisher waits for before it tells its user that all is well. A bus by
 * itself publishes `confirmed`: it waits for the broker's acknowledgement. Here are the two other ways,
 * `fire-and-forget` and `outbox`.
 */
import type { Bus } from './bus.js';

/** Consumer of the outbox that publishes to the broker. */
export const RELAY = 'relay';
/** Publishes of the relay in flight at once; they start in order of commit. */
const RELAY_WORKERS = 32;
const RELAY_BACKOFF_MS = 100;

/** Takes every event for acknowledged once it is handed over: what the broker refuses is lost, and nobody is told. */
export function unconfirmed(bus: Bus): Bus {
  return {
    name: bus.name,
    publish: (event) => {
      bus.publish(event).catch(() => {});
      return Promise.resolve();
    },
    subscribe: (subscription) => bus.subscribe(subscription),
    held: () => bus.held(),
    close: () => bus.close(),
    remove: () => bus.remove(),
  };
}

/**
 * Publishes by way of an outbox: acknowledged is what the outbox has committed, whether or not the broker is there.
 * At least once: a relay that dies after the broker's acknowledgement publishes the event again.
 * @param outbox an `outbox` bus whose topic has the one consumer `RELAY`
 */
export async function relayed(outbox: Bus, broker: Bus): Promise<Bus> {
  await outbox.subscribe({
    consumer: RELAY,
    workers: RELAY_WORKERS,
    attempts: Infinity,
    backoff: () => RELAY_BACKOFF_MS,
    handler: ({ event }) => broker.publish(event),
    onDeadLetter: () => {},
  });
  const both = async (what: 'close' | 'remove'): Promise<void> => {
    // The relay first: it still publishes what it has in progress.
    await outbox[what]();
    await broker[what]();
  };
  return {
    name: broker.name,
    publish: (event) => outbox.publish(event),
    subscribe: (subscription) => broker.subscribe(subscription),
    held: () => heldByBoth(outbox, broker),
    close: () => both('close'),
    remove: () => both('remove'),
  };
}

/** What the relay has not published yet is held for every consumer. Asked first, as events only move on from there. */
export async function heldByBoth(outbox: Bus, broker: Bus): Promise<Record<string, string[]>> {
  const { [RELAY]: unpublished = [] } = await outbox.held();
  const held = await broker.held();
  return Object.fromEntries(
    Object.entries(held).map(([consumer, events]) => [consumer, [...new Set([...unpublished, ...events])]]),
  );
}
