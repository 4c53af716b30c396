/**
 * What can be found about a run, one entry for each kind: the numbers that it rests on, whom it is about, at which load. A number
 * that is left out is not known. Put into words by the report.
 */
import * as v from 'valibot';
import { count, described, ms, object, oneOf, optional, orNull, perSecond, plainNumber, ratio, seconds, section, share, text, variants, type Holds, type Part } from '../../base/described.js';
import { load } from './load.js';

/** Two subjects under one load; `architecture` is the better one. */
const pairNumbers = {
  factor: ratio('`otherTime` by `time`; 0 where there is no time.', 2.1),
  time: ms('Response time at the percentile `metric`.', 505),
  otherTime: ms('The same of the other one.', 1057),
  failureRate: share('Requests without a good answer.', 0),
  otherFailureRate: share('The same of the other one.', 0),
  later: optional(share('Requests that were told "ok", and whose work died.', 0.01)),
  otherLater: optional(share('The same of the other one.', 0)),
  margin: ratio('By so much they have to differ.', 0.05),
};
const pairNames = {
  than: text('The other subject.', 'sync'),
  metric: text('The percentile that is compared.', 'p50'),
};

/** What was asked for, as `advise` asks where nobody names goals, and which of it is missed. */
const goals = {
  numbers: { limit: ms('Most that p95 may be.', 1500), failures: share('Most requests that may be without a good answer.', 0.01), within: ms('Time within which all work has to be done.', 5000) },
  names: {
    than: text('The chain as it is.', 'sync'),
    missed: text('Goals that it misses, comma between.', 'p95'),
    still: text('Goals that this one misses too, comma between.', ''),
  },
};
const rounds = { rounds: count('Rounds of the trial in which it was so.', 1), of: count('Rounds that there were.', 1) };
const reason = { reason: text('Why, as a sentence.', 'The server process was killed by SIGKILL') };
const atStep = { step: text('The step.', 'email'), service: text('The service that it calls.', 'email') };
const noun = text('What one request is about.', 'order');
const scales = optional(described(v.literal(1), 'There: the workers scale, and are so many at most.', { example: 1 }));

/** Numbers and names of each kind, and what it says. */
const FACTS = {
  unmeasured: { about: 'A trial without numbers.', numbers: rounds, names: reason },
  invalid: { about: 'A trial whose numbers cannot be trusted.', numbers: rounds, names: reason },

  faster: { about: 'Answers sooner than the other.', numbers: pairNumbers, names: pairNames },
  'more-reliable': { about: 'Fails less than the other.', numbers: pairNumbers, names: pairNames },
  'no-difference': { about: 'The two do not differ.', numbers: pairNumbers, names: pairNames },
  'too-few': { about: 'Too few answers to tell them apart.', numbers: pairNumbers, names: pairNames },
  'both-fail': { about: 'Both fail.', numbers: pairNumbers, names: pairNames },
  'parallel-wins': { about: 'Calling in parallel is enough.', numbers: pairNumbers, names: pairNames },
  accepts: {
    about: 'It answers sooner, and has only accepted.',
    numbers: {
      ...pairNumbers,
      completionP95: optional(ms('When 95 of 100 were complete.', 2400)),
      incomplete: optional(count('How many of those accepted were not complete.', 79)),
      accepted: optional(count('How many were accepted.', 490)),
    },
    names: { ...pairNames, noun: optional(noun) },
  },
  'everything-failed': { about: 'No request got a good answer.', numbers: { sent: count('Requests.', 400), failureRate: share('Requests without a good answer.', 1) }, names: { how: text('The outcome of most.', 'timeout') } },
  'stay-with-requests': { about: 'At no load does any of the rivals gain anything.', numbers: { loads: count('Loads.', 3), failing: optional(count('Loads at which more fails, at once or later, on the event side; without it there are none.', 2)) }, names: { rivals: text('The others, comma between.', 'hybrid') } },
  'within-goals': {
    about: 'The chain as it is is within the goals at the worst load.',
    numbers: { p95: ms('95th percentile.', 1060), failureRate: share('Requests without a good answer.', 0), limit: ms('Most that p95 may be.', 1500), failures: share('Most that may fail.', 0.01) },
    names: { than: text('The other subject.', 'hybrid') },
  },
  'meets-goals': { about: 'It meets the goals that the chain as it is misses.', ...goals },
  'closest-to-goals': { about: 'It comes closest to the goals, and none meets them.', ...goals },

  'same-orders': {
    about: 'What both do with the same orders.',
    numbers: {
      orders: perSecond('Orders that it took.', 199),
      otherOrders: perSecond('Orders that the other took.', 91),
      rate: perSecond('The rate at which both are held against each other.', 91),
      failureRate: share('Requests without a good answer at that rate.', 0),
      otherFailureRate: share('The same of the other one.', 0),
      time: optional(ms('Median response time at that rate.', 501)),
      otherTime: optional(ms('The same of the other one.', 1055)),
      slope: optional(perSecond('Events by which the backlog of `consumer` grows.', 41)),
      workers: optional(count('Workers that it has.', 20)),
      workersNeeded: optional(count('Workers that would keep up.', 37)),
      scales,
    },
    names: { than: text('The other subject.', 'sync'), consumer: optional(text('Whose backlog grows fastest.', 'email')), noun: optional(noun) },
  },

  bottleneck: {
    about: 'The step whose service limits it.',
    numbers: {
      utilisation: share('Of the workers of the service.', 1), workers: count('Workers.', 20), capacity: perSecond('Requests that they carry.', 50), demand: perSecond('Requests that come.', 91),
      workersNeeded: count('Workers that would carry them.', 37), wait: ms('Of a call, for a worker.', 3200), service: ms('Of a call, worked on.', 400), work: ms('Of all calls of a request.', 1050),
      knee: count('Users from which more of them only wait longer.', 52),
      scales,
    },
    names: atStep,
  },
  'cold-starts': {
    about: 'Calls wait for workers to start.',
    numbers: {
      coldStarts: count('Calls that had waited for a worker to start and were its first.', 41), start: ms('From the start of a worker until it takes something up.', 1000),
      wait: ms('95th percentile of the wait of a call for a worker.', 900), p95: ms('95th percentile of the response time.', 1250),
    },
    names: atStep,
  },
  'rate-limit': {
    about: 'A rate limits it.',
    numbers: {
      rate: perSecond('Calls that the limit lets through.', 10), perRequest: plainNumber('Calls that it counts for one request.', 1), capacity: perSecond('Requests that it carries.', 10), demand: perSecond('Requests that come.', 40),
      refused: count('Calls refused.', 120), held: count('Calls held back.', 0), knee: count('Users from which more of them only wait longer.', 11),
    },
    names: { ...atStep, limit: oneOf(['service', 'step'], 'Whose rate it is.') },
  },
  pool: {
    about: 'Calls wait for a connection of a pool.',
    numbers: {
      connections: count('Connections of the pool.', 10), wait: ms('Of a call, for a connection.', 300), hold: ms('That a request holds one.', 80), service: ms('Of a call, worked on.', 40),
      capacity: perSecond('Requests that it carries.', 125), demand: perSecond('Requests that come.', 180), needed: count('Connections that would carry them.', 15),
    },
    names: { pool: text('The pool.', 'db'), steps: text('Steps that share it, comma between.', 'stock,orders') },
  },
  'client-retries': {
    about: 'Clients that send again what has failed multiply the load.',
    numbers: {
      attempts: count('Attempts of the requests.', 1170), sent: count('Requests.', 400), perRequest: ratio('Attempts by requests.', 2.9), share: share('Of the attempts, those that are not the first.', 0.66),
      starts: optional(plainNumber('Lowest load at which it is so, users or requests per second, where at lower ones it is not.', 12)),
    },
    names: {},
  },
  failures: {
    about: 'The step that fails most.',
    numbers: { failed: count('Runs of the step that failed.', 120), most: count('Of them, calls that failed as `how` says.', 118), share: share('Of all runs that failed.', 0.98), failureRate: share('Requests without a good answer.', 0.2), need: optional(count('Of its group, how many have to succeed.', 2)), of: optional(count('Steps of its group.', 3)), within: optional(ms('Time that its group waits for them.', 1000)) },
    names: { ...atStep, how: text('How most of its calls failed.', 'timeouts'), group: optional(text('Its group, where that does without any one of its steps and has failed as a whole.', 'bureaus')) },
  },
  orphaned: {
    about: 'Told "failed" although one of the critical steps had succeeded.',
    numbers: { orphaned: count('Such requests.', 12), sent: count('Requests.', 400), critical: count('Critical steps.', 2) },
    names: { steps: text('The critical steps, comma between.', 'payment,inventory'), noun },
  },

  lost: { about: 'Events were lost.', numbers: { lost: count('Events lost.', 4), acknowledged: count('Events acknowledged.', 490) }, names: { faults: optional(text('What was done on purpose.', 'crash server at 3s for 500ms')) } },
  'failed-later': {
    about: 'Told "ok", although promised work died.',
    numbers: { failedLater: count('Such requests.', 6), ok: count('Requests told "ok".', 490) },
    names: { noun: optional(noun), consumer: optional(text('The consumer that gave most of them up.', 'email')), how: optional(text('How most of its calls failed.', 'errors')) },
  },
  'backlog-grows': {
    about: 'A consumer does not keep up.',
    numbers: {
      slope: perSecond('Events by which its backlog grows.', 30.3), arrivalRate: perSecond('Events that arrive.', 80), processingRate: perSecond('Events done with.', 49),
      end: count('Events that wait in the end.', 93), pending: count('Events not done with when the drain ended.', 79), inHand: count('Those of a consumer that keeps up.', 32),
      workers: optional(count('Workers that it has.', 20)), workersNeeded: optional(count('Workers that would keep up.', 32)), rate: optional(perSecond('Calls that a rate lets through.', 50)),
      drainSeconds: optional(seconds('Time until nothing waits, without more.', 2.6)),
      scales,
    },
    names: {
      consumer: text('The consumer.', 'email'), service: text('The service that it calls.', 'email'), shared: optional(text('The service that others call too.', 'email')),
      limit: optional(oneOf(['consumer', 'service'], 'Whose `rate` holds it back.')),
    },
  },
  'keeps-up': {
    about: 'Its consumers keep up.',
    numbers: { lagP95: ms('95th percentile of the event lag.', 3.1), completionP95: ms('95th percentile of the completion time.', 908) },
    names: { noun },
  },
} satisfies Record<string, { about: string; numbers: v.ObjectEntries; names: v.ObjectEntries }>;

export type FindingKind = keyof typeof FACTS;

type Facts = { [K in FindingKind]: { [P in 'numbers' | 'names']: (typeof FACTS)[K][P] extends infer E extends v.ObjectEntries ? Holds<E> : never } };

/** A finding of one of these kinds. `load` is null where it is about all of them. */
export type Found<K extends FindingKind = FindingKind> = {
  [P in K]: { kind: P; architecture: string; load: v.InferOutput<typeof load> | null } & Facts[P];
}[K];

/** Any finding. */
export type Finding = Found;

/** Every kind there is. */
export const FINDING_KINDS = Object.keys(FACTS) as FindingKind[];

/** What several kinds have in common is told once. */
const SHARED = new Map<v.ObjectEntries, v.GenericSchema>([
  [pairNumbers, section('PairNumbers', 'Two subjects under one load; `architecture` is the better one.', pairNumbers)],
  [pairNames, section('PairNames', 'The other one, and what is compared.', pairNames)],
  [goals.numbers, section('GoalNumbers', 'What was asked for, as `advise` asks where nobody names goals.', goals.numbers)],
  [goals.names, section('GoalNames', 'Which goals are missed.', goals.names)],
]);

function factsOf(about: string, entries: v.ObjectEntries): v.GenericSchema {
  const shared = SHARED.get(entries);
  return shared ? described(shared, about) : object(about, entries);
}

export const finding: Part<Finding> = v.pipe(variants<Finding>('kind', Object.entries(FACTS).map(([kind, { about, numbers, names }]) => v.pipe(
  v.object({
    kind: described(v.literal(kind), about, { example: kind }),
    architecture: text('Name of the subject that it is about.', 'hybrid'),
    load: orNull(described(load, 'At which load; null where it is about all.')),
    numbers: factsOf('What it rests on.', numbers),
    names: factsOf('Whom it is about beside the subject.', names),
  }),
  v.title(`Finding ${kind}`),
  v.description(about),
))), v.title('Finding'), v.description('Something that the run shows, with the numbers that it rests on. A number that is left out is not known.'));
