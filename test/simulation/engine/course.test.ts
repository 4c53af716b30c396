import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Consumer, Latency, Service } from '../../../src/scenarios/scenario.js';
import type { Subject } from '../../../src/scenarios/subject.js';
import { lookaheadOf } from '../../../src/simulation/engine/lookahead.js';
import { simulateTrial, type TrialInput } from '../../../src/simulation/trial.js';
import { service, step, subject, trialOf } from '../worlds.js';

/** To ten digits: sums are made in another order. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(10));
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)]));
}

const LATENCY: fc.Arbitrary<Latency> = fc.oneof(
  fc.constant<Latency>({ kind: 'lognormal', p50: 20, p99: 100 }),
  fc.constant<Latency>({ kind: 'exponential', mean: 30 }),
);
const TIMEOUT = fc.constantFrom(100, 300, 1e9);

const mail: Consumer = { name: 'mail', call: 'slow', workers: 3, timeout: 100, attempts: 2, backoff: 10 };
const other: Consumer = { ...mail, name: 'other', call: 's1', workers: 'unlimited' };

/** Consumers whose deliveries may wait for a worker, or may not; or may come to outnumber workers, or to time out. */
const CONSUMERS: fc.Arbitrary<Consumer[]> = fc.constantFrom(
  [mail, other],
  [other],
  [{ ...other, timeout: 1e9 }],
  [{ ...other, attempts: 5 }],
  [{ ...other, timeout: 1e9 }, { ...mail, call: 'ample', workers: 'unlimited', timeout: 1e9 }],
  [{ ...mail, call: 'ample', workers: 'unlimited', timeout: 1e9 }, { ...mail, name: 'tight', call: 'some', workers: 30, timeout: 400 }],
);

const WORLD: fc.Arbitrary<Subject> = fc
  .record({
    latencies: fc.array(LATENCY, { minLength: 2, maxLength: 3 }),
    workers: fc.constantFrom<Service['workers']>('unlimited', 8, 9, 20),
    timeout: TIMEOUT,
    architecture: fc.constantFrom('sync' as const, 'hybrid' as const),
    shared: fc.boolean(),
    consumers: CONSUMERS,
    messages: fc.constantFrom(1, 1, 3),
    after: fc.constantFrom(null, null, 's0'),
  })
  .map(({ latencies, workers, timeout, architecture, shared, ...event }) => {
    const services = latencies.map((latency, i) => service(`s${i}`, latency, { workers }));
    const steps = services.map(({ name }) => step(name, { timeout }));
    if (shared) steps.push(step('again', { call: 's0', timeout }));
    const slow: Latency = { kind: 'exponential', mean: 50 };
    const others = [service('slow', slow), service('ample', slow, { workers: 'unlimited' }), service('some', slow, { workers: 30 })];
    const world = subject([...services, ...others], steps, { architecture });
    return { ...world, event: { ...world.event, ...event } };
  });

const TRIAL: fc.Arbitrary<TrialInput> = fc
  .record({
    world: WORLD,
    users: fc.integer({ min: 1, max: 8 }),
    rate: fc.constantFrom(0, 0, 100),
    timeout: TIMEOUT,
    think: fc.constantFrom(0, 15),
    seed: fc.nat(1000),
    drain: fc.constantFrom(0, 200, 500, 5000),
  })
  .map(({ world, users, rate, ...more }) => {
    const load = rate > 0 ? ({ model: 'open', rate } as const) : ({ model: 'closed', users } as const);
    return trialOf(world, { load, warmup: 100, duration: 1500, entry: 40, handling: 0.01, ...more });
  });

describe('looking ahead', () => {
  it('changes nothing of the result', () => {
    fc.assert(
      fc.property(TRIAL, (trial) => {
        expect(rounded(simulateTrial(trial))).toEqual(rounded(simulateTrial(trial, false)));
      }),
      { numRuns: 60 },
    );
  });

  it('is given up where calls outnumber the workers after all', () => {
    // Clients that give up leave their requests behind: more than one of each user.
    const world = subject([service('a', { kind: 'exponential', mean: 100 }, { workers: 4 })], [step('a')]);
    const trial = trialOf(world, { load: { model: 'closed', users: 4 }, duration: 3000, timeout: 50 });
    expect(lookaheadOf(trial)).not.toBeNull();
    const result = simulateTrial(trial);
    expect(result.steps.a?.queueTime.max).toBeGreaterThan(0);
    expect(result).toEqual(simulateTrial(trial, false));
  });
});
