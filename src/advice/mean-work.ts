/** Work that a step or a consumer makes, on average. */
import { latencyMean } from '../scenarios/draw.js';
import { meanCalls } from '../scenarios/call-count.js';
import type { Consumer, Service, Step } from '../scenarios/scenario.js';

/**
 * Mean time that its service works for one request, or for one message of a consumer, ms: of a step in 15 % of the requests
 * that is 15 % of a call. Failed calls that are made again are not in it.
 */
export function meanWork({ call, share, times }: Pick<Step | Consumer, 'call' | 'share' | 'times'>, services: readonly Service[]): number {
  const service = services.find(({ name }) => name === call);
  return service ? share * meanCalls(times) * latencyMean(service.latency) : 0;
}
