/** Writes the history of a bus, whichever adapter it is, and keeps an effect from taking place twice. */
import { now } from '../base/clock.js';
import type { Bus, CloudEvent, Delivery, Subscription } from './bus.js';
import { identityOf, sequenceOf } from './envelope.js';
import type { HistoryKind } from './history.js';
import type { HistoryRecorder } from './recorder.js';

/** How it is recorded. */
export interface RecordedOptions {
  /**
   * Idempotent consumers: an event whose effect is in the history is processed without another. What a handler does
   * beyond that effect, such as calls to other services, is repeated when it died in between.
   */
  inbox?: boolean;
  /** Milliseconds of the machine's monotonic clock. */
  clock?: () => number;
}

/** The same bus, with every publish and every delivery recorded. An effect takes place when its handler resolves. */
export function recorded(bus: Bus, recorder: HistoryRecorder, options: RecordedOptions = {}): Bus {
  const { inbox = false, clock = now } = options;
  const note: Note = (kind, event, consumer) => {
    const { request } = event;
    recorder.record({ kind, event: identityOf(event), request, sequence: sequenceOf(event), consumer, at: clock() });
  };
  const isApplied = (consumer: string, event: CloudEvent): boolean =>
    inbox && recorder.isApplied(consumer, identityOf(event));
  return {
    name: bus.name,
    publish: async (event) => {
      note('attempted', event, '');
      try {
        await bus.publish(event);
      } catch (error) {
        note('rejected', event, '');
        throw error;
      }
      note('acknowledged', event, '');
    },
    subscribe: (subscription) => {
      recorder.expect(subscription.consumer);
      return bus.subscribe(recordedSubscription(subscription, note, isApplied));
    },
    held: () => bus.held(),
    close: () => bus.close(),
    remove: () => bus.remove(),
  };
}

type Note = (kind: HistoryKind, event: CloudEvent, consumer: string) => void;

function recordedSubscription(
  subscription: Subscription,
  note: Note,
  isApplied: (consumer: string, event: CloudEvent) => boolean,
): Subscription {
  const { consumer } = subscription;
  return {
    ...subscription,
    handler: async (delivery: Delivery) => {
      const { event } = delivery;
      note('started', event, consumer);
      try {
        if (!isApplied(consumer, event)) await subscription.handler(delivery);
      } catch (error) {
        note('failed', event, consumer);
        throw error;
      }
      // Asked again: the same event may have been in progress twice.
      if (!isApplied(consumer, event)) note('applied', event, consumer);
      note('processed', event, consumer);
    },
    onDeadLetter: (event) => {
      note('deadLettered', event, consumer);
      subscription.onDeadLetter(event);
    },
  };
}
