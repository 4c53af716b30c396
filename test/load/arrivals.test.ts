import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../src/load/arrival-times.js';
import { cases } from '../support/properties.js';

/** The arrivals before a moment. */
function until(end: number, kind: 'even' | 'poisson', rate: number, seed = 1, warmup = 0): number[] {
  const next = arrivalsOf({ model: 'open', rate, arrivals: kind }, seed, warmup);
  const all: number[] = [];
  for (let at = next(); at < end; at = next()) all.push(at);
  return all;
}

describe('even arrivals', () => {
  it('start with the window and keep their distance', () => {
    expect(until(25, 'even', 200)).toEqual([0, 5, 10, 15, 20]);
  });

  it('fill the warm-up evenly up to the window', () => {
    expect(until(400, 'even', 5, 1, 500)).toEqual([-400, -200, 0, 200]);
  });

  it('are as many as rate times time, whatever the rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (rate) => {
        expect(until(2000, 'even', rate)).toHaveLength(2 * rate);
      }),
      { numRuns: cases(30) },
    );
  });
});

describe('arrivals of a ramp', () => {
  const ramp = { from: 4, stages: [{ duration: 1000, target: 4 }, { duration: 1000, target: 12 }] };
  const arrivals = (kind: 'even' | 'poisson', end: number, seed = 1): number[] => {
    const next = arrivalsOf({ model: 'open', rate: 12, arrivals: kind, ramp }, seed, 500);
    const all: number[] = [];
    for (let at = next(); at < end; at = next()) all.push(at);
    return all;
  };

  it('come when the requests due have grown by one, before the window at the rate it begins with', () => {
    const all = arrivals('even', 2000);
    expect(all.slice(0, 6)).toEqual([-500, -250, 0, 250, 500, 750]);
    // Then 4 t + 4 t^2 = n: the root of each n.
    const expected = Array.from({ length: 8 }, (_, n) => 1000 + ((Math.sqrt(16 + 16 * n) - 4) / 8) * 1000);
    all.slice(6).forEach((at, n) => expect(at).toBeCloseTo(expected[n] ?? NaN, 6));
    expect(all).toHaveLength(2 + 4 + 8);
  });

  it('are as many on average when drawn', () => {
    const counts = Array.from({ length: 400 }, (_, seed) => arrivals('poisson', 2000, seed).filter((at) => at >= 1000).length);
    // 8 in the second stage; standard error sqrt(8 / 400) = 0.14.
    expect(Math.abs(counts.reduce((sum, count) => sum + count, 0) / counts.length - 8)).toBeLessThan(0.6);
  });
});

describe('poisson arrivals', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(until(1000, 'poisson', 50, 7)).toEqual(until(1000, 'poisson', 50, 7));
    expect(until(1000, 'poisson', 50, 7)).not.toEqual(until(1000, 'poisson', 50, 8));
  });

  it('are the same within the window, whatever the warm-up', () => {
    const warmed = until(1000, 'poisson', 50, 7, 3000);
    expect(warmed.filter((at) => at >= 0)).toEqual(until(1000, 'poisson', 50, 7));
    expect(warmed.filter((at) => at < 0).length).toBeGreaterThan(100);
  });

  it('have exponential gaps: mean and deviation are both 1000 / rate', () => {
    const times = until(400_000, 'poisson', 50);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    // 20,000 gaps: standard error of the mean 0.14 ms, of the deviation 0.2 ms.
    expect(Math.abs(mean - 20)).toBeLessThan(0.6);
    expect(Math.abs(deviation - 20)).toBeLessThan(0.8);
  });

  it('rise', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 500 }), (seed, rate) => {
        const times = until(500, 'poisson', rate, seed, 200);
        times.slice(1).forEach((at, i) => expect(at).toBeGreaterThan(times[i] ?? 0));
      }),
      { numRuns: cases(50) },
    );
  });
});
