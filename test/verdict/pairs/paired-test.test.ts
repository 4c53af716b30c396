import * as fc from 'fast-check';
import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import {
  costs,
  failureError,
  holm,
  PAIRED_METRICS,
  pairedInterval,
  pairedTest,
  smallestVisible,
} from '../../../src/verdict/pairs/paired-test.js';
import { coverage, LEEWAY, normals } from '../chance.js';
import { block, pairsOf } from './blocks.js';

const { jStat } = jstat;
const pair = (base: Parameters<typeof block>[0], head: Parameters<typeof block>[0]) => [
  { order: 'base first' as const, base: block(base), head: block(head) },
];

describe('costs', () => {
  it('are log ratios that grow as the head gets worse', () => {
    expect(costs(pair({ p50: 100 }, { p50: 105 }), 'p50')).toEqual([Math.log(1.05)]);
    expect(costs(pair({ p95: 200 }, { p95: 100 }), 'p95')).toEqual([Math.log(0.5)]);
    expect(costs(pair({ throughput: 100 }, { throughput: 50 }), 'throughput')?.[0]).toBeCloseTo(Math.log(2), 12);
    expect(costs(pair({ failed: 0 }, { failed: 3 }), 'failure_rate')?.[0]).toBeCloseTo(Math.log(300.5 / 297.5), 12);
  });

  it('compare failures as shares, whatever the size of the blocks', () => {
    const more = costs(pair({ sent: 300, failed: 30 }, { sent: 900, failed: 90 }), 'failure_rate')?.[0] ?? 1;
    expect(Math.abs(more)).toBeLessThan(0.002);
    expect(costs(pair({ failed: 0 }, { failed: 300 }), 'failure_rate')?.[0]).toBeCloseTo(Math.log(601), 12);
  });

  it('are unknown when any block has no value', () => {
    expect(costs([...pairsOf([0]), ...pair({ p50: null }, {})], 'p50')).toBeNull();
    expect(costs(pair({}, { p95: null }), 'p95')).toBeNull();
    expect(costs(pair({}, { throughput: 0 }), 'throughput')).toBeNull();
    expect(costs(pair({ p50: 0 }, {}), 'p50')).toBeNull();
  });

  it('change sign when base and head change places', () => {
    const size = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 300 }), (was, is, failed) => {
        const [a, b] = [block({ p50: was, p95: is, throughput: was }), block({ p50: is, p95: was, throughput: is, failed })];
        for (const metric of PAIRED_METRICS) {
          const there = costs([{ order: 'base first', base: a, head: b }], metric)?.[0] ?? Number.NaN;
          const back = costs([{ order: 'base first', base: b, head: a }], metric)?.[0] ?? Number.NaN;
          expect(there + back).toBeCloseTo(0, 12);
        }
      }),
    );
  });
});

describe('pairedTest', () => {
  it('is the t test of the textbook', () => {
    // Student (1908), the sleep of ten patients: differences, mean 1.58, t = 4.0621, p = 0.002833.
    const test = pairedTest([1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]);
    expect(test.mean).toBeCloseTo(1.58, 12);
    expect(test.sd).toBeCloseTo(1.229995, 6);
    expect(test.mean / test.error).toBeCloseTo(4.0621, 4);
    expect(test.df).toBe(9);
    expect(test.p).toBeCloseTo(0.002833, 6);
    const { low, high } = pairedInterval(test, 0.05);
    expect(low).toBeCloseTo(0.7001142, 6);
    expect(high).toBeCloseTo(2.4598858, 6);
  });

  it('agrees with jstat', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 48 }), (values) => {
        const { mean, error, df, p } = pairedTest(values);
        fc.pre(error > 1e-9);
        expect(p).toBeCloseTo(2 * jStat.studentt.cdf(-Math.abs(mean / error), df), 5);
      }),
    );
  });

  it('is certain of what never varies', () => {
    expect(pairedTest([0, 0, 0]).p).toBe(1);
    expect(pairedTest([0.1, 0.1]).p).toBe(0);
    expect(pairedInterval(pairedTest([0.5, 0.5]), 0.01)).toEqual({ estimate: 0.5, low: 0.5, high: 0.5 });
  });

  it('has at least the standard error it is told', () => {
    expect(pairedTest([0, 0, 0], 0.01).error).toBe(0.01);
    expect(pairedTest([0.1, 0.1, 0.1], 0.01).p).toBeGreaterThan(0);
    expect(pairedTest([1, -1, 1, -1], 0.01).error).toBeCloseTo(Math.sqrt(4 / 3) / 2, 12);
  });
});

describe('failureError', () => {
  it('is that of independent failures, with one more on each side', () => {
    const pairs = Array.from({ length: 10 }, () => pair({ failed: 3 }, { failed: 30 })).flat();
    const variance = (failed: number) => (failed + 1) / 3002 / ((1 - (failed + 1) / 3002) * 3002);
    expect(failureError(pairs)).toBeCloseTo(Math.sqrt(variance(30) + variance(300)), 12);
  });

  it('is not 0 when nothing failed', () => {
    expect(failureError(pairsOf([0, 0, 0]))).toBeCloseTo(Math.SQRT2 / 901.5, 6);
  });
});

describe('smallestVisible', () => {
  it('is found 19 times in 20 by a single one-sided test at 1 %', () => {
    expect(smallestVisible(0.04 / Math.sqrt(20))).toBeCloseTo(0.0355, 4);
    const normal = normals(4);
    const found = coverage(() => 3.97 + normal() > 2.326);
    expect(Math.abs(found - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });
});

describe('holm', () => {
  it('corrects the smallest p the most, and stops at the first that is noise', () => {
    // Holm (1979): p-values 0.01, 0.02, 0.03 at alpha 0.05 are compared with 0.05/3, 0.05/2 and 0.05.
    expect(holm([0.01, 0.02, 0.03], 0.05)).toEqual([true, true, true]);
    expect(holm([0.03, 0.01, 0.026], 0.05)).toEqual([false, true, false]);
    expect(holm([0.02, 0.02, 0.02], 0.05)).toEqual([false, false, false]);
    expect(holm([0.04], 0.05)).toEqual([true]);
    expect(holm([0.05], 0.05)).toEqual([true]);
    expect(holm([], 0.05)).toEqual([]);
  });
});
