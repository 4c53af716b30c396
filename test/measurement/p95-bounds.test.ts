import { describe, expect, it } from 'vitest';
import { p95Bounds } from '../../src/measurement/p95-bounds.js';
import { encodeSamples } from '../../src/measurement/samples.js';
import { drawsOf } from '../../src/scenarios/draw.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { service, step, subject, trialOf } from '../simulation/worlds.js';

const simulated = simulateTrial(trialOf(subject([service('a', 10)], [step('a')])));

/** A trial of these response times, the first of them of the warm-up. */
function trialWith(times: number[], count = times.length - 1): Parameters<typeof p95Bounds>[0] {
  const columns = { start: Float32Array.from(times, (_, i) => i - 1), time: Float32Array.from(times), outcome: new Uint8Array(times.length) };
  return { ...simulated, samples: encodeSamples(columns), responseTime: { ...simulated.responseTime, count } };
}

describe('p95Bounds', () => {
  it('are order statistics on both sides of the percentile', () => {
    const times = Array.from({ length: 400 }, (_, i) => i + 1);
    // 380 less and more 1.96 sqrt(400 * 0.95 * 0.05) = 8.54, and outwards to whole ranks.
    expect(p95Bounds(trialWith([5000, ...times]))).toEqual({ low: 371, high: 390, count: 400 });
  });

  it('hold the true percentile nineteen times in twenty', () => {
    const draws = drawsOf(7, 'bounds');
    const timesOf = (trial: number): number[] => Array.from({ length: 201 }, (_, i) => draws(201 * trial + i, 0, 'latency'));
    const all = Array.from({ length: 2000 }, (_, trial) => p95Bounds(trialWith(timesOf(trial)))!);
    const covered = all.filter(({ low, high }) => low <= 0.95 && 0.95 <= high).length;
    expect(covered / 2000).toBeGreaterThan(0.94);
    expect(covered / 2000).toBeLessThan(0.99);
  });

  it('are not told of too few requests, or where some ended without a time', () => {
    expect(p95Bounds(trialWith(Array.from({ length: 60 }, () => 1)))).toBeNull();
    expect(p95Bounds(trialWith(Array.from({ length: 401 }, () => 1), 390))).toBeNull();
  });
});
