/**
 * What is modelled: one business transaction and its load, fully resolved. Every field is present; defaults have been
 * filled in once, when the scenario was read. Pure data: all times in milliseconds, all shares as ratios.
 */
import type { Architecture } from './architectures.js';
import type { Fault } from './fault.js';
import type { Load } from './load.js';
import type { Endpoint, Target } from './target.js';

/** A capacity: a whole number, or none. (JSON has no Infinity.) */
export type Limit = number | 'unlimited';

/** How long a service works on one call, ms. `lognormal` is given by two quantiles; `values` are measured, sorted; those of `rows` stand in the order of the rows. */
export type Latency =
  | { kind: 'constant'; ms: number }
  | { kind: 'lognormal'; p50: number; p99: number }
  | { kind: 'exponential'; mean: number }
  | { kind: 'uniform'; min: number; max: number }
  | { kind: 'values'; values: number[] }
  | { kind: 'rows'; column: string; values: number[] };

/** A time in which a service does not work as usual. `from` counts from the start of the measured window. */
export type Outage = { from: number; for: number } & (
  | { kind: 'error' } // answers 500 at once
  | { kind: 'hang' } // takes the call, holds a worker and answers only when the outage is over
  | { kind: 'slow'; factor: number } // latency times factor
);

/** So many in a time, and how many of them at once after a quiet time (a token bucket). */
export interface RateLimit {
  count: number;
  /** ms */
  per: number;
  burst: number;
}

/** How the number of workers follows what there is to do: see `services/scaling.ts`. */
export interface Scaling {
  /** Workers at least; those at most stand in `workers`. */
  min: number;
  /** From the start of a worker until it takes something up, ms. */
  start: number;
  /** Share of the workers that is to be busy. */
  target: number;
  /** So long fewer must have done, ms, before some are stopped. */
  idle: number;
}

/** A downstream dependency. */
export interface Service {
  name: string;
  /** Of a real service what was measured of it alone; no values before that. */
  latency: Latency;
  /** Where a real service is, which is called in place of a simulated one; it has no other capacity and no faults here. */
  endpoint?: Endpoint;
  /** Calls it serves at once; where they scale, at most. */
  workers: Limit;
  /** Its workers scale. Only where the file says it: else there are always as many. */
  scaling?: Scaling;
  /** Calls it holds waiting, in order of arrival; beyond it answers 503 at once. */
  queue: Limit;
  /** Share of calls that fail (500) after their latency. */
  errors: number;
  outages: Outage[];
  /** Calls that it takes: beyond it answers 429 at once, with the seconds until the next is taken. Only where the file says it. */
  rate?: RateLimit;
  /** Calls of requests that somebody waits for are taken up before all others that wait. Only where the file says it: else in order of arrival. */
  priority?: 'replies';
  /**
   * What happens to a call whose caller has gone away: `finish` does the work all the same (what most frameworks do:
   * nothing tells the handler), `drop` takes it out of the queue and frees its worker when the connection closes.
   */
  abandoned: 'finish' | 'drop';
  /** Work of whoever calls it, in the caller's own process and without a hop: what a step says in place of a call. */
  own?: true;
}

/** Connections that several steps of a server share; further calls of any of them wait for one, in the order in which they came. */
export interface SharedPool {
  name: string;
  connections: Limit;
}

/** Steps side by side of which not all must succeed: the request goes on as soon as so many have, or with what has come within a time. */
export interface Group {
  name: string;
  /** How many must succeed; it fails as soon as fewer can. */
  need: number;
  /** It waits for all of them for so long, from when they begin, ms. Only where the file says it: else for no more than it needs. */
  within?: number;
}

/** Calls that a step makes for one request: always as many, drawn with this median and cut at this most, or measured. */
export type CallCount = number | { p50: number; max: number } | { values: number[] };

/** How a failed call is tried again. */
export interface Retries {
  /** Calls made at most, the first included; 1 is no retry. */
  attempts: number;
  /** Wait before the first retry, ms; doubles with each further one. */
  backoff: number;
  /** `full`: the wait is drawn evenly between 0 and the backoff. */
  jitter: 'none' | 'full';
  /** Retries allowed as a share of all first calls of the step (a retry budget); 1 is no limit. */
  budget: number;
  /** A 429 says when to come again: a caller that ignores it waits for its backoff only. Only where the file says it: else it is heeded. */
  retryAfter?: 'ignore';
}

/** A circuit breaker: opens when `trip` of at least `minimum` calls in `window` failed, tries again after `reset`. */
export interface Breaker {
  /** Share of failed calls that opens it. */
  trip: number;
  /** Calls in the window before it may open. */
  minimum: number;
  /** Sampling window, ms. */
  window: number;
  /** Time it stays open before one call is let through to try, ms. */
  reset: number;
}

/** One call to a service inside the transaction. */
export interface Step {
  name: string;
  /** Name of the service called. */
  call: string;
  /** The reply needs its result. */
  critical: boolean;
  /** Share of the requests that make it, by each request's own draw; for the others it is as good as done. */
  share: number;
  /** What its failure means: the request fails, or the failure is counted and the request goes on without (best effort). */
  onError: 'fail' | 'continue';
  /** It changes something: done although the reply said "failed", it makes the request orphaned. False: it only reads. */
  effect: boolean;
  /** Names of the steps that must have succeeded before. `sync` keeps to the order of the list. */
  after: string[];
  /** Per attempt, ms. */
  timeout: number;
  retries: Retries;
  breaker: Breaker | null;
  /** Connections of the caller's pool to the service; further calls of this step wait for one. */
  connections: Limit;
  /** A pool that it shares with other steps, in place of one of its own. Only where the file says it. */
  pool?: SharedPool;
  /** The steps beside it of which not all must succeed. Only where the file says it. */
  group?: Group;
  /** Calls that it makes, of all requests together: beyond it they wait in order, before their timeout begins. Only where the file says it. */
  rate?: RateLimit;
  /** Calls that it makes for one request, and how many of them at once; one fails all, unless `need` says otherwise. Only where the file says it: else one. */
  times?: CallCount;
  concurrency?: Limit;
  /** How many of these calls must succeed, where not all of them must. Only where the file says it. */
  need?: number;
  /** Name of the service that is asked once when the step has failed for good: its answer will do. Only where the file says it. */
  fallback?: string;
  /** Name of the service that undoes it when it has succeeded and its request fails (a saga). Only where the file says it. */
  compensate?: string;
  /** Calls that its latency covers, on average: a loop (N+1) that traces show as one step. For `advise`, and for nothing else. */
  loop?: number;
  /** The kind of request that it belongs to, where there are several. */
  only?: string;
}

/** Messages handled by one call: as soon as so many wait, or the first of them has waited so long, ms. */
export interface Batch {
  size: number;
  wait: number;
}

/** Work done for each event, outside the request. */
export interface Consumer {
  name: string;
  /** Name of the service called for each message. */
  call: string;
  /** Share of the requests that it works for, as for a step; the messages of others are as good as done. */
  share: number;
  /** The kind of request that it belongs to, where there are several. */
  only?: string;
  /** Name of the event that it hears, or that is published before those which it comes after. Only where there are several: else the one. */
  hears?: string;
  /** Consumers that must have done with a message before it gets one of its own; without, it hears the business event. */
  after?: string[];
  /** Messages worked on at once, or batches of them; where the workers scale, at most. */
  workers: Limit;
  scaling?: Scaling;
  /** It makes one call for several messages. Only where the file says it: else one for each. */
  batch?: Batch;
  /** Per attempt, ms. */
  timeout: number;
  /** Calls that it makes, all together and for one message, as for a step. */
  rate?: RateLimit;
  times?: CallCount;
  concurrency?: Limit;
  need?: number;
  /** Deliveries before a message goes to the dead letters. */
  attempts: number;
  /** Wait before the next delivery, ms; doubles with each further one. */
  backoff: number;
  /** A message is due so long after its publish, ms, and no sooner begun. Only where the file says it: else at once. */
  delay?: number;
}

/** What is published once per transaction on the event side. */
export interface BusinessEvent {
  /** Only where the file has several events, by name. */
  name?: string;
  type: string;
  /** The critical step after which it is published, before the steps that follow it; null: when all of them are done. */
  after: string | null;
  /** Messages per transaction: 1 business event, or one per changed field (event spam). */
  messages: number;
  /** Size of the `data` of one message, bytes; 0 is the minimal payload (order id, user id, time). */
  payload: number;
  /** Time that a publish takes at least until the bus has taken the message, ms; 0: what the bus takes. */
  publish: number;
  /** The reply waits until every consumer is done (publish-and-wait). */
  wait: boolean;
  /** Consumers know an event that they have worked on by its source and id, and do no work twice. */
  inbox: boolean;
  /** Of all events. */
  consumers: Consumer[];
  /** What else is published once per transaction, each at a moment of its own. Only where the file has several events. */
  further?: FurtherEvent[];
}

/** One of several events of a transaction. */
export type FurtherEvent = Omit<BusinessEvent, 'consumers' | 'further'> & { name: string };

/** One kind of request among several. Its steps and consumers name it. */
export interface RequestKind {
  name: string;
  /** Share of the requests that are of it. */
  weight: number;
  event: Omit<BusinessEvent, 'consumers'>;
  /** Of its requests, where it is another one than that of the scenario; null: none. */
  deadline?: number | null;
}

/** What the server of an architecture is, whatever it waits for. */
export interface ServerModel {
  /** Processes among which its requests are divided; each does its own work on one request at a time. */
  processes: number;
  /** Its own work on one request, ms: it waits for nothing and holds its process. */
  work: number;
}

/** One business transaction and its load, told once. */
export interface Scenario {
  name: string;
  /** One line: what happens. */
  title: string;
  /** What one request is about: `order`; see `nounOfRequest`. Only where the file says it. */
  noun?: string;
  /** What to look at, and which lines of the article it stands for. */
  description: string;
  services: Service[];
  /** Of all kinds of request. */
  steps: Step[];
  /** With the consumers of all kinds; what else it says is each kind's own. */
  event: BusinessEvent;
  /** Kinds of request, where there are several; without them every request is of one. */
  kinds?: RequestKind[];
  /** Time after which a request that is not replied to has failed, ms. Only where the file says it. */
  deadline?: number;
  server: ServerModel;
  /** What goes wrong on purpose. */
  faults: Fault[];
  load: Load;
  /** Names measured when the user names none: architectures or variants. */
  subjects: string[];
  /** The subject that the chain is today: what others are compared with, and where advice begins. */
  baseline?: string;
  variants: Variant[];
  /** Servers of one's own. */
  targets: Target[];
  /** Threshold expressions; parsed by `verdict`. */
  thresholds: string[];
}

/** The same transaction with something changed, measured beside the others under its own name. */
export interface Variant {
  name: string;
  architecture: Architecture;
  title: string;
  /** The whole scenario as this variant changes it, resolved; without variants of its own. */
  services: Service[];
  steps: Step[];
  event: BusinessEvent;
  kinds?: RequestKind[];
  deadline?: number;
  server: ServerModel;
  faults: Fault[];
}

/** What a rate limit lets through, calls per second. */
export function perSecond({ count, per }: RateLimit): number {
  return (count * 1000) / per;
}

/** The number behind a limit. */
export function limitOf(limit: Limit): number {
  return limit === 'unlimited' ? Infinity : limit;
}
