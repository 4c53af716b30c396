/**
 * The one rule for things that happen at one moment of virtual time, live core and simulation alike: by rank, then in
 * the order in which the requests were sent, then by step or consumer, then by call. What one of them brings about at the
 * same moment takes its own turn among those that are left. So a result never rests on who was planned first.
 */
import { attemptOf, requestOf } from './request.js';
import type { Turn } from '../base/clock.js';

/** Ranks, first to last. */
export const RANK = {
  /** A worker of a service is done: it is free, and a waiting call begins, before anybody hears of anything. */
  served: 0,
  /** A caller hears the answer to its call: an answer that comes at the moment of the timeout has come in time. */
  answer: 1,
  /** A caller waits no longer for an answer. */
  callTimeout: 2,
  /** A caller hears an answer that came while its process was stopped: a process that goes on looks at its timers first. */
  late: 3,
  /** A call is tried again. */
  retry: 4,
  /** The rate limit of its caller lets a call go, or a batch waits for no more. */
  paced: 5,
  /** A delivery that failed is queued again, or one is due. */
  redelivery: 6,
  /** A delivery that was held back on purpose goes on. */
  resumed: 7,
  /** Workers are up that were started, or are stopped; a consumer's workers take up what waits for them. */
  delivery: 8,
  /** The bus has taken a message: whoever published it goes on. */
  published: 9,
  /** A reply waits no longer for consumers: the deadline of its request has come. */
  deadline: 10,
  /** A client hears the reply. */
  reply: 11,
  /** A user has thought. */
  ready: 12,
  /** Users enter, or requests of a schedule are due: all of one moment at once. */
  arrival: 13,
  /** The server takes up a request. */
  request: 14,
  /** A client waits no longer for the reply. */
  clientTimeout: 15,
  /** The measured window ends. */
  windowEnd: 16,
} as const;

/** Whose workers scale, in the order in which they are up or looked at; and in place of a call, which of the two. */
const SCALING = { service: 1, consumer: 3, batches: 5 } as const;

export type ScalingOwner = keyof typeof SCALING;

/** Place of a call in the turns, of the rank of deliveries, in which started workers are up, and it is looked whether there are too many. */
export function scalingCalls(owner: ScalingOwner): { started: number; look: number } {
  return { started: SCALING[owner], look: SCALING[owner] + 1 };
}

/**
 * Requests of the warm-up, -1, -2 ..., come before the measured ones, 0, 1 ...: a number that rises as they are sent. Behind
 * all of them come their second attempts, then the third ones.
 * @param number of an attempt: that of a first one is the index of its request
 */
export function sendOrder(number: number): number {
  const request = requestOf(number);
  return attemptOf(number) * 2 ** 32 + (request < 0 ? -request - 2 ** 31 : request);
}

/**
 * The turn of something that concerns one request.
 * @param request its index: negative for warm-up
 * @param place position of the step or consumer
 * @param call number of the call, or ordinal of the message
 */
export function turnOf(rank: number, request: number, place = 0, call = 0): Turn {
  return { rank, request: sendOrder(request), place, call };
}
