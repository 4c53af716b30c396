/** Deliveries gone wrong on purpose, the same ones for the same seed, over any bus. */
import { realClock, wait, type Clock } from '../base/clock.js';
import { drawsOf, type Draws } from '../scenarios/draw.js';
import { isProcessFault, type Fault } from '../scenarios/fault.js';
import type { Bus, CloudEvent, Delivery, Handler, Subscription } from './bus.js';
import { messageOrdinal } from './envelope.js';

/** What goes wrong on the way, as shares of the events, for each consumer by itself. */
export interface Faults {
  /** Delivered a second time once it was processed, as after an acknowledgement that got lost. */
  duplicate: number;
  /** Acknowledged to the broker without ever being handled: lost. */
  drop: number;
  /** Held back until another event of this consumer has started, one at a time, for `HOLD_MS` at most. */
  reorder: number;
  /** Handled only after `delayMs`. */
  delay: number;
  delayMs: number;
}

export const NO_FAULTS: Faults = { duplicate: 0, drop: 0, reorder: 0, delay: 0, delayMs: 0 };

/** Longest wait for an event to be overtaken by, ms. */
export const HOLD_MS = 1000;

/** Chance and time. */
export interface FaultOptions {
  seed: number;
  clock?: Clock;
}

/** Events that fail at every attempt: a share of all, and those of some orders, by the index of their request. */
export interface Poison {
  share: number;
  orders: readonly number[];
}

/**
 * A recorded bus with the faults of a scenario: wrong deliveries happen before they are recorded, poison shows in the
 * history. Without faults nothing stands in the way.
 * @param record writes the history of a bus
 */
export function withFaults(bus: Bus, faults: readonly Fault[], record: (bus: Bus) => Bus, options: FaultOptions): Bus {
  const deliveries = { ...NO_FAULTS };
  const poison = { share: 0, orders: [] as number[] };
  for (const fault of faults) {
    if (isProcessFault(fault)) continue;
    if ('order' in fault) poison.orders.push(fault.order);
    else if (fault.kind === 'poison') poison.share = fault.share;
    else deliveries[fault.kind] = fault.share;
    if (fault.kind === 'delay') deliveries.delayMs = fault.by;
  }
  const isFaulty = Object.values(deliveries).some((value) => value > 0);
  const delivered = record(isFaulty ? faulty(bus, deliveries, options) : bus);
  return poison.share > 0 || poison.orders.length > 0 ? poisoned(delivered, poison, options) : delivered;
}

/**
 * The same bus with faulty deliveries. Record it from outside, `recorded(faulty(bus))`, so that the history shows what
 * consumers saw. While an event is held back the consumer works on one more than its workers.
 */
export function faulty(bus: Bus, faults: Faults, options: FaultOptions): Bus {
  return withSubscriptions(bus, (subscription) => faultySubscription(subscription, faults, options));
}

/**
 * The same bus with events that fail at every attempt, at every consumer. Put it outermost, `poisoned(recorded(bus))`,
 * so that the history shows the failures.
 */
export function poisoned(bus: Bus, { share, orders }: Poison, { seed }: FaultOptions): Bus {
  const isHit = lottery('', { poison: share }, seed);
  const chosen = new Set(orders);
  return withSubscriptions(bus, (subscription) => ({
    ...subscription,
    handler: async (delivery) => {
      if (chosen.has(delivery.event.request) || isHit('poison', delivery.event)) throw new Error(`Event ${delivery.event.id} is poison`);
      await subscription.handler(delivery);
    },
  }));
}

function withSubscriptions(bus: Bus, change: (subscription: Subscription) => Subscription): Bus {
  return {
    name: bus.name,
    publish: (event) => bus.publish(event),
    subscribe: (subscription) => bus.subscribe(change(subscription)),
    held: () => bus.held(),
    close: () => bus.close(),
    remove: () => bus.remove(),
  };
}

function faultySubscription(subscription: Subscription, faults: Faults, options: FaultOptions): Subscription {
  const { consumer, handler, workers } = subscription;
  const isHit = lottery(consumer, faults, options.seed);
  const { clock = realClock } = options;
  const overtaking = new Overtaking((ms) => wait(clock, ms));
  const handle: Handler = async (delivery: Delivery) => {
    const { event, attempt } = delivery;
    if (isHit('drop', event)) return;
    if (isHit('delay', event)) await wait(clock, faults.delayMs);
    if (isHit('reorder', event) && attempt === 1) await overtaking.hold();
    const done = handler(delivery);
    overtaking.started();
    await done;
    if (isHit('duplicate', event)) await handler({ event, attempt: attempt + 1 });
  };
  return { ...subscription, workers: faults.reorder > 0 ? workers + 1 : workers, handler: handle };
}

/** Decides by consumer, fault, request and message: drawn once for an event, whoever delivers it and how often. */
function lottery<Kind extends string>(
  consumer: string,
  shares: Readonly<Record<Kind, number>>,
  seed: number,
): (fault: Kind, event: CloudEvent) => boolean {
  const draws = new Map<Kind, Draws>();
  return (fault, event) => {
    if (shares[fault] <= 0) return false;
    const draw = draws.get(fault) ?? drawsOf(seed, `${consumer}:${fault}`);
    draws.set(fault, draw);
    return draw(event.request, messageOrdinal(event), 'error') < shares[fault];
  };
}

/** Lets a held delivery go when another one has started, or when none comes. */
class Overtaking {
  private readonly sleep: (ms: number) => Promise<void>;
  private release: (() => void) | undefined;

  constructor(sleep: (ms: number) => Promise<void>) {
    this.sleep = sleep;
  }

  /** Resolves at once when one is held already. */
  async hold(): Promise<void> {
    if (this.release) return;
    const overtaken = new Promise<void>((resolve) => (this.release = resolve));
    await Promise.race([overtaken, this.sleep(HOLD_MS)]);
    this.release = undefined;
  }

  started(): void {
    this.release?.();
  }
}
