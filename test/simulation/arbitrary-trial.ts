/**
 * Trials of every kind for the agreement of live core and simulation: small chains in which much happens at one moment,
 * because times are multiples of few, and everything is scarce.
 */
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Fault } from '../../src/scenarios/fault.js';
import { ARCHITECTURES } from '../../src/scenarios/architectures.js';
import { eventsIn } from '../../src/scenarios/critical-path.js';
import { type ClientRetries, peakOf, type Ramp } from '../../src/scenarios/load.js';
import type { BusinessEvent, CallCount, Consumer, FurtherEvent, Latency, Limit, RateLimit, Scaling, Service, Step } from '../../src/scenarios/scenario.js';
import type { Subject } from '../../src/scenarios/subject.js';
import type { TrialInput } from '../../src/simulation/trial.js';

const SERVICES = ['a', 'b', 'c'];
/** Services that are mostly a consumer's alone. */
const OF_CONSUMERS = ['d', 'e', 'f', 'g'];

function oneOf<T>(...values: T[]): Arbitrary<T> {
  return fc.constantFrom(...values);
}

/** Usually the first, and at times one of the others. */
function mostly<T>(usual: T, ...others: Arbitrary<T>[]): Arbitrary<T> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })));
}

const time = oneOf(5, 10, 15, 20, 30, 50);

const latency: Arbitrary<Latency> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('constant' as const), ms: oneOf(0, 5, 10, 20, 40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lognormal' as const), p50: oneOf(10, 20), p99: oneOf(20, 30, 80) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exponential' as const), mean: oneOf(10, 25) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('uniform' as const), min: oneOf(0, 5, 10), max: oneOf(10, 30) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'values' as const, values: [0, 5, 5, 10, 40] as number[] }) },
  { weight: 1, arbitrary: oneOf([0, 20, 5, 40], [10, 5, 0, 30]).map((values) => ({ kind: 'rows' as const, column: 'x', values })) },
);

const rateLimit: Arbitrary<RateLimit> = fc.record({ count: oneOf(20, 50, 200), per: oneOf(1000, 2000), burst: oneOf(1, 2, 5) });

const times = oneOf<CallCount>(2, 3, { p50: 2, max: 6 }, { values: [0, 1, 1, 4] });
const concurrency = oneOf<Limit>(2, 3, 'unlimited');

/** Usually without a policy, and at times with one: a scenario does not hold those that it does not say. */
function perhaps<K extends string, T>(field: K, value: Arbitrary<T>): Arbitrary<{ [key in K]?: T }> {
  return mostly<{ [key in K]?: T }>({}, value.map((it) => ({ [field]: it }) as { [key in K]?: T }));
}

/** A thing with policies that it may have. */
function withPolicies<T extends object>(thing: Arbitrary<T>, ...policies: Arbitrary<Partial<T>>[]): Arbitrary<T> {
  return fc.tuple(thing, fc.tuple(...policies)).map(([it, those]) => Object.assign({}, it, ...those) as T);
}

const outage: Arbitrary<Service['outages'][number]> = fc.tuple(oneOf(0, 50, 105), oneOf(20, 60), oneOf('error', 'hang', 'slow'), oneOf(0.5, 3)).map(
  ([from, length, kind, factor]) => (kind === 'slow' ? { from, for: length, kind, factor } : { from, for: length, kind: kind as 'error' | 'hang' }),
);

const scaling: Arbitrary<Scaling> = fc.record({ min: oneOf(0, 1), start: oneOf(0, 5, 10, 40), target: oneOf(0.5, 0.7, 1), idle: oneOf(5, 20, 100) });

/** Limited workers may scale. */
function scalable<T extends { workers: Limit; scaling?: Scaling }>(one: T): T {
  const { scaling: _, ...fixed } = one;
  return one.workers === 'unlimited' ? (fixed as T) : one;
}

function service(name: string): Arbitrary<Service> {
  return withPolicies(bareService(name), perhaps('scaling', scaling), perhaps('rate', rateLimit), perhaps('priority', fc.constant('replies' as const))).map(scalable);
}

function bareService(name: string): Arbitrary<Service> {
  return fc.record({
    name: fc.constant(name),
    latency,
    workers: oneOf<Service['workers']>(1, 2, 3, 5, 'unlimited'),
    queue: mostly<Service['queue']>('unlimited', oneOf(0, 1, 2, 4)),
    errors: mostly(0, oneOf(0.2, 0.6)),
    outages: mostly<Service['outages']>([], fc.tuple(outage)),
    abandoned: mostly<Service['abandoned']>('finish', fc.constant('drop')),
  });
}

function step(position: number): Arbitrary<Step> {
  return withPolicies(bareStep(position), perhaps('rate', rateLimit), perhaps('times', times), perhaps('concurrency', concurrency), perhaps('fallback', oneOf(...SERVICES)), perhaps('compensate', oneOf(...SERVICES)), perhaps('need', oneOf(1, 2))).map(withinTimes);
}

/** Of several calls not all have to succeed; of one it has to. */
function withinTimes<T extends Pick<Step, 'times' | 'need'>>({ need, ...rest }: T): T {
  return (need !== undefined && rest.times !== undefined ? { ...rest, need } : rest) as T;
}

function bareStep(position: number): Arbitrary<Step> {
  return fc.record({
    name: fc.constant(`s${position}`),
    call: oneOf(...SERVICES),
    critical: fc.boolean(),
    share: mostly(1, oneOf(0, 0.3, 0.7)),
    onError: mostly<Step['onError']>('fail', fc.constant('continue')),
    effect: mostly(true, fc.constant(false)),
    after: fc.subarray(Array.from({ length: position }, (_, i) => `s${i}`)),
    timeout: mostly(1000, time),
    retries: mostly(
      { attempts: 1, backoff: 10, jitter: 'none' as const, budget: 1 },
      fc.record({ attempts: oneOf(2, 3), backoff: oneOf(0, 5, 20), jitter: oneOf('none' as const, 'full' as const), budget: oneOf(0.1, 0.5, 1) }).chain((retries) =>
        oneOf<Step['retries']>(retries, { ...retries, retryAfter: 'ignore' })),
    ),
    breaker: mostly<Step['breaker']>(null, fc.record({ trip: oneOf(0.2, 0.5), minimum: oneOf(2, 5), window: oneOf(50, 200), reset: oneOf(20, 50) })),
    connections: mostly<Step['connections']>('unlimited', oneOf(1, 2, 4)),
  });
}

const STEPS = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.tuple(fc.tuple(...Array.from({ length: count }, (_, position) => step(position))), fc.array(fc.boolean(), { minLength: count, maxLength: count }), mostly(0, oneOf(1, 2, 4))),
).map(([steps, shares, connections]) => (connections === 0 ? steps : steps.map((one, position) => (shares[position] ? sharing(one, connections) : one)))).chain(perhapsGrouped);

/** Some of them side by side, of which not all must succeed. */
function perhapsGrouped(steps: Step[]): Arbitrary<Step[]> {
  if (steps.length < 2) return fc.constant(steps);
  const range = fc.tuple(fc.nat({ max: steps.length - 2 }), oneOf(2, 3, 4)).map(([from, count]) => [from, Math.min(steps.length, from + count)] as const);
  const grouped = fc.tuple(range, oneOf(1, 2, 3), perhaps('within', oneOf(5, 15, 40))).map(([[from, to], need, within]) => {
    const group = { name: 'g', need: Math.min(need, to - from), ...within };
    return steps.map((one, i) => (i < from || i >= to ? one : { ...one, critical: true, onError: 'fail' as const, after: steps[from]!.after, group }));
  });
  return mostly(steps, grouped);
}

/** A step that shares a pool with others. */
function sharing(one: Step, connections: number): Step {
  return { ...one, connections: 'unlimited', pool: { name: 'db', connections } };
}

function consumer(position: number): Arbitrary<Consumer> {
  return withPolicies(bareConsumer(position), perhaps('scaling', scaling), perhaps('delay', oneOf(5, 20, 150)), perhaps('rate', rateLimit), callsForMessages).map(withinTimes).map(scalable);
}

/** Several calls for one message, or one for several. */
const callsForMessages: Arbitrary<Partial<Consumer>> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(perhaps('times', times), perhaps('concurrency', concurrency), perhaps('need', oneOf(1, 2))).map(([some, atOnce, need]) => ({ ...some, ...atOnce, ...need })) },
  { weight: 1, arbitrary: fc.record({ batch: fc.record({ size: oneOf(2, 3, 6), wait: oneOf(0, 5, 20, 50) }) }) },
);

function bareConsumer(position: number): Arbitrary<Consumer> {
  return fc.record({
    name: fc.constant(`c${position}`),
    call: mostly(OF_CONSUMERS[position]!, oneOf(...SERVICES, ...OF_CONSUMERS)),
    share: mostly(1, oneOf(0, 0.5)),
    workers: oneOf<Consumer['workers']>(1, 2, 4, 'unlimited'),
    timeout: mostly(1000, time),
    attempts: oneOf(1, 2, 3),
    backoff: oneOf(0, 5, 20),
  });
}

/** One that hears the business event, or comes after some of those before it. */
function consumerAt(position: number): Arbitrary<Consumer> {
  const before = mostly<string[]>([], fc.subarray(Array.from({ length: position }, (_, i) => `c${i}`)));
  return fc.tuple(consumer(position), before).map(([one, after]) => (after.length > 0 ? { ...one, after } : one));
}

function event(steps: readonly Step[]): Arbitrary<BusinessEvent> {
  const one = fc.tuple(published(steps), anyConsumers).map(([own, all]) => ({ ...own, consumers: all }));
  return fc.oneof({ weight: 2, arbitrary: one }, { weight: 1, arbitrary: several(steps) });
}

function published(steps: readonly Step[]): Arbitrary<Omit<BusinessEvent, 'consumers'>> {
  const critical = steps.filter((one) => one.critical).map(({ name }) => name);
  return fc.record({
    type: fc.constant('order.placed'),
    after: oneOf<string | null>(null, ...critical),
    messages: mostly(1, oneOf(2, 3)),
    payload: fc.constant(0),
    publish: mostly(0, oneOf(5, 10)),
    wait: mostly(false, fc.constant(true)),
    inbox: mostly(true, fc.constant(false)),
  });
}

const anyConsumers: Arbitrary<Consumer[]> = oneOf(0, 1, 2, 3, 4).chain((count) => fc.tuple(...Array.from({ length: count }, (_, position) => consumerAt(position))));

/** Two or three events by name, each with some of the consumers; those that come after others hear the same one. */
function several(steps: readonly Step[]): Arbitrary<BusinessEvent> {
  const names = ['placed', 'paid', 'packed'];
  return fc
    .tuple(fc.array(published(steps), { minLength: 2, maxLength: 3 }), anyConsumers, fc.tuple(...OF_CONSUMERS.map(() => fc.nat())))
    .map(([events, all, draws]) => {
      const [first, ...further] = events.map((one, position) => ({ ...one, name: names[position]! }));
      const heard = all.map((one, position) => ({ ...one, hears: names[draws[position]! % events.length]! }));
      const isSame = (one: Consumer, other: string): boolean => heard.find(({ name }) => name === other)?.hears === one.hears;
      return { ...first!, further, consumers: heard.map((one) => ({ ...one, ...(one.after && { after: one.after.filter((other) => isSame(one, other)) }) })) };
    });
}

const FAULTS: Fault[] = [
  { kind: 'duplicate', share: 0.3 }, { kind: 'drop', share: 0.2 }, { kind: 'reorder', share: 0.3 }, { kind: 'delay', share: 0.3, by: 15 },
  { kind: 'poison', share: 0.2 }, { kind: 'poison', order: 1 },
];

const DOWNTIMES: Fault[] = [
  { kind: 'crash', process: 'server', at: 10, for: 5 }, { kind: 'crash', process: 'server', at: 60, for: 20 },
  { kind: 'pause', process: 'server', at: 30, for: 40 }, { kind: 'pause', process: 'server', at: 80, for: 15 }, { kind: 'pause', process: 'server', at: 95, for: 30 }];

const subject: Arbitrary<Subject> = fc.tuple(STEPS, oneOf(...ARCHITECTURES)).chain(([steps, architecture]) =>
  withPolicies<Subject>(fc.record({
    name: fc.constant('any'),
    architecture: fc.constant(architecture),
    services: fc.tuple(...[...SERVICES, ...OF_CONSUMERS].map(service)),
    steps: fc.constant(steps),
    event: event(steps),
    server: fc.record({ processes: oneOf(1, 1, 2, 3), work: oneOf(0.15, 0.5, 2) }),
    faults: fc.tuple(mostly<Fault[]>([], fc.subarray<Fault>(FAULTS)), mostly<Fault[]>([], fc.subarray<Fault>(DOWNTIMES))).map((faults) => faults.flat()),
  }), perhaps('deadline', oneOf(10, 25, 40, 60))),
).map(withinModel);

/** What is published a second time, where a consumer without an inbox handles something twice, is not in the model. */
function withinModel(any: Subject): Subject {
  if (!publishesAgain(any)) return any;
  const known = <T extends Pick<BusinessEvent, 'inbox' | 'further'>>(it: T): T => ({ ...it, inbox: true, ...(it.further && { further: it.further.map((one) => ({ ...one, inbox: true })) }) });
  const kinds = any.kinds?.map((kind) => ({ ...kind, event: known(kind.event) }));
  return { ...any, event: known(any.event), ...(kinds && { kinds }) };
}

function publishesAgain({ faults, architecture, event: { consumers } }: Subject): boolean {
  const isChain = architecture === 'event-driven' || consumers.some(({ after = [] }) => after.length > 0);
  return isChain && faults.some(({ kind }) => kind === 'duplicate');
}

/** The same steps and consumers divided among kinds of request, each with an event of its own. */
function divided(whole: Subject): Arbitrary<Subject> {
  const names = ['x', 'y', 'z'];
  const kindOf = oneOf(...names);
  const apart = <T extends { name: string; after?: string[] }>(items: readonly T[], only: readonly string[]): T[] => {
    const isKin = (one: T, other: string): boolean => only[items.indexOf(one)] === only[items.findIndex(({ name }) => name === other)];
    return items.map((one, position) => ({ ...one, only: only[position]!, ...(one.after && { after: one.after.filter((other) => isKin(one, other)) }) }));
  };
  const { steps, event: { consumers } } = whole;
  return fc
    .tuple(
      fc.tuple(...steps.map(() => kindOf)), fc.tuple(...consumers.map(() => kindOf)),
      fc.tuple(...names.map(() => eventsLike(whole.event))), fc.tuple(...names.map(() => perhaps('deadline', oneOf(null, 15, 50)))), oneOf([0.5, 0.3, 0.2], [0.8, 0, 0.2], [0.1, 0.9, 0]),
    )
    .map(([ofSteps, ofConsumers, events, deadlines, weights]): Subject => ({
      ...whole,
      // A group is of one kind.
      steps: apart(steps, ofSteps).map(({ group, ...one }, position, all) => (group && steps.every((other, i) => !other.group || ofSteps[i] === ofSteps[position]) ? { ...one, after: all.find((other) => other.group)!.after, group } : one)),
      event: { ...whole.event, consumers: apart(consumers, ofConsumers) },
      kinds: names.map((name, position) => {
        const own = events[position]!;
        const last = steps.find((one, i) => one.critical && ofSteps[i] === name);
        return { name, weight: weights[position]!, ...deadlines[position], event: { ...own, after: position === 0 && last ? last.name : null } };
      }),
    }));
}

/** As many events, of the same names. */
function eventsLike(whole: BusinessEvent): Arbitrary<Omit<BusinessEvent, 'consumers'>> {
  const named = eventsIn(whole).map(({ name }) => published([]).map((one) => (name === undefined ? one : { ...one, name })));
  return fc.tuple(...named).map(([first, ...further]) => ({ ...first!, ...(further.length > 0 && { further: further as FurtherEvent[] }) }));
}

function ramp(levels: readonly number[]): Arbitrary<Ramp> {
  const stage = fc.record({ duration: oneOf(50, 100), target: oneOf(...levels) });
  return fc.record({ from: oneOf(...levels), stages: fc.array(stage, { minLength: 1, maxLength: 3 }) }).filter((it) => peakOf(it) > 0);
}

const load: Arbitrary<TrialInput['load']> = fc.oneof(
  oneOf(1, 2, 5, 12).map((users) => ({ model: 'closed' as const, users })),
  ramp([0, 1, 4, 10]).map((it) => ({ model: 'closed' as const, users: peakOf(it), ramp: it })),
  fc.tuple(oneOf(20, 100, 400), oneOf('even' as const, 'poisson' as const)).map(([rate, arrivals]) => ({ model: 'open' as const, rate, arrivals })),
  ramp([0, 50, 200]).map((it) => ({ model: 'open' as const, rate: peakOf(it), ramp: it })),
);

const retries: Arbitrary<ClientRetries> = fc.record({
  attempts: oneOf(2, 3, 4),
  backoff: oneOf(0, 5, 20, 50),
  on: oneOf<ClientRetries['on']>(['timeout', 'http5xx', 'connection', 'hangup'], ['timeout'], ['http5xx'], ['connection', 'hangup']),
});

/** One trial, some tenths of a virtual second long. */
export const arbitraryTrial: Arbitrary<TrialInput> = fc
  .record({
    subject: fc.oneof({ weight: 3, arbitrary: subject }, { weight: 1, arbitrary: subject.chain(divided).map(withinModel) }),
    load,
    seed: fc.integer({ min: 0, max: 1000 }),
    warmup: oneOf(0, 50, 100),
    duration: oneOf(100, 200, 300),
    drain: oneOf(0, 20, 100, 1000),
    timeout: mostly(1000, oneOf(20, 50, 100, 3000)),
    entry: oneOf(0, 20, 60),
    think: mostly(0, oneOf(10, 30)),
    handling: oneOf(0, 0, 1),
    restart: oneOf(0, 10),
    retried: perhaps('retries', retries),
  })
  .map(({ retried, ...trial }) => ({
    ...trial,
    ...retried,
    architecture: 'any',
    base: trial.subject.architecture,
    round: 1,
    // An answer that waits for nothing must take some time, or users ask for ever at one moment.
    handling: trial.load.model === 'closed' && trial.think === 0 ? 0.5 : trial.handling,
  }));
