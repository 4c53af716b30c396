/** Deliveries that go wrong on purpose: which ones, decided by seed, consumer, request and message, live and simulated alike. */
import { drawsOf, type Draws } from './draw.js';
import { isProcessFault, type Fault } from './fault.js';
import { requestOf } from './request.js';

/** What goes wrong on the way, as shares of the events, for each consumer by itself. */
export interface DeliveryFaults {
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

export const NO_FAULTS: DeliveryFaults = { duplicate: 0, drop: 0, reorder: 0, delay: 0, delayMs: 0 };

/** Longest wait for an event to be overtaken by, ms. */
export const HOLD_MS = 1000;

/** Events that fail at every attempt: a share of all, and those of some orders, by the index of their request. */
export interface Poison {
  share: number;
  orders: readonly number[];
}

/** What the faults of a scenario do to deliveries. */
export function deliveryFaultsOf(faults: readonly Fault[]): { deliveries: DeliveryFaults; poison: Poison } {
  const deliveries = { ...NO_FAULTS };
  const poison = { share: 0, orders: [] as number[] };
  for (const fault of faults) {
    if (isProcessFault(fault)) continue;
    if ('order' in fault) poison.orders.push(fault.order);
    else if (fault.kind === 'poison') poison.share = fault.share;
    else deliveries[fault.kind] = fault.share;
    if (fault.kind === 'delay') deliveries.delayMs = fault.by;
  }
  return { deliveries, poison };
}

/** Tells whether a fault hits a message, by its request and its place within its order. */
type Lottery<Kind extends string> = (fault: Kind, request: number, message: number) => boolean;

/** What hits the deliveries of a consumer. */
export function deliveryLottery(consumer: string, faults: DeliveryFaults, seed: number): Lottery<Exclude<keyof DeliveryFaults, 'delayMs'>> {
  return lottery(consumer, faults, seed);
}

/** Whether a message is poison, at every consumer and in every attempt of its request alike. */
export function poisonLottery({ share, orders }: Poison, seed: number): (request: number, message: number) => boolean {
  const isHit = lottery('', { poison: share }, seed);
  const chosen = new Set(orders);
  return (number, message) => {
    const request = requestOf(number);
    return chosen.has(request) || isHit('poison', request, message);
  };
}

/** Drawn once for an event, whoever delivers it and how often. */
function lottery<Kind extends string>(consumer: string, shares: Readonly<Record<Kind, number>>, seed: number): Lottery<Kind> {
  const draws = new Map<Kind, Draws>();
  return (fault, request, message) => {
    if (shares[fault] <= 0) return false;
    const draw = draws.get(fault) ?? drawsOf(seed, `${consumer}:${fault}`);
    draws.set(fault, draw);
    return draw(request, message, 'error') < shares[fault];
  };
}
