/** Work that a step or a consumer makes, on average. */
import { latencyMean } from '../scenarios/draw.js';
import { meanCalls } from '../scenarios/call-count.js';
import { weightOf } from '../scenarios/kinds.js';
import type { Consumer, Service, Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';

type Caller = Pick<Step | Consumer, 'call' | 'share' | 'times' | 'only'> & Pick<Consumer, 'batch'>;

/**
 * Mean time that its service works for one request of its kind, or for one message of a consumer, ms: of a step in 15 % of the
 * requests that is 15 % of a call, of a consumer with batches its part of a full one. Failed calls that are made again are not in it.
 */
export function meanWork(caller: Caller, services: readonly Service[]): number {
  const service = services.find(({ name }) => name === caller.call);
  return service ? callsFor(caller) * latencyMean(service.latency) : 0;
}

/** The same for one of all requests: a step of a kind that one in five requests is of makes a fifth of its work. */
export function meanWorkOfRequests(caller: Caller, { services, kinds }: Pick<Subject, 'services' | 'kinds'>): number {
  return weightOf(caller, kinds) * meanWork(caller, services);
}

/** Calls for one of all requests, on average, retries left out. */
export function callsPerRequest(caller: Caller, { kinds }: Pick<Subject, 'kinds'>): number {
  return weightOf(caller, kinds) * callsFor(caller);
}

/** Calls for one request of its kind, or for one message, on average. */
export function callsFor({ share, times, batch }: Pick<Caller, 'share' | 'times' | 'batch'>): number {
  return (share * meanCalls(times)) / (batch?.size ?? 1);
}
