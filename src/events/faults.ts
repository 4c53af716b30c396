/** Deliveries gone wrong on purpose, the same ones for the same seed, over any bus. */
import { inTurn, realClock, wait, type Clock, type Turn } from '../base/clock.js';
import { deliveryFaultsOf, deliveryLottery, HOLD_MS, poisonLottery, type DeliveryFaults, type Poison } from '../scenarios/delivery-faults.js';
import type { Fault } from '../scenarios/fault.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { Bus, CloudEvent, Delivery, Handler, Subscription } from './bus.js';
import { messageOrdinal } from './envelope.js';

/**
 * What comes of deliveries that workers take up at one moment comes once they have all been taken up, before anything else of that
 * moment, in this order: one is handled a second time, one that was held back is let go, one is dropped, work on one has ended as soon as it began.
 */
const REPEATED = atOnce(-5);
const RELEASED = atOnce(-3);
const DROPPED = atOnce(-2);
const ENDED = atOnce(-1);

function atOnce(rank: number): Turn {
  return { rank, request: 0, place: 0, call: 0 };
}

/** Chance and time. */
export interface FaultOptions {
  seed: number;
  clock?: Clock;
  /** The place of the next consumer among those of its process. */
  nextPosition?: () => number;
}

/**
 * A recorded bus with the faults of a scenario: wrong deliveries happen before they are recorded, poison shows in the
 * history. Without faults nothing stands in the way.
 * @param record writes the history of a bus
 */
export function withFaults(bus: Bus, faults: readonly Fault[], record: (bus: Bus) => Bus, options: FaultOptions): Bus {
  const { deliveries, poison } = deliveryFaultsOf(faults);
  const isFaulty = Object.values(deliveries).some((value) => value > 0);
  const delivered = record(isFaulty ? faulty(bus, deliveries, options) : bus);
  return poison.share > 0 || poison.orders.length > 0 ? poisoned(delivered, poison, options) : delivered;
}

/**
 * The same bus with faulty deliveries. Record it from outside, `recorded(faulty(bus))`, so that the history shows what
 * consumers saw. While an event is held back the consumer works on one more than its workers.
 */
export function faulty(bus: Bus, faults: DeliveryFaults, options: FaultOptions): Bus {
  return withSubscriptions(bus, (subscription) => faultySubscription(subscription, faults, options));
}

/**
 * The same bus with events that fail at every attempt, at every consumer. Put it outermost, `poisoned(recorded(bus))`,
 * so that the history shows the failures.
 */
export function poisoned(bus: Bus, poison: Poison, { seed, clock = realClock }: FaultOptions): Bus {
  const isPoison = poisonLottery(poison, seed);
  return withSubscriptions(bus, (subscription) => ({
    ...subscription,
    handler: async (delivery) => {
      if (isPoison(delivery.event.request, messageOrdinal(delivery.event))) {
        await inTurn(clock, ENDED);
        throw new Error(`Event ${delivery.event.id} is poison`);
      }
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

function faultySubscription(subscription: Subscription, faults: DeliveryFaults, options: FaultOptions): Subscription {
  const { consumer, handler, workers } = subscription;
  const lot = deliveryLottery(consumer, faults, options.seed);
  const { clock = realClock, nextPosition = () => 0 } = options;
  const position = nextPosition();
  const overtaking = new Overtaking();
  const sleep = (event: CloudEvent, ms: number): Promise<void> =>
    wait(clock, ms, turnOf(RANK.resumed, event.request, position, messageOrdinal(event)));
  const handle: Handler = async (delivery: Delivery) => {
    const { event, attempt } = delivery;
    const isHit = (fault: Parameters<typeof lot>[0]): boolean => lot(fault, event.request, messageOrdinal(event));
    if (isHit('drop')) return inTurn(clock, DROPPED);
    if (isHit('delay')) await sleep(event, faults.delayMs);
    if (!overtaking.isHolding && isHit('reorder') && attempt === 1) await overtaking.hold(() => sleep(event, HOLD_MS), () => inTurn(clock, RELEASED));
    const done = handler(delivery);
    overtaking.started();
    await done;
    if (!isHit('duplicate')) return;
    await inTurn(clock, REPEATED);
    await handler({ event, attempt: attempt + 1 });
  };
  return { ...subscription, workers: faults.reorder > 0 ? workers + 1 : workers, handler: handle };
}

/** Lets a held delivery go when another one has started, or when none comes. */
class Overtaking {
  private release: (() => void) | undefined;

  /** Another one would be let go by the next to start, and not overtaken: it starts. */
  get isHolding(): boolean {
    return this.release !== undefined;
  }

  /** Holds one, while no other is held. @param sleep the longest that it takes @param turn resolves when one that is let go has its turn */
  async hold(sleep: () => Promise<void>, turn: () => Promise<void>): Promise<void> {
    let release = (): void => {};
    const overtaken = new Promise<void>((resolve) => (release = resolve));
    this.release = release;
    await Promise.race([overtaken.then(turn), sleep()]);
    // By now another one may be held.
    if (this.release === release) this.release = undefined;
  }

  started(): void {
    const { release } = this;
    this.release = undefined;
    release?.();
  }
}
