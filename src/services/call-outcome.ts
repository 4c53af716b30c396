/** What a call meets at a service: how long it takes and whether it fails. Pure: the same live and simulated. */
import { LatencyQuantile, rowDraws, type Draws } from '../scenarios/draw.js';
import type { Outage, Service } from '../scenarios/scenario.js';

/** How a call will go, once a worker has taken it up. */
export interface CallOutcome {
  /** Time in progress, ms. */
  ms: number;
  /** It ends with a 500. */
  fails: boolean;
}

/** The part of a service that decides. */
export interface Behaviour extends Pick<Service, 'errors' | 'outages'> {
  quantile: LatencyQuantile;
  /** What its latencies are drawn by in place of the caller's draws. */
  rows: Draws | null;
}

/** How a service behaves under a seed. */
export function behaviourOf({ latency, errors, outages }: Pick<Service, 'latency' | 'errors' | 'outages'>, seed: number): Behaviour {
  return { quantile: new LatencyQuantile(latency), rows: rowDraws(seed, latency), errors, outages };
}

/**
 * What becomes of one call, decided when a worker takes it up; a call in progress when an outage begins ends as usual.
 * Outages: `error` ends it at once; `hang` holds it until the outage is over, and at least for its latency; `slow`
 * stretches its latency.
 * @param sinceStart ms since the start of the measured window; negative while warming up
 */
export function callOutcomeOf(service: Behaviour, draws: Draws, request: number, call: number, sinceStart: number): CallOutcome {
  const outage = outageAt(service.outages, sinceStart);
  if (outage?.kind === 'error') return { ms: 0, fails: true };
  const latency = service.quantile.at((service.rows ?? draws)(request, call, 'latency'));
  const fails = service.errors > 0 && draws(request, call, 'error') < service.errors;
  return { ms: outage ? stretched(latency, outage, sinceStart) : latency, fails };
}

/**
 * Number of the call that a consumer makes for one delivery: it tells apart the messages of one order and the
 * deliveries of one message. The first delivery of the first message is call 0, as is the first call of a step.
 * @param message ordinal of the message within its order, from 0
 * @param delivery number of the delivery, from 1
 * @param attempts deliveries at most
 */
export function deliveryCall(message: number, delivery: number, attempts: number): number {
  return message * attempts + delivery - 1;
}

/** Wait before the next delivery of a message that failed, ms: doubles each time. @param delivery number of the one that failed, from 1 */
export function redeliveryWait(backoff: number, delivery: number): number {
  return backoff * 2 ** (delivery - 1);
}

function stretched(latency: number, outage: Outage, sinceStart: number): number {
  if (outage.kind === 'slow') return latency * outage.factor;
  return Math.max(latency, outage.from + outage.for - sinceStart);
}

function outageAt(outages: readonly Outage[], sinceStart: number): Outage | undefined {
  if (outages.length === 0) return undefined;
  return outages.find((outage) => sinceStart >= outage.from && sinceStart < outage.from + outage.for);
}
