/** Steps as they are written. */
import type * as v from 'valibot';
import { checked, either, fields, isMapping, mapped, oneOrMany, optional, scalar, type Field } from './field.js';
import { latency } from './latency.js';
import { rateLimit } from './rate.js';
import { times } from './times.js';
import { choice, count, duration, flag, HOUR, isReserved, limit, name, number, share } from './values.js';

const retries = fields('retries', {
  attempts: optional(count(1, 100), 'Calls made at most, the first included; 1 is no retry'),
  backoff: optional(duration(0, HOUR), 'Wait before the first retry; doubles with each further one'),
  jitter: optional(choice('none', 'full'), 'full: the wait is drawn evenly between 0 and the backoff'),
  budget: optional(share, 'Retries allowed as a share of all first calls of the step; 1 is no limit'),
  retryAfter: optional(choice('heed', 'ignore'), 'heed: after a 429 it waits as long as that says, if that is longer than the backoff'),
});

const breakerFields = fields('a breaker', {
  trip: optional(share, 'Share of failed calls that opens it'),
  minimum: optional(count(1, 1_000_000), 'Calls in the window before it may open'),
  window: optional(duration(1, HOUR), 'Sampling window'),
  reset: optional(duration(1, HOUR), 'Time it stays open before one call is let through to try'),
});
const noBreaker = choice('none');
const breaker = either<'none' | v.InferOutput<typeof breakerFields>>([noBreaker, breakerFields], (input) =>
  isMapping(input) ? breakerFields : noBreaker,
);

const noFallback = choice('none');
const ownFallback = mapped(duration(0, HOUR), (own) => ({ own }));
const calledFallback = mapped(name, (call) => ({ call }));
const fallback = either<'none' | { own: number } | { call: string }>([noFallback, ownFallback, calledFallback], (input) => {
  if (input === 'none') return noFallback;
  return typeof input === 'string' && /^[A-Za-z]/.test(input) ? calledFallback : ownFallback;
});

const noCompensation = choice('none');
const compensation = either<string>([noCompensation, name], (input) => (input === 'none' ? noCompensation : name));

const changeable = {
  critical: optional(flag, 'The reply needs its result'),
  share: optional(share, 'Share of the requests that make it'),
  onError: optional(choice('fail', 'continue'), 'continue: its failure is counted, and the request goes on without'),
  effect: optional(flag, 'It changes something; false: it only reads'),
  after: optional(oneOrMany('names of steps', name, 0, 100), 'Steps that must have succeeded before it'),
  timeout: optional(duration(1, HOUR), 'Per attempt'),
  retries: optional(retries, 'How a failed call is tried again'),
  breaker: optional(breaker, 'Circuit breaker; {} takes every default, none is none'),
  connections: optional(limit(1), "Connections of the caller's pool to the service"),
  pool: optional(name, 'Name of the pool of connections that it shares with other steps, or none'),
  group: optional(name, 'Name of the group of steps that it belongs to, of which not all must succeed, or none'),
  rate: optional(rateLimit, 'Calls that it makes, of all requests together: 50/s; beyond it they wait in order'),
  times: optional(times, 'Calls that it makes for one request: 3, or drawn: { p50: 3, max: 20 }'),
  concurrency: optional(limit(1), 'How many of them at once; one after another without it'),
  need: optional(count(1, 1000), 'How many of them must succeed; all without it'),
  fallback: optional(fallback, 'What will do when it has failed for good: a service that is asked once, or 20ms of own work'),
  compensate: optional(compensation, 'Service that undoes it when it has succeeded and its request fails (a saga)'),
  loop: optional(number(1, 1_000_000), 'Calls that its latency covers, on average: a loop (N+1) that traces show as one step'),
};
const CALL = 'Name of the service it calls';
const OWN = 'Work of the server itself, in no call: 12ms, or as a latency; the reply needs it unless it says otherwise';
const writtenStep = checked(
  fields('a step', {
    name: optional(name, 'Its name; that of the service without it, or own'),
    call: optional(name, CALL),
    own: optional(latency, OWN),
    ...changeable,
  }),
  'expected either a call of a service or own work, such as own: 12ms',
  ({ call, own }) => (call === undefined) !== (own === undefined),
);

/** A step as it is written; `payment!` is short for `{ call: payment, critical: true }`. */
export type StepDraft = Omit<v.InferOutput<typeof writtenStep>, 'call'> & { call: string };

/** Own work is a service of the name of its step. */
const fullStep: Field<StepDraft> = mapped(writtenStep, ({ call, ...rest }): StepDraft => {
  if (rest.own === undefined) return { ...rest, call: call ?? '' };
  // The server does not give up its own work.
  return { critical: true, timeout: HOUR, ...rest, call: rest.name ?? 'own' };
});

const SHORT = /^([A-Za-z][A-Za-z0-9_-]{0,39})(!?)$/;
const shortStep = scalar<StepDraft>(
  'a step: the name of a service, with ! when the reply needs it, or a mapping',
  { type: 'string', pattern: SHORT.source },
  (input) => {
    const match = typeof input === 'string' ? SHORT.exec(input) : null;
    return match?.[1] && !isReserved(match[1]) ? { call: match[1], critical: match[2] === '!' } : undefined;
  },
);

export const step = either<StepDraft>([shortStep, fullStep], (input) => (isMapping(input) ? fullStep : shortStep));

/** What a variant changes of a step. */
export const stepChange = fields('a change of a step', { call: optional(name, CALL), own: optional(latency, OWN), ...changeable });
export type StepChange = v.InferOutput<typeof stepChange>;
