import { describe, expect, it } from 'vitest';
import { rangesOf } from '../../src/simulation/ranges.js';
import type { SimulationInput } from '../../src/simulation/simulate.js';
import { figuresOf } from '../../src/simulation/tolerance.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { service, step, subject, trialOf } from './worlds.js';

/** The ranges of a trial, and what was simulated for them. */
async function rangesAndAsked(input: SimulationInput) {
  const asked: SimulationInput[] = [];
  const simulate = async (another: SimulationInput) => {
    asked.push(another);
    return simulateTrial(another);
  };
  return { ranges: await rangesOf(input, figuresOf(simulateTrial(input)), simulate), asked };
}

describe('the ranges of a prediction', () => {
  it('hold the prediction itself, and services 2 % slower', async () => {
    const calm = trialOf(subject([service('pay', 100)], [step('pay')]), { load: { model: 'open', rate: 50 }, duration: 10_000 });
    const { ranges, asked } = await rangesAndAsked(calm);
    expect(ranges.p50).toEqual({ low: 100, high: 102 });
    expect(ranges.failureRate).toEqual({ low: 0, high: 0 });
    // Where all is near the prediction, a few tell.
    expect(asked.map(({ seed }) => seed)).toEqual([2, 3, 4, 5]);
    expect(asked.every(({ subject: { services } }) => services[0]!.latency.kind === 'constant')).toBe(true);
  });

  it('are those of many more draws where a few part: with probability 0.9 another one lies within', async () => {
    const breaker = { trip: 0.3, minimum: 5, window: 500, reset: 2000 };
    const world = subject([service('pay', 20, { errors: 0.25 })], [step('pay', { breaker })]);
    const { ranges, asked } = await rangesAndAsked(trialOf(world, { load: { model: 'open', rate: 40 }, duration: 4000 }));
    expect(asked).toHaveLength(20);
    const { low, high } = ranges.failureRate!;
    expect(high - low).toBeGreaterThan(0.2);
    const rates = Array.from({ length: 200 }, (_, i) => simulateTrial(trialOf(world, { load: { model: 'open', rate: 40 }, duration: 4000, seed: 100 + i })).failureRate);
    expect(rates.filter((rate) => rate >= low && rate <= high).length).toBeGreaterThan(160);
  });

  it('are null for what no trial has', async () => {
    // Its one request is under way all the while.
    const nobody = trialOf(subject([service('pay', 1e6)], [step('pay')]), { load: { model: 'closed', users: 1 }, duration: 50, entry: 1000, warmup: 200 });
    expect((await rangesAndAsked(nobody)).ranges.p95).toBeNull();
  });
});
