import { describe, expect, it } from 'vitest';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import type { Architecture } from '../../src/scenarios/architectures.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { apparentGrowth, bottleneckOf, levelsToTry, passedLimit, type CapacityLimits, type SearchRange } from '../../src/simulation/capacity.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { service, step, subject, trialOf } from './worlds.js';

/** One load that was tried. */
interface Probe {
  /** Users, or requests per second. */
  level: number;
  trial: MeasuredTrial;
  /** The limit that was passed; null when the load is carried. */
  passed: keyof CapacityLimits | null;
}

const LIMITS = { p95: 2000, failureRate: 0.01, backlogGrowth: 0.01 };

/** What a search has found. */
interface Capacity {
  /** The highest level carried: a whole number; 0 when not even one is. `atLeast`: the search ended there. */
  most: number;
  atLeast: boolean;
  /** The limit passed just above it; null when none was. */
  limit: keyof CapacityLimits | null;
  /** Name of the step or consumer whose service was busiest just above it; null when none is limited. */
  bottleneck: string | null;
  /** In the order tried. */
  probes: Probe[];
}

/** How to search. */
interface SearchOptions extends SearchRange {
  limits: CapacityLimits;
}

/**
 * The highest level carried, each level simulated once.
 * @param run simulates one level
 */
function findCapacity(run: (level: number) => MeasuredTrial, { limits, ...range }: SearchOptions): Capacity {
  const probes: Probe[] = [];
  const levels = levelsToTry(range);
  let next = levels.next();
  while (!next.done) {
    const trial = run(next.value);
    const passed = passedLimit(trial, limits);
    probes.push({ level: next.value, trial, passed });
    next = levels.next(passed === null);
  }
  const { carried, tooMuch } = next.value;
  const above = probes.find(({ level }) => level === tooMuch);
  return {
    most: carried,
    atLeast: tooMuch === Infinity,
    limit: above?.passed ?? null,
    bottleneck: above ? bottleneckOf(above) : null,
    probes,
  };
}

function checkoutCapacity(architecture: Architecture, p95: number): Capacity {
  const scenario = builtIn('checkout');
  const world = scenario && subjectOf(scenario, architecture);
  if (!world) throw new Error('Expected the checkout scenario');
  const run = (users: number) =>
    simulateTrial(
      trialOf(world, {
        load: { model: 'closed', users }, warmup: 2000, duration: 10_000, entry: 1050, drain: 0, timeout: 10_000, handling: 0.15,
      }),
    );
  return findCapacity(run, { limits: { ...LIMITS, p95 }, from: 10, most: 5000, precision: 0.01 });
}

describe('findCapacity', () => {
  it('finds the users whom email lets pass: 20 workers of 400 ms, 1050 ms a round', () => {
    const capacity = checkoutCapacity('sync', 1060);
    expect(Math.abs(capacity.most - 52)).toBeLessThan(3);
    expect(capacity).toMatchObject({ limit: 'p95', bottleneck: 'email', atLeast: false });
  });

  it('finds that a reply without email carries no more than email can work off: 50 a second, 500 ms', () => {
    const capacity = checkoutCapacity('hybrid', 1000);
    expect(Math.abs(capacity.most - 25)).toBeLessThan(3);
    expect(capacity).toMatchObject({ limit: 'backlogGrowth', bottleneck: 'email' });
  });

  it('asks few questions', () => {
    expect(checkoutCapacity('sync', 1060).probes.length).toBeLessThan(12);
  });

  const easy = subject([service('a', 100, { workers: 8, queue: 0 })], [step('a')]);
  const run = (users: number) => simulateTrial(trialOf(easy, { load: { model: 'closed', users }, handling: 1, timeout: 1000 }));

  it('says when it has found no end', () => {
    expect(findCapacity(run, { limits: LIMITS, from: 1, most: 6, precision: 0.01 })).toMatchObject({
      most: 6, atLeast: true, limit: null, bottleneck: null,
    });
  });

  it('finds the exact number where a queue is full', () => {
    const capacity = findCapacity(run, { limits: LIMITS, from: 1, most: 1000, precision: 0.01 });
    expect(capacity).toMatchObject({ most: 8, limit: 'failureRate', bottleneck: 'a', atLeast: false });
  });

  it('finds that nothing is carried, also when it begins too high', () => {
    const strict = { ...LIMITS, p95: 10 };
    expect(findCapacity(run, { limits: strict, from: 64, most: 1000, precision: 0.01 }).most).toBe(0);
  });
});

describe('passedLimit', () => {
  /** A trial of ten seconds whose consumers get 100 events a second and have these backlogs, second by second. */
  function withBacklogs(backlogs: Record<string, number[]>): MeasuredTrial {
    const trial = simulateTrial(trialOf(subject([service('a', 100)], [step('a')]), { load: { model: 'closed', users: 5 }, duration: 10_000 }));
    const consumers = Object.entries(backlogs).map(([name, waiting]) => {
      const slopePerSecond = waiting.reduce((sum, count, i) => sum + (i - 5) * count, 0) / 110;
      return [name, { backlog: { slopePerSecond, series: { at: waiting.map((_, i) => i * 1000), waiting } }, arrivalRate: 100 }];
    });
    return { ...trial, events: { consumers: Object.fromEntries(consumers) } as MeasuredTrial['events'] & object };
  }
  const growing = [0, 3, 5, 8, 11, 14, 15, 19, 21, 24, 27];
  const noisy = [0, 60, 10, 70, 5, 90, 20, 100, 10, 80, 60];

  it('is passed by a backlog that surely grows, and not by one that does so within its noise', () => {
    expect(passedLimit(withBacklogs({ email: growing }), LIMITS)).toBe('backlogGrowth');
    expect(passedLimit(withBacklogs({ email: noisy }), LIMITS)).toBeNull();
    expect(apparentGrowth(withBacklogs({ email: noisy }))).toBeGreaterThan(LIMITS.backlogGrowth);
  });

  it('is passed by one that only seems to grow where the model has foretold it', () => {
    const trial = withBacklogs({ email: noisy });
    expect(passedLimit(trial, LIMITS, true)).toBe('backlogGrowth');
    expect(passedLimit(withBacklogs({ email: noisy.toReversed() }), LIMITS, true)).toBeNull();
    expect(bottleneckOf({ trial, passed: 'backlogGrowth' })).toBe('email');
  });

  it('blames the consumer whose backlog surely grows', () => {
    const trial = withBacklogs({ analytics: noisy, email: growing });
    expect(bottleneckOf({ trial, passed: passedLimit(trial, LIMITS) })).toBe('email');
  });
});
