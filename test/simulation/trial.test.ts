import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Architecture } from '../../src/scenarios/architectures.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { service, step, subject, trialOf } from './worlds.js';

function scenarioOf(name: string): Scenario {
  const scenario = builtIn(name);
  if (!scenario) throw new Error(`Expected a scenario ${name}`);
  return scenario;
}

function checkout(architecture: Architecture, users: number, change: (scenario: Scenario) => void = () => {}): MeasuredTrial {
  const scenario = scenarioOf('checkout');
  change(scenario);
  const world = subjectOf(scenario, architecture);
  if (!world) throw new Error(`Expected an architecture ${architecture}`);
  const load = { model: 'closed', users } as const;
  return simulateTrial(
    trialOf(world, { load, warmup: 2100, duration: 10_000, entry: 1050, timeout: 10_000, drain: 2000, handling: 0.15 }),
  );
}

describe('the checkout story', () => {
  it('is 1050 ms in turn and 500 ms with events, with 10 users', () => {
    expect(checkout('sync', 10).responseTime).toMatchObject({ p50: 1050, p99: 1050 });
    expect(checkout('hybrid', 10).responseTime).toMatchObject({ p50: 500, p99: 500 });
    expect(checkout('parallel', 10).responseTime).toMatchObject({ p50: 900, p99: 900 });
  });

  it('is about 2 s in turn with 100 users, because email serves 50 a second, and still 500 ms with events', () => {
    const sync = checkout('sync', 100);
    expect(sync.responseTime.p50).toBeCloseTo(2000, 0);
    expect(sync.throughput).toBeCloseTo(50, 0);
    expect(sync.steps.email?.utilisation).toBeCloseTo(1, 2);
    expect(checkout('hybrid', 100).responseTime.p50).toBeCloseTo(500, 0);
  });

  it('breaks in turn with 500 users: orders fail at email after they have been paid', () => {
    const sync = checkout('sync', 500);
    expect(sync.failureRate).toBeGreaterThan(0.9);
    expect(sync.steps.email?.timeouts).toBeGreaterThan(1000);
    expect(sync.orphaned).toBe(sync.outcomes.http5xx + sync.outcomes.timeout);
  });

  it('is about 600 ms with events and 500 users, without failures, and with a backlog that email cannot work off', () => {
    const hybrid = checkout('hybrid', 500);
    expect(hybrid.responseTime.p50).toBeCloseTo(600, -1);
    expect(hybrid.failureRate).toBe(0);
    expect(hybrid.throughput).toBeCloseTo(833, -1);
    const email = hybrid.events?.consumers.email;
    expect(email?.backlog.slopePerSecond).toBeCloseTo(833 - 50, -1);
    expect(email?.processingRate).toBeCloseTo(50, 0);
    expect(email?.backlog.drainSeconds).toBeGreaterThan(100);
    expect(hybrid.events?.consumers.analytics?.backlog.slopePerSecond).toBeLessThan(200);
  });

  it('gives the same digits on every machine', () => {
    const trial = checkout('hybrid', 300, (scenario) => {
      scenario.services = scenario.services.map((one) => ({
        ...one,
        latency: { kind: 'lognormal', p50: 100, p99: 800 },
        errors: 0.01,
      }));
    });
    expect(trial.outcomes).toMatchObject({ sent: 10_041, ok: 9840, http5xx: 201 });
    expect(trial.responseTime.p50).toBeCloseTo(237.370_086_722_9, 9);
    expect(trial.responseTime.p99).toBeCloseTo(1163.332_761_489, 8);
    expect(trial.responseTime.mean).toBeCloseTo(298.151_261_141, 8);
    expect(trial.events?.completionTime.mean).toBeCloseTo(8557.286_364_094, 8);
  });

  it('gives the same result for the same input, and another for another seed', () => {
    const world = subject([service('a', { kind: 'exponential', mean: 100 }, { workers: 2 })], [step('a')]);
    const input = trialOf(world, { load: { model: 'closed', users: 5 }, duration: 5000 });
    expect(simulateTrial(input)).toEqual(simulateTrial(input));
    expect(simulateTrial({ ...input, seed: 2 }).responseTime).not.toEqual(simulateTrial(input).responseTime);
  });
});

describe('a simulated trial', () => {
  it('is never to be mistaken for a measured one', () => {
    const trial = checkout('sync', 10);
    expect(trial.state).toBe('simulated');
    expect(trial.processes).toEqual({});
    expect(trial.window).toEqual({ startedAt: '', seconds: 10, warmupSeconds: 2.1 });
    expect(trial.server).toEqual({ received: trial.outcomes.sent, unreached: 0 });
    expect(trial.validity).toEqual({ valid: true, problems: [], notes: [] });
  });

  it('says so when there was nothing to measure', () => {
    const trial = simulateTrial(trialOf(subject([service('a', 10)], [step('a')]), { duration: 0 }));
    expect(trial.validity.valid).toBe(false);
    expect(trial.validity.problems[0]).toContain('No request was sent');
    expect(trial.responseTime.p50).toBeNull();
  });
});
