import * as fc from 'fast-check';
import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import { samplesNeeded } from '../../../src/measurement/times.js';
import { percentileInterval, percentileLower, percentileUpper } from '../../../src/verdict/statistics/percentile-intervals.js';
import { shareDifference, shareLower, shareUpper, wilson } from '../../../src/verdict/statistics/share-intervals.js';
import { binomialCdf } from '../../../src/verdict/statistics/beta.js';

const { jStat } = jstat;

const ranks = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('percentileInterval', () => {
  it('uses the ranks of the published tables', () => {
    // Conover, Practical Nonparametric Statistics, table A3: median of n samples, 95 %.
    expect(percentileInterval(ranks(10), 0.5, 0.95)).toEqual({ low: 2, high: 9 });
    expect(percentileInterval(ranks(20), 0.5, 0.95)).toEqual({ low: 6, high: 15 });
    expect(percentileInterval(ranks(100), 0.5, 0.95)).toEqual({ low: 40, high: 61 });
  });

  it('has no bound where the samples are too few for one', () => {
    expect(percentileInterval([], 0.5, 0.95)).toEqual({ low: null, high: null });
    expect(percentileInterval([1], 0.5, 0.95)).toEqual({ low: null, high: null });
    for (const share of [0.95, 0.99, 0.999]) {
      const n = samplesNeeded(share);
      expect(percentileUpper(ranks(n), share, 0.95)).toBe(n);
      expect(percentileUpper(ranks(n - 1), share, 0.95)).toBeNull();
      // The other way round, for a percentile near 0.
      expect(percentileLower(ranks(n), 1 - share, 0.95)).toBe(1);
      expect(percentileLower(ranks(n - 1), 1 - share, 0.95)).toBeNull();
    }
  });

  it('is as tight as ranks allow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.02, max: 0.98, noNaN: true }), (n, share) => {
        // No bound stands for a rank beyond the samples.
        const high = percentileUpper(ranks(n), share, 0.95) ?? n + 1;
        expect(binomialCdf(high - 1, n, share)).toBeGreaterThanOrEqual(0.95);
        expect(binomialCdf(high - 2, n, share)).toBeLessThan(0.95);
        const low = percentileLower(ranks(n), share, 0.95) ?? 0;
        expect(1 - binomialCdf(low - 1, n, share)).toBeGreaterThan(0.95 - 1e-9);
        expect(1 - binomialCdf(low, n, share)).toBeLessThanOrEqual(0.95 + 1e-9);
      }),
    );
  });
});

describe('wilson', () => {
  it('gives the published intervals', () => {
    // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    for (const [hits, n, low, high] of [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]] as const) {
      const interval = wilson(hits, n);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it('ends at 0 and 1, and is everything when nothing was counted', () => {
    expect(wilson(0, 7).low).toBe(0);
    expect(wilson(7, 7).high).toBe(1);
    expect(wilson(7, 7).low).toBeCloseTo(1 - wilson(0, 7).high, 14);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilson(1, 1).low).toBeCloseTo(0.2065, 4);
    expect(wilson(3, 10, 0.99).high).toBeGreaterThan(wilson(3, 10, 0.95).high);
  });
});

describe('one-sided bounds of a share', () => {
  it('are exact for nothing and for everything', () => {
    expect(shareUpper(0, 3000)).toBeCloseTo(1 - 0.05 ** (1 / 3000), 12);
    expect(shareUpper(0, 299)).toBeLessThan(0.01);
    expect(shareUpper(0, 298)).toBeGreaterThan(0.01);
    expect(shareUpper(1, 473)).toBeLessThan(0.01);
    expect(shareUpper(1, 472)).toBeGreaterThan(0.01);
    expect(shareUpper(5, 5)).toBe(1);
    expect(shareLower(0, 5)).toBe(0);
    expect(shareLower(5, 5)).toBeCloseTo(0.05 ** (1 / 5), 12);
    expect(shareUpper(0, 0)).toBe(1);
    expect(shareLower(0, 0)).toBe(0);
  });

  it('agree with jstat', () => {
    for (const [hits, n] of [[1, 10], [3, 60], [59, 60], [7, 1000]] as const) {
      // jstat's quantile is good to 1e-6 or so.
      expect(shareUpper(hits, n, 0.99)).toBeCloseTo(jStat.beta.inv(0.99, hits + 1, n - hits), 5);
      expect(shareLower(hits, n, 0.99)).toBeCloseTo(jStat.beta.inv(0.01, hits, n - hits + 1), 5);
    }
  });

  it('leave exactly the error that was allowed', () => {
    for (const [hits, n] of [[1, 10], [3, 60], [59, 60], [7, 1000]] as const) {
      expect(binomialCdf(hits, n, shareUpper(hits, n, 0.99))).toBeCloseTo(0.01, 9);
      expect(1 - binomialCdf(hits - 1, n, shareLower(hits, n, 0.99))).toBeCloseTo(0.01, 9);
    }
  });
});

describe('shareDifference', () => {
  it('gives the published intervals', () => {
    // Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
    for (const [a, m, b, n, low, high] of [
      [56, 70, 48, 80, 0.0524, 0.3339],
      [9, 10, 3, 10, 0.1705, 0.809],
      [5, 56, 0, 29, -0.0381, 0.1926],
      [10, 10, 0, 10, 0.6075, 1],
    ] as const) {
      const interval = shareDifference({ hits: b, n }, { hits: a, n: m }, 0.95);
      expect(interval.estimate).toBeCloseTo(a / m - b / n, 12);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it('knows nothing when nothing was counted', () => {
    const { estimate, low, high } = shareDifference({ hits: 0, n: 0 }, { hits: 0, n: 1000 }, 0.95);
    expect(estimate).toBe(-0.5);
    expect(low).toBeLessThan(-0.95);
    expect(high).toBeGreaterThan(-0.05);
  });
});
