/**
 * The format of a scenario file. What comes out is a draft: units are converted, nothing is filled in yet.
 * docs/scenarios.md explains the fields, `jsonSchema()` tells them to editors.
 */
import * as v from 'valibot';
import { ARCHITECTURES } from '../architectures.js';
import { type Fault, FAULT_PATTERN, parseFault } from '../fault.js';
import { expected } from '../problem.js';
import { MOST_ATTEMPTS } from '../request.js';
import { ARRIVALS, lengthOf, parseStage, RETRIED_ENDS } from '../load.js';
import type { Batch } from '../scenario.js';
import { checked, either, fields, isMapping, list, mapped, named, oneOrMany, optional, required, scalar, type Field } from './field.js';
import { rateLimit } from './rate.js';
import { rows } from './rows.js';
import { service, serviceChange } from './service.js';
import { step, stepChange } from './step.js';
import { target } from './target.js';
import { times } from './times.js';
import { choice, count, DAY, duration, flag, HOUR, LARGEST, LEAST_RATE, limit, MINUTE, name, number, share, size, text } from './values.js';
import { workers } from './workers.js';

const MOST = 100;

const noBatch = choice('none');
const batchFields = fields('a batch', {
  size: required(count(2, 100_000), 'Messages that one call is made for, at most'),
  wait: required(duration(0, HOUR), 'Longest wait of a message for others, before the call is made without them'),
});
const batch = either<'none' | Batch>([noBatch, batchFields], (input) => (isMapping(input) ? batchFields : noBatch));

const fullConsumer = fields('a consumer', {
  call: optional(name, 'Name of the service called for each message; its own name without it'),
  share: optional(share, 'Share of the requests that it works for; that of the step without it'),
  after: optional(oneOrMany('names of consumers', name, 0, MOST), 'Consumers that must have done before it hears of it; without it, those of the steps that its step comes after'),
  workers: optional(workers, 'Messages worked on at once, or as many workers as there is work for; what its service serves at once without it'),
  batch: optional(batch, 'One call for several messages: { size: 50, wait: 1s }'),
  timeout: optional(duration(1, HOUR), 'Per attempt; that of the step without it'),
  rate: optional(rateLimit, 'Calls that it makes: 50/s; that of the step without it'),
  times: optional(times, 'Calls that it makes for one message; those of the step without it'),
  concurrency: optional(limit(1), 'How many of them at once; as the step without it'),
  need: optional(count(1, 1000), 'How many of them must succeed; as the step without it'),
  attempts: optional(count(1, 100), 'Deliveries before a message goes to the dead letters'),
  backoff: optional(duration(0, HOUR), 'Wait before the next delivery; doubles with each further one'),
  delay: optional(duration(0, DAY), 'A message is begun no sooner than so long after its publish'),
});

/** A consumer as it is written; nothing is short for `{}`. */
export type ConsumerDraft = v.InferOutput<typeof fullConsumer>;
const bareConsumer = scalar<ConsumerDraft>('a consumer', { type: 'null' }, (input) => (input === null ? {} : undefined));
const consumer = either<ConsumerDraft>([bareConsumer, fullConsumer], (input) =>
  input === null ? bareConsumer : fullConsumer,
);

const last = scalar<string | null>('all critical steps', { type: 'null' }, (input) => (input === null ? input : undefined));
const place = either<string | null>([last, name], (input) => (input === null ? last : name));

const event = fields('the event', {
  type: optional(text(100), 'CloudEvents type'),
  after: optional(place, 'The critical step after which it is published; all of them if it is null'),
  messages: optional(count(1, 1000), 'Messages per transaction: 1 business event, or one per changed field'),
  payload: optional(size, 'Size of the data of one message; 0 is ids and time only'),
  publish: optional(duration(0, MINUTE), 'What a publish takes at least; what the bus takes without it'),
  wait: optional(flag, 'The reply waits until every consumer is done (publish-and-wait)'),
  inbox: optional(flag, 'Consumers do the work of an event once, however often it is delivered'),
  consumers: optional(
    named('consumers by name', name, consumer, MOST),
    'Settings of the consumers of non-critical steps, and consumers that only the event side has',
  ),
});

const events = named('events by name', name, event, MOST);

const users = count(1, LARGEST);
const rate = number(LEAST_RATE, LARGEST);
const auto = choice('auto');
const fixed = duration(0, HOUR);
const warmup = either<number | 'auto'>([auto, fixed], (input) =>
  typeof input === 'string' && /^[a-z]/i.test(input) ? auto : fixed,
);

const stage = scalar('a stage such as 30s:200 (within 30 s to 200 users or requests per second)', { type: 'string' }, (input) =>
  typeof input === 'string' ? parseStage(input) : undefined,
);
const stages = checked(
  list('stages', stage, 1, MOST),
  'expected stages that take from 100ms to 24h together',
  (all) => lengthOf(all) >= 100 && lengthOf(all) <= DAY,
);

const precision = checked(share, 'expected a share above 0, such as 2%', (value) => value > 0);

const retries = fields('retries of the client', {
  attempts: optional(count(1, MOST_ATTEMPTS), 'Times that a request is sent at most, the first included'),
  backoff: optional(duration(0, HOUR), 'Wait before the second attempt; doubles with each further one'),
  on: optional(oneOrMany('ends of an attempt', choice(...RETRIED_ENDS), 1, RETRIED_ENDS.length), 'After which ends of an attempt the request is sent again'),
});

const load = fields('the load', {
  users: optional(oneOrMany('numbers of users', users, 1, MOST), 'Closed model: one trial for each number of users'),
  rate: optional(oneOrMany('rates', rate, 1, MOST), 'Open model: one trial for each rate, requests per second'),
  arrivals: optional(choice(...ARRIVALS), 'Open model: evenly spaced, or with exponential gaps'),
  stages: optional(stages, 'Users, or the rate, move through these from where they begin; they make the measured window'),
  think: optional(duration(0, HOUR), 'Pause of each user between answer and next request'),
  duration: optional(duration(100, DAY), 'Measured window'),
  until: optional(precision, 'The window goes on until p95 is known to so much more or less: 2%'),
  maxDuration: optional(duration(100, DAY), 'Longest window when it goes on'),
  warmup: optional(warmup, 'Time before the window, not measured'),
  timeout: optional(duration(1, HOUR), 'Client timeout, of each attempt'),
  retries: optional(retries, 'Clients send a request again that has failed: { attempts: 3, backoff: 1s }'),
  drain: optional(duration(0, HOUR), 'Longest wait for the event backlog after the window'),
  rounds: optional(count(1, 1000), 'Times every trial is run'),
});

const noDeadline = choice('none');
const someDeadline = duration(1, HOUR);
const deadline = either<number | 'none'>([noDeadline, someDeadline], (input) => (input === 'none' ? noDeadline : someDeadline));

const transaction = fields('a transaction', {
  weight: optional(share, 'Share of the requests that are of this kind; those without one share what is left'),
  steps: required(list('steps', step, 1, MOST), 'Calls in the order in which sync makes them'),
  event: optional(event, 'What is published once for each of its requests'),
  events: optional(events, 'Several of them by name, in place of event'),
  deadline: optional(deadline, 'Time after which one of its requests has failed; that of the scenario without it'),
});

const transactionChange = fields('a change of a transaction', {
  weight: optional(share, 'Share of the requests that are of this kind'),
  steps: optional(named('steps by name', name, stepChange, MOST), 'What it changes of steps'),
  event: optional(event, 'What it changes of the event'),
  events: optional(events, 'What it changes of several events, by name'),
  deadline: optional(deadline, 'Its deadline'),
});

const server = fields('the server', {
  processes: optional(count(1, 10_000), 'Processes among which its requests are divided; more than one is simulated only'),
  work: optional(duration(0.01, MINUTE), 'Its own work on one request, which holds its process'),
});

const SENTENCE = { type: 'string', pattern: FAULT_PATTERN };
const MAPPING = {
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  propertyNames: { enum: ['crash', 'pause', 'duplicate', 'drop', 'reorder', 'delay', 'poison'] },
  additionalProperties: { type: 'string' },
};

const read = v.rawTransform<unknown, Fault>(({ dataset, addIssue, NEVER }) => {
  const sentence = sentenceOf(dataset.value);
  const parsed = sentence === undefined ? { mistake: expected('a fault such as "crash server at 3s"', dataset.value) } : parseFault(sentence);
  if ('fault' in parsed) return parsed.fault;
  addIssue({ message: parsed.mistake });
  return NEVER;
});

/** `crash server at 3s`, or `crash: server at 3s`. */
const fault: Field<Fault> = v.pipe(v.unknown(), read, v.metadata({ json: { anyOf: [SENTENCE, MAPPING] } }));

/** No step can have a pool of this name: it says that there is none. */
const pools = checked(
  named('pools by name', name, limit(1), MOST),
  'expected another name for a pool than none, which is what a step without one says',
  (all) => !all.has('none'),
);

const group = fields('a group', {
  need: required(count(1, MOST), 'How many of its steps must succeed'),
  within: optional(duration(0, HOUR), 'It waits for all of them for so long and goes on with what has come; without it, as soon as it has what it needs'),
});

/** No step can have a group of this name: it says that there is none. */
const groups = checked(named('groups by name', name, group, MOST), 'expected another name for a group than none, which is what a step without one says', (all) => !all.has('none'));

const faults = list('faults', fault, 0, MOST);

const variant = fields('a variant', {
  title: optional(text(200), 'What it changes, in one line'),
  architecture: required(choice(...ARCHITECTURES), 'How its steps are arranged'),
  services: optional(named('services by name', name, serviceChange, MOST), 'What it changes of services'),
  steps: optional(named('steps by name', name, stepChange, MOST), 'What it changes of steps'),
  event: optional(event, 'What it changes of the event'),
  events: optional(events, 'What it changes of several events, by name'),
  pools: optional(pools, 'What it changes of pools'),
  groups: optional(groups, 'What it changes of groups'),
  transactions: optional(named('transactions by name', name, transactionChange, MOST), 'What it changes of kinds of request'),
  deadline: optional(deadline, 'Time after which a request has failed; none takes that of the scenario away'),
  server: optional(server, 'What it changes of the server'),
  faults: optional(faults, 'What goes wrong on purpose, in place of the faults of the scenario'),
});

/** The whole file. */
export const scenarioFile = fields('a scenario', {
  $schema: optional(text(400), 'Address of the JSON Schema, for editors'),
  name: optional(name, 'Its name; that of the file without it'),
  title: optional(text(200), 'What happens, in one line'),
  noun: optional(text(40), 'What one request is about, for sentences: order, login; what the type of the event begins with without it'),
  description: optional(mapped(text(4000), (written) => written.trimEnd()), 'What to look at'),
  services: required(named('services by name', name, service, MOST), 'What the steps call'),
  rows: optional(rows, 'Latencies that belong together: a CSV file with a row for each request, whose columns services name'),
  steps: required(list('steps', step, 0, MOST), 'The transaction: calls in the order in which sync makes them'),
  event: optional(event, 'What is published once per transaction'),
  events: optional(events, 'Several events by name, each published at a moment of its own, in place of event'),
  transactions: optional(
    named('transactions by name', name, transaction, MOST),
    'Several kinds of request over the same services, in place of steps and event',
  ),
  deadline: optional(deadline, 'Time after which a request that is not replied to has failed: 4s'),
  server: optional(server, 'What carries out the steps of a request'),
  pools: optional(pools, 'Connections that several steps share, by name: { db: 30 }; a step names its pool'),
  groups: optional(groups, 'Steps side by side of which so many must succeed, by name: { quotes: { need: 3, within: 4s } }; a step names its group'),
  faults: optional(faults, 'What goes wrong on purpose: crashes, pauses, duplicated or lost deliveries'),
  load: optional(load, 'The load and its limits'),
  subjects: optional(
    oneOrMany('names of architectures or variants', name, 1, MOST),
    'What is measured when the command line names nothing',
  ),
  baseline: optional(name, 'The subject that the chain is today: others are compared with it, and advice begins there'),
  targets: optional(
    named('targets by name', name, target, MOST),
    'Servers of your own, measured beside or in place of architectures; services and steps may be left out beside them',
  ),
  variants: optional(named('variants by name', name, variant, MOST), 'The same transaction with something changed'),
  thresholds: optional(list('thresholds', text(300), 0, MOST), 'Limits that make the verdict'),
});
/** A scenario as it is written. */
export type ScenarioDraft = v.InferOutput<typeof scenarioFile>;
export type VariantDraft = v.InferOutput<typeof variant>;
export type TransactionDraft = v.InferOutput<typeof transaction>;
export type GroupDraft = v.InferOutput<typeof group>;
export type EventDraft = v.InferOutput<typeof event>;
export type LoadDraft = v.InferOutput<typeof load>;

/** One fault: a sentence, or its first word as the key of a mapping. */
function sentenceOf(input: unknown): string | undefined {
  if (typeof input === 'string') return input;
  const [entry, ...more] = isMapping(input) ? Object.entries(input) : [];
  return entry && more.length === 0 && typeof entry[1] === 'string' ? entry.join(' ') : undefined;
}
