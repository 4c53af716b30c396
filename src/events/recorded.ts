/** Writes the history of a bus, whichever adapter it is, and keeps an effect from taking place twice. */
import { now } from '../base/clock.js';
import type { Bus, CloudEvent, Delivery, Subscription } from './bus.js';
import { identityOf, sequenceOf } from './envelope.js';
import type { HistoryEntry, HistoryKind } from './history.js';
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
  const note: Note = (kind, about, consumer) => {
    const { event, request, sequence } = about;
    recorder.record({ kind, event, request, sequence, consumer, at: clock() });
  };
  const isApplied = (consumer: string, { event }: About): boolean => inbox && recorder.isApplied(consumer, event);
  return {
    name: bus.name,
    publish: async (event) => {
      const about = aboutOf(event);
      note('attempted', about, '');
      try {
        await bus.publish(event);
      } catch (error) {
        note('rejected', about, '');
        throw error;
      }
      note('acknowledged', about, '');
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

/** What every entry says of its event: worked out once, and kept once, for all entries of a publish or a delivery. */
type About = Pick<HistoryEntry, 'event' | 'request' | 'sequence'>;

type Note = (kind: HistoryKind, about: About, consumer: string) => void;

function aboutOf(event: CloudEvent): About {
  return { event: identityOf(event), request: event.request, sequence: sequenceOf(event) };
}

function recordedSubscription(
  subscription: Subscription,
  note: Note,
  isApplied: (consumer: string, about: About) => boolean,
): Subscription {
  const { consumer } = subscription;
  return {
    ...subscription,
    handler: async (delivery: Delivery) => {
      const about = aboutOf(delivery.event);
      note('started', about, consumer);
      try {
        if (!isApplied(consumer, about)) await subscription.handler(delivery);
      } catch (error) {
        note('failed', about, consumer);
        throw error;
      }
      // Asked again: the same event may have been in progress twice.
      if (!isApplied(consumer, about)) note('applied', about, consumer);
      note('processed', about, consumer);
    },
    onDeadLetter: (event) => {
      note('deadLettered', aboutOf(event), consumer);
      subscription.onDeadLetter(event);
    },
  };
}
