/** What the machine of a trial, and its bus, add to requests, calls, publishes and deliveries: drawn from what was measured, each for itself. */
import type { BusTime } from '../../events/settings.js';
import { quantilesBetween } from '../../measurement/times.js';
import { drawAt, SALTS, streamOf } from '../../scenarios/draw.js';
import type { TrialInput } from './model.js';

/** Time added to one of several things of a request, by its number among them, ms. */
export type AddedTime = (request: number, number: number) => number;

/** @param times sorted, ms. @returns null where nothing is added */
export function addedTime(seed: number, name: string, times: readonly number[] = []): AddedTime | null {
  if (times.length === 0) return null;
  const sorted = Float64Array.from(times);
  const stream = streamOf(seed, name);
  return (request, number) => sorted[Math.floor(drawAt(stream, request, number, SALTS.latency) * sorted.length)]!;
}

/** Where the times of a bus come from. */
type BusInput = Partial<Pick<TrialInput, 'machine' | 'bus'>>;

/**
 * The time of a publish: what was measured on the machine, and no less than the scenario says; where nothing was measured what the
 * scenario says, and what the bus takes by default where that is nothing.
 * @param least what the scenario says, ms
 * @returns null where it takes none
 */
export function publishTime(seed: number, stream: string, least: number, { machine, bus }: BusInput): AddedTime | null {
  const name = `${stream}:publish`;
  const measured = addedTime(seed, name, machine?.publish);
  if (measured) return (request, number) => Math.max(least, measured(request, number));
  if (least > 0) return () => least;
  return bus?.times ? addedTime(seed, name, timesLike(bus.times.publish)) : null;
}

/**
 * The time from a publish until a consumer has the event: what was measured on the machine, or what is known of the bus.
 * @returns null where it takes none
 */
export function wayTime(seed: number, consumer: string, { machine, bus }: BusInput): AddedTime | null {
  const name = `${consumer}:delivery`;
  return addedTime(seed, name, machine?.delivery) ?? (bus?.times ? addedTime(seed, name, timesLike(bus.times.lag)) : null);
}

/**
 * The same for a consumer of orders. All messages of an order take the same on their way to it, so that none
 * overtakes another: a bus hands them out as they were published.
 * @returns null where it takes none
 */
export function deliveryTime(seed: number, consumer: string, input: BusInput): ((request: number) => number) | null {
  const added = wayTime(seed, consumer, input);
  return added && ((request) => added(request, 0));
}

/** Times as they are drawn: straight lines between what is known of them, and none longer than p95. */
function timesLike({ min, p50, p95 }: BusTime): number[] {
  return quantilesBetween([[0, min], [0.5, p50], [0.95, p95], [1, p95]]);
}
