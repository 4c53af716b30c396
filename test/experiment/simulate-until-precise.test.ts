import { describe, expect, it } from 'vitest';
import { simulateUntilPrecise } from '../../src/experiment/simulate-until-precise.js';
import { precisionOf, seriesOf } from '../../src/experiment/series.js';
import type { Latency } from '../../src/scenarios/scenario.js';
import type { SimulationInput } from '../../src/simulation/simulate.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';
import { sectionedInterval } from '../../src/verdict/statistics/percentile-intervals.js';
import { service, step, subject, trialOf } from '../simulation/worlds.js';

const HOUR = 3_600_000;
const latency: Latency = { kind: 'exponential', mean: 100 };
const world = subject([service('pay', latency, { workers: 15 })], [step('pay')]);

function inputOf(more: Partial<SimulationInput> = {}): SimulationInput {
  return { ...trialOf(world, { load: { model: 'open', rate: 100 }, duration: 5000 }), until: { precision: 0.05, within: HOUR }, ...more };
}

/** With the lengths that were tried, s. */
function watched(input: SimulationInput) {
  const tried: number[] = [];
  const trial = simulateUntilPrecise(input, (one: TrialInput) => {
    tried.push(one.duration / 1000);
    return simulateTrial(one);
  });
  return { trial, tried };
}

describe('a simulation that goes on until it is known', () => {
  it('is known in the end, and was not before', () => {
    const { trial, tried } = watched(inputOf());
    const known = (seconds: number): number => {
      const times = seriesOf(simulateTrial(inputOf({ duration: seconds * 1000 })));
      return Math.max(...[0.95, 0.99].map((share) => {
        const interval = sectionedInterval(times, share);
        return interval ? precisionOf(interval) : Infinity;
      }));
    };
    expect(tried.length).toBeGreaterThan(1);
    expect(tried.map(known).map((precision) => precision <= 0.05)).toEqual(tried.map((_, i) => i === tried.length - 1));
    expect(trial.window.seconds).toBe(tried.at(-1));
    expect(trial.p95Interval).not.toBeNull();
    expect(trial.validity.notes).toEqual([]);
  });

  it('is the trial of that length, to the digit', () => {
    const { trial, tried } = watched(inputOf());
    const { p95Interval: _, ...same } = trial;
    expect(same).toEqual(simulateTrial(inputOf({ duration: (tried.at(-1) ?? 0) * 1000 })));
  });

  it('is as long as asked where nobody wants to know more', () => {
    expect(watched(inputOf({ until: null })).tried).toEqual([5]);
    expect(simulateUntilPrecise(inputOf({ until: null }))).toEqual(simulateTrial(inputOf()));
  });

  it('ends where it was asked to, and says what is not known', () => {
    const { trial, tried } = watched(inputOf({ until: { precision: 0.001, within: 20_000 } }));
    expect(tried.at(-1)).toBe(20);
    expect(trial.validity.notes).toEqual([expect.stringMatching(/^After 20 s p95 is known .*, p99 is known not at all, for want of requests, and should be to 0\.1 %: allow a longer window\.$/)]);
  });

  it('ends before its series is too long to be kept', () => {
    const tried: number[] = [];
    // As if each request stood for a thousand.
    const trial = simulateUntilPrecise(inputOf({ until: { precision: 1e-6, within: HOUR } }), (one) => {
      const few = simulateTrial(one);
      tried.push(few.outcomes.sent * 1000);
      return { ...few, outcomes: { ...few.outcomes, sent: few.outcomes.sent * 1000 } };
    });
    expect(tried[0]).toBeLessThan(600_000);
    expect(tried.at(-1)).toBeGreaterThan(900_000);
    expect(Math.max(...tried)).toBeLessThan(1 << 20);
    expect(trial.validity.notes).toEqual([expect.stringContaining('it would take more than a million requests.')]);
  });

  it('does not go on where its series was too long from the first', () => {
    const { trial, tried } = watched(inputOf());
    const long = { ...trial, samples: { start: '', time: '', outcome: '' } };
    expect(simulateUntilPrecise(inputOf(), () => long)).toBe(long);
    expect(tried.length).toBeGreaterThan(1);
  });

  it('knows at once what never varies', () => {
    const steady = subject([service('pay', 100)], [step('pay')]);
    const { trial, tried } = watched(inputOf({ subject: steady, duration: 30_000 }));
    expect(tried).toEqual([30]);
    expect(trial.p95Interval).toEqual({ low: trial.responseTime.p95, high: trial.responseTime.p95 });
  });
});
