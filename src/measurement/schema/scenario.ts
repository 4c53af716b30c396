/** The scenario of a record: fully resolved, with every default, and without secrets. */
import * as v from 'valibot';
import { byName, bytes, count, described, flag, list, ms, object, oneOf, optional, orNull, perSecond, plainNumber, ratio, section, share, text, variants, type Part } from '../../base/described.js';
import { ARCHITECTURES } from '../../scenarios/architectures.js';
import { ARRIVALS, RETRIED_ENDS } from '../../scenarios/load.js';
import type { CallCount, Latency, Limit, Outage, Scenario } from '../../scenarios/scenario.js';
import { fault } from './fault.js';

const kindOf = <K extends string>(kind: K, about: string): Part<K> => described(v.literal(kind), about, { example: kind });
const limit = (about: string, example: Limit): Part<Limit> => described(v.union([v.number(), v.literal('unlimited')]) as Part<Limit>, `${about} Or \`unlimited\`.`, { unit: 'count', example });
const names = (about: string, example: string[]): Part<string[]> => list(text('A name.', 'payment'), about, example);
const values = list(ms('A time.', 31.2), 'Times, ms.', [29.8, 31.2, 40.5]);

const latency = described(variants<Latency>('kind', [
  v.object({ kind: kindOf('constant', 'Always the same.'), ms: ms('How long.', 300) }),
  v.object({ kind: kindOf('lognormal', 'Lognormal, by two quantiles.'), p50: ms('Median.', 60), p99: ms('99th percentile.', 400) }),
  v.object({ kind: kindOf('exponential', 'Exponential.'), mean: ms('Mean.', 80) }),
  v.object({ kind: kindOf('uniform', 'Any time between two, equally likely.'), min: ms('The shortest.', 20), max: ms('The longest.', 60) }),
  v.object({ kind: kindOf('values', 'Drawn from measured times; sorted.'), values }),
  v.object({ kind: kindOf('rows', 'The column of the request’s own row.'), column: text('Name of the column.', 'payment'), values }),
]), 'How long it works on one call. None of a real service before it was measured.');

const OUTAGE = { from: ms('When it begins, from the start of the window.', 3000), for: ms('How long it lasts.', 2000) };
const outage = variants<Outage>('kind', [
  v.object({ ...OUTAGE, kind: kindOf('error', 'Answers 500 at once.') }),
  v.object({ ...OUTAGE, kind: kindOf('hang', 'Takes the call, holds a worker and answers only when the outage is over.') }),
  v.object({ ...OUTAGE, kind: kindOf('slow', 'Works slower.'), factor: plainNumber('Its latency times this.', 4) }),
]);

const rateLimit = section('RateLimit', 'So many in a time (a token bucket).', {
  count: count('How many.', 10),
  per: ms('In this time.', 1000),
  burst: count('How many at once after a quiet time.', 10),
});

const ENDPOINT = {
  url: text('Where it is; `{{index}}` and `{{uuid}}` in path and query are replaced.', 'http://localhost:3000/orders'),
  method: text('HTTP method.', 'GET'),
  headers: byName(text('Its value; `***` where it may be a secret.', 'application/json'), 'Headers by name.', { accept: 'application/json' }),
  body: text('Request body; empty is none.', ''),
  expect: object('What a good answer is.', {
    status: list(count('A status.', 200), 'HTTP statuses that are good; none is any 2xx.', [200]),
    body: orNull(text('A text that the body must contain; null: whatever it says.', '"ok":true')),
  }),
};

const scaling = optional(section('Scaling', 'Workers that scale: how their number follows what there is to do; `workers` are those at most.', {
  min: count('Workers at least.', 2),
  start: ms('From the start of a worker until it takes something up.', 3000),
  target: share('Workers that are to be busy.', 0.7),
  idle: ms('So long fewer must have done before some are stopped.', 60_000),
}));

const service = section('Service', 'A downstream dependency.', {
  name: text('Its name.', 'payment'),
  latency,
  endpoint: optional(section('Endpoint', 'Where a real service is, which is called in place of a simulated one.', ENDPOINT)),
  workers: limit('Calls it serves at once; where they scale, at most.', 20),
  scaling,
  queue: limit('Calls it holds waiting; beyond it answers 503 at once.', 'unlimited'),
  priority: optional(oneOf(['replies'], 'Calls of requests that somebody waits for are taken up before all others; in order of arrival when left out.')),
  errors: share('Calls that fail (500) after their latency.', 0),
  outages: list(outage, 'Times in which it does not work as usual.', []),
  rate: optional(described(rateLimit, 'Calls that it takes: beyond it answers 429 at once.')),
  abandoned: oneOf(['finish', 'drop'], 'What happens to a call whose caller has gone away.'),
  own: optional(described(v.literal(true), 'Work of whoever calls it, in its own process and without a hop.', { example: true })),
});

const callCount = described(v.union([
  v.number(),
  v.object({ p50: plainNumber('Median.', 3), max: plainNumber('The most.', 20) }),
  v.object({ values: list(count('A number of calls.', 3), 'As measured.', [1, 3, 4]) }),
]) as Part<CallCount>, 'Calls made for one request: always as many, drawn, or as measured.', { unit: 'count', example: 3 });

const CALLS = {
  rate: optional(described(rateLimit, 'Calls that it makes, of all requests together: beyond it they wait in order.')),
  times: optional(callCount),
  concurrency: optional(limit('How many of these calls at once.', 2)),
  need: optional(count('How many of these must succeed, where not all must.', 2)),
  only: optional(text('The kind of request that it belongs to, where there are several.', 'book')),
};

const step = section('Step', 'One call to a service inside the transaction.', {
  name: text('Its name.', 'payment'),
  call: text('Name of the service called.', 'payment'),
  critical: flag('The reply needs its result.', true),
  share: share('Requests that make it.', 1),
  onError: oneOf(['fail', 'continue'], 'Whether the request fails with it, or goes on without.'),
  effect: flag('It changes something; false: it only reads.', true),
  after: names('Steps that must have succeeded before.', ['payment']),
  timeout: ms('Per attempt.', 3000),
  retries: object('How a failed call is tried again.', {
    attempts: count('Calls made at most, the first included.', 1),
    backoff: ms('Wait before the first retry; doubles with each further one.', 100),
    jitter: oneOf(['none', 'full'], '`full`: the wait is drawn evenly between 0 and the backoff.'),
    budget: share('Retries allowed, by first calls of the step; 1 is no limit.', 1),
    retryAfter: optional(described(v.literal('ignore'), 'Waits for its backoff only, whatever a 429 says.', { example: 'ignore' })),
  }),
  breaker: orNull(object('A circuit breaker; null: none.', {
    trip: share('Failed calls that open it.', 0.5), minimum: count('Calls in the window before it may open.', 20),
    window: ms('Sampling window.', 10_000), reset: ms('Time it stays open before one call is let through to try.', 30_000),
  })),
  connections: limit("Connections of the caller's pool to the service.", 'unlimited'),
  pool: optional(object('A pool shared with other steps, in place of one of its own.', { name: text('Its name.', 'db'), connections: limit('Connections.', 30) })),
  group: optional(object('Steps beside it of which not all must succeed.', {
    name: text('Its name.', 'quotes'), need: count('How many must succeed.', 3), within: optional(ms('It waits for all of them for so long; without it, for no more than it needs.', 4000)),
  })),
  ...CALLS,
  fallback: optional(text('Service that is asked once when the step has failed for good.', 'cache')),
  compensate: optional(text('Service that undoes it when its request fails.', 'refund')),
  loop: optional(plainNumber('Calls that its latency covers, on average: a loop that traces show as one step.', 12)),
});

const EVENT = {
  type: text('Type of the event.', 'order.placed'),
  after: orNull(text('The critical step after which it is published; null: when all of them are done.', 'inventory')),
  messages: count('Messages for one transaction.', 1),
  payload: bytes('Size of the `data` of one message; 0: the least.', 0),
  publish: ms('Time that a publish takes at least; 0: what the bus takes.', 0),
  wait: flag('The reply waits until every consumer is done.'),
  inbox: flag('Consumers do no work twice.', true),
};
const furtherEvents = list(section('FurtherEvent', 'One of several events of a transaction.', { name: text('Its name.', 'payment-captured'), ...EVENT }), 'What else is published, each at a moment of its own; where there are several events.');
const EVENTS = { name: optional(text('Its name, where there are several.', 'order-placed')), ...EVENT, further: optional(furtherEvents) };

const consumer = section('Consumer', 'Work done for each event, outside the request.', {
  name: text('Its name.', 'email'),
  call: text('Name of the service called for each message.', 'email'),
  share: share('Requests that it works for.', 1),
  hears: optional(text('Name of the event that it hears, where there are several.', 'payment-captured')),
  after: optional(names('Consumers that must have done with a message before it gets one of its own.', ['email'])),
  workers: limit('Messages worked on at once, or batches of them; where they scale, at most.', 20),
  scaling,
  batch: optional(object('It makes one call for several messages.', { size: count('As soon as so many wait.', 50), wait: ms('Or the first has waited so long.', 200) })),
  timeout: ms('Per attempt.', 3000),
  ...CALLS,
  attempts: count('Deliveries before a message goes to the dead letters.', 3),
  backoff: ms('Wait before the next delivery; doubles with each further one.', 100),
  delay: optional(ms('A message is due so long after its publish.', 300_000)),
});

const TRANSACTION = {
  services: list(service, 'Who is called.'),
  steps: list(step, 'What is done, of all kinds of request.'),
  event: section('BusinessEvent', 'What is published once for each transaction on the event side.', { ...EVENTS, consumers: list(consumer, 'Who works on it.') }),
  kinds: optional(list(section('RequestKind', 'One kind of request among several.', {
    name: text('Its name.', 'book'),
    weight: share('Requests that are of it.', 0.2),
    event: object('What it publishes.', EVENTS),
    deadline: optional(orNull(ms('Of its requests, where it is another one than that of the scenario; null: none.', 4000))),
  }), 'Kinds of request, where there are several.')),
  deadline: optional(ms('Time after which a request that is not replied to has failed.', 4000)),
  server: object('What the server of an architecture is.', {
    processes: count('Processes among which its requests are divided.', 1),
    work: ms('Its own work on one request.', 0.15),
  }),
  faults: list(fault, 'What goes wrong on purpose.', []),
};

const target = section('Target', "A server of one's own.", {
  name: text('Its name.', 'mine'),
  ...ENDPOINT,
  command: orNull(text('Shell command that starts it, without secrets; null: it is running already.', 'node server.js')),
  ready: orNull(text('Path that answers once it serves; null: it serves when its port is open.', '/health')),
  startup: ms('Longest wait until it serves.', 30_000),
  received: orNull(described(v.union([
    v.object({ url: text('URL that answers with the count.', 'http://localhost:3000/count') }),
    v.object({ header: text('Header of its answers that has it.', 'x-received') }),
  ]) as Part<{ url: string } | { header: string }>, 'Where it tells how many requests it has received; null: nowhere.')),
});

const SCENARIO = {
  name: text('Its name.', 'checkout'),
  title: text('One line: what happens.', 'An order: payment, inventory, email and analytics'),
  noun: optional(text('What one request is about; `order` when left out.', 'booking')),
  description: text('What to look at.', 'The chain of the article.'),
  ...TRANSACTION,
  load: object('The load and its limits, as far as the scenario says it; what was done is in `plan`.', {
    users: list(count('Users.', 100), 'Closed model: one trial for each number of users.', [10, 100, 500]),
    rates: list(perSecond('Requests that start.', 50), 'Open model: one trial for each rate, requests a second.', []),
    arrivals: oneOf(ARRIVALS, 'How the requests of the open model are spaced.'),
    stages: list(object('One stage.', { duration: ms('Its length.', 10_000), target: plainNumber('Users, or requests a second, when it ends.', 200) }), 'When there are any, they make the window.', []),
    think: ms('A pause of each user between answer and next request.', 0),
    duration: ms('Length of the window.', 10_000),
    until: orNull(ratio('The window goes on until p95 is known to so much more or less; null: not asked for.', 0.05)),
    maxDuration: ms('Longest window when it goes on.', 60_000),
    warmup: described(v.union([v.number(), v.literal('auto')]) as Part<number | 'auto'>, 'Time before the window, not measured; `auto`: as long as it needs.', { unit: 'ms', example: 'auto' }),
    timeout: ms('Of an attempt of a request.', 10_000),
    retries: optional(object('Clients send a request again that has failed; left out where they do not.', {
      attempts: count('Times that a request is sent at most.', 3),
      backoff: ms('Wait before the second attempt; doubles with each further one.', 1000),
      on: list(oneOf(RETRIED_ENDS, 'An outcome.'), 'After which ends of an attempt.'),
    })),
    drain: ms('Longest wait for the backlog after the window.', 2000),
    rounds: count('Times that every trial is run.', 1),
  }),
  subjects: names('Measured when nobody names any: architectures or variants.', ['sync', 'hybrid']),
  baseline: optional(text('The subject that others are compared with; where none is said, the one that calls in turn.', 'parallel')),
  variants: list(section('Variant', 'The same transaction with something changed, whole.', {
    name: text('Its name.', 'with-inbox'),
    architecture: oneOf(ARCHITECTURES, 'The architecture behind the name.'),
    title: text('One line.', 'Consumers know what they have done'),
    ...TRANSACTION,
  }), 'Measured beside the architectures under names of their own.', []),
  targets: list(target, "Servers of one's own.", []),
  thresholds: list(text('An expression.', 'hybrid: p95 < 600ms'), 'Threshold expressions.', ['hybrid: p95 < 600ms']),
};

// As saved, its secrets are replaced by texts.
export const scenario: Part<Scenario> = section('Scenario', 'One business transaction and its load, resolved: every default is filled in. docs/scenarios.md explains what its file may say.', SCENARIO);
