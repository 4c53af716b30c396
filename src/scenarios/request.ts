/** Requests as they are numbered on their way. */

/** Header that carries the request's index: 0, 1, 2 ... when measured, -1, -2 ... while warming up. */
export const REQUEST_HEADER = 'x-request';
/** Header of an attempt that is not the first: 2, 3 ... */
export const ATTEMPT_HEADER = 'x-attempt';
/** Header that is the same in all attempts of a request. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** Each attempt of a request is a number of its own, so many apart: requests beyond it would share numbers. */
const ATTEMPTS_APART = 100_000_000;
/** Attempts of a request at most. */
export const MOST_ATTEMPTS = 9;
/** First index of requests that carry none, from curl or another load generator: they count as measured, and are sent once. */
export const FIRST_FOREIGN = 1_000_000_000;

/**
 * What a server knows an attempt by, and draws for it are made by: that of a first one is the index of its request.
 * @param attempt from 0
 */
export function attemptNumber(request: number, attempt: number): number {
  return request < 0 ? request - attempt * ATTEMPTS_APART : request + attempt * ATTEMPTS_APART;
}

/** Index of the request that an attempt is one of. */
export function requestOf(number: number): number {
  return number < FIRST_FOREIGN ? number % ATTEMPTS_APART : number;
}

/** Which attempt of its request it is, from 0. */
export function attemptOf(number: number): number {
  return number < FIRST_FOREIGN ? Math.trunc(Math.abs(number) / ATTEMPTS_APART) : 0;
}
