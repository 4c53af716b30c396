import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeasuredTrial } from '../../../src/measurement/record.js';
import { ARCHITECTURES } from '../../../src/scenarios/architectures.js';
import { type Latency, type Limit, type Service, type Step } from '../../../src/scenarios/scenario.js';
import type { Subject } from '../../../src/scenarios/subject.js';
import { simulateTrial, type TrialInput } from '../../../src/simulation/trial.js';
import { service, step, subject, trialOf } from '../worlds.js';
import { cases } from '../../support/properties.js';

const NAMES = ['a', 'b', 'c'];

const limit = (max: number): fc.Arbitrary<Limit> => fc.oneof(fc.integer({ min: 1, max }), fc.constant<Limit>('unlimited'));

const latency: fc.Arbitrary<Latency> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), ms: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('exponential' as const), mean: fc.integer({ min: 1, max: 200 }) }),
  fc.constant<Latency>({ kind: 'lognormal', p50: 40, p99: 400 }),
);

const outage: fc.Arbitrary<Service['outages'][number]> = fc
  .tuple(fc.constantFrom('error', 'hang', 'slow'), fc.integer({ min: 0, max: 800 }), fc.integer({ min: 1, max: 300 }))
  .map(([kind, from, length]) => (kind === 'slow' ? { kind, from, for: length, factor: 3 } : { kind, from, for: length }) as Service['outages'][number]);

const someService = (name: string): fc.Arbitrary<Service> =>
  fc
    .record({
      latency,
      workers: limit(4),
      queue: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant<Limit>('unlimited')),
      errors: fc.constantFrom(0, 0, 0.2),
      outages: fc.array(outage, { maxLength: 2 }),
      abandoned: fc.constantFrom<Service['abandoned']>('finish', 'drop'),
    })
    .map(({ latency: drawn, ...more }) => service(name, drawn, more));

const someStep = (name: string, position: number): fc.Arbitrary<Step> =>
  fc
    .record({
      critical: fc.boolean(),
      after: fc.subarray(NAMES.slice(0, position)),
      timeout: fc.constantFrom(30, 150, 1000),
      retries: fc.record({
        attempts: fc.integer({ min: 1, max: 3 }),
        backoff: fc.integer({ min: 0, max: 50 }),
        jitter: fc.constantFrom<'none' | 'full'>('none', 'full'),
        budget: fc.constantFrom(0.1, 1),
      }),
      breaker: fc.constantFrom(null, { trip: 0.5, minimum: 3, window: 500, reset: 100 }),
      connections: limit(3),
    })
    .map((more) => step(name, more));

const someConsumer = (name: string) =>
  fc.record({
    name: fc.constant(`${name}-consumer`),
    call: fc.constant(name),
    share: fc.constantFrom(1, 1, 0.5),
    workers: limit(3),
    timeout: fc.constantFrom(30, 500),
    attempts: fc.integer({ min: 1, max: 3 }),
    backoff: fc.integer({ min: 0, max: 40 }),
  });

const world: fc.Arbitrary<Subject> = fc
  .record({
    services: fc.tuple(...NAMES.map(someService)),
    steps: fc.tuple(...NAMES.map(someStep)),
    consumers: fc.tuple(...NAMES.map(someConsumer)).chain((all) => fc.subarray(all)),
    architecture: fc.constantFrom(...ARCHITECTURES),
    messages: fc.integer({ min: 1, max: 3 }),
    wait: fc.boolean(),
    after: fc.constantFrom(null, ...NAMES),
  })
  .map(({ services, steps, consumers, architecture, messages, wait, after }) =>
    subject(services, steps, { architecture, event: { type: 'x', after, messages, payload: 0, publish: 0, wait, inbox: true, consumers } }),
  );

const load: fc.Arbitrary<TrialInput['load']> = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((users) => ({ model: 'closed' as const, users })),
  fc.integer({ min: 1, max: 100 }).map((rate) => ({ model: 'open' as const, rate, arrivals: 'poisson' as const })),
);

const trial: fc.Arbitrary<TrialInput> = fc
  .record({
    world,
    load,
    seed: fc.nat(),
    timeout: fc.constantFrom(50, 400, 1e6),
    warmup: fc.constantFrom(0, 100),
    drain: fc.constantFrom(0, 200, 1e6),
    think: fc.constantFrom(0, 20),
    entry: fc.constantFrom(0, 100),
  })
  .map(({ world: one, ...more }) => trialOf(one, { ...more, duration: 1000, handling: 1 }));

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function expectBalanced(result: MeasuredTrial): void {
  const { sent, ...ends } = result.outcomes;
  expect(sum(Object.values(ends))).toBe(sent);
  expect(result.responseTime.count).toBe(sent);
  expect(result.responseTime.censored).toBe(result.outcomes.timeout);
  expect(result.responseTimeOk.count).toBe(result.outcomes.ok);
  expect(result.orphaned).toBeLessThanOrEqual(sent - result.outcomes.ok);
  expect(result.failedLater).toBeLessThanOrEqual(result.outcomes.ok);
}

/** Capacity, or more than is ever needed. */
const atMost = (bound: Limit | undefined): number => (typeof bound === 'number' ? bound : 1e9);

function expectBoundedSteps(result: MeasuredTrial, { services, steps }: Subject): void {
  for (const [name, one] of Object.entries(result.steps)) {
    const { workers } = services.find((candidate) => candidate.name === one.service) ?? {};
    expect(one.peakInProgress).toBeLessThanOrEqual(atMost(workers));
    expect(one.utilisation ?? 0).toBeLessThanOrEqual(1 + 1e-9);
    const { connections } = steps.find((candidate) => candidate.name === name) ?? {};
    const isAlone = Object.values(result.steps).filter((other) => other.service === one.service).length === 1;
    expect(one.peakConnections).toBeLessThanOrEqual(atMost(isAlone ? connections : 'unlimited'));
    expect(one.queueTime.min ?? 0).toBeGreaterThanOrEqual(0);
    // Every call is made for some run, and runs end only once.
    expect(one.ok + one.timeouts + one.errors + one.rejected).toBeLessThanOrEqual(one.calls);
    expect(one.ok + one.failed).toBeLessThanOrEqual(one.calls + one.shortCircuited);
  }
}

function expectBalancedEvents({ events, outcomes }: MeasuredTrial, { drain, subject: { event } }: TrialInput): void {
  const all = events ? [events, ...Object.values(events.consumers)] : [];
  for (const { acknowledged, processed, deadLettered, pending, lost, attempted, lag } of all) {
    expect(processed + deadLettered + pending + lost).toBe(acknowledged);
    expect(attempted).toBe(acknowledged);
    // What nobody listens to has no lag.
    expect(lag.count).toBe(event.consumers.length > 0 ? acknowledged : lag.count);
    expect(lag.censored).toBeLessThanOrEqual(pending + deadLettered);
    expect(pending).toBeLessThanOrEqual(drain === 1e6 ? 0 : acknowledged);
  }
  expect(events?.completionTime.count).toBe(events ? outcomes.ok : undefined);
}

describe('the books of a simulated trial', () => {
  it("balance, bounds hold and Little's law does, whatever happens", () => {
    fc.assert(
      fc.property(trial, (input) => {
        const result = simulateTrial(input);
        expect(result.validity.problems.filter((problem) => !problem.startsWith('No request'))).toEqual([]);
        expectBalanced(result);
        expectBoundedSteps(result, input.subject);
        expectBalancedEvents(result, input);
      }),
      { numRuns: cases(200) },
    );
  });
});
