import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLeast, isKnown, neighboursOf, PERCENTILES, quantilesOf, samplesNeeded, summarise, summariseSigned, type Percentile } from '../../src/measurement/times.js';

describe('summarise', () => {
  it('gives null statistics for no values', () => {
    expect(summarise([], 3)).toEqual({
      count: 0, mean: null, min: null, p50: null, p75: null, p90: null, p95: null, p99: null, p999: null, max: null,
      censored: 3,
    });
  });

  it('takes the nearest rank, not an interpolation', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarise(hundred)).toEqual({
      count: 100, mean: 50.5, min: 1, p50: 50, p75: 75, p90: 90, p95: 95, p99: 99, p999: 100, max: 100, censored: 0,
    });
    expect(summarise(Array.from({ length: 2000 }, (_, i) => i)).min).toBe(0);
    expect(summarise([1, 2]).p50).toBe(1);
    expect(summarise([1, 2, 3]).p50).toBe(2);
  });

  it('does not modify its input and sorts numbers as numbers', () => {
    const values = Float64Array.of(10, 9, 100);
    expect(summarise(values).max).toBe(100);
    expect([...values]).toEqual([10, 9, 100]);
    expect(summarise([10, 9, 100]).min).toBe(9);
  });

  it('agrees with the definition for any values', () => {
    const value = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 400 }), (values) => {
        const times = summarise(values);
        for (const name of Object.keys(PERCENTILES) as Percentile[]) {
          expect(times[name]).toBe(naive(values, BigInt(PERCENTILES[name])));
        }
        expect(times.min).toBe(Math.min(...values));
        expect(times.max).toBe(Math.max(...values));
      }),
    );
  });

  /** The least of the values that so many thousandths of all values do not exceed. */
  function naive(values: number[], thousandths: bigint): number {
    const enough = (x: number): boolean =>
      BigInt(values.filter((value) => value <= x).length) * 1000n >= thousandths * BigInt(values.length);
    return Math.min(...values.filter(enough));
  }
});

describe('summariseSigned', () => {
  it('counts what is below 0 as at least that long', () => {
    expect(summariseSigned([-30, 10, 0.5, 0])).toMatchObject({ count: 4, min: 0, p50: 0.5, max: 30, censored: 1 });
    expect(summariseSigned(Float32Array.of(1, 2))).toEqual(summarise([1, 2]));
  });

  it('knows again what is at least so long, even when that is nothing', () => {
    expect(atLeast(30)).toBe(-30);
    expect(summariseSigned([atLeast(30), atLeast(0)])).toMatchObject({ max: 30, censored: 2 });
  });
});

describe('samplesNeeded', () => {
  it.each([
    [0.5, 5],
    [0.95, 59],
    [0.99, 299],
    [0.999, 2995],
  ])('share %d needs %d', (share, needed) => {
    expect(samplesNeeded(share)).toBe(needed);
    expect(1 - share ** needed).toBeGreaterThanOrEqual(0.95);
    expect(1 - share ** (needed - 1)).toBeLessThan(0.95);
  });

  it('decides whether a percentile is known', () => {
    expect(isKnown({ count: 59 }, 'p95')).toBe(true);
    expect(isKnown({ count: 58 }, 'p95')).toBe(false);
    expect(isKnown({ count: 59 }, 'p99')).toBe(false);
  });
});

describe('quantilesOf', () => {
  it('draws straight lines between percentiles', () => {
    const quantiles = quantilesOf(summarise(Array.from({ length: 1000 }, (_, i) => i)));
    expect(quantiles).toHaveLength(50);
    expect(quantiles[25]).toBeCloseTo(510, -1);
    expect(quantiles.every((ms, i) => i === 0 || ms >= quantiles[i - 1]!)).toBe(true);
    expect(quantilesOf(summarise([]))).toEqual([]);
  });
});

describe('neighboursOf', () => {
  it('are the values beside the one of nearest rank', () => {
    const values = Float32Array.from({ length: 200 }, (_, i) => 200 - i);
    expect(neighboursOf(values)('p95')).toEqual({ low: 189, high: 191 });
    expect(neighboursOf(values)('p50')).toEqual({ low: 99, high: 101 });
  });

  it('end where the values do', () => {
    expect(neighboursOf(Float32Array.of(7))('p95')).toEqual({ low: 7, high: 7 });
    expect(neighboursOf(Float32Array.of(7, 9))('p95')).toEqual({ low: 7, high: 9 });
  });
});
