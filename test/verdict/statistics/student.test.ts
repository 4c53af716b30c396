import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import { studentQuantile, twoSidedP } from '../../../src/verdict/statistics/student.js';

const { jStat } = jstat;

describe('studentQuantile', () => {
  // Published: NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2.
  it.each([
    [0.975, 1, 12.706],
    [0.975, 7, 2.365],
    [0.975, 30, 2.042],
    [0.995, 19, 2.861],
    [0.999, 7, 4.782],
    [0.999, 11, 4.024],
    [0.999, 47, 3.273],
    [0.95, 100, 1.66],
  ])('of %f with %i degrees of freedom is %f, as in the tables', (p, df, value) => {
    expect(studentQuantile(p, df)).toBeCloseTo(value, 3 - 1);
    expect(Math.abs(studentQuantile(p, df) - value)).toBeLessThan(0.0051);
  });

  it('agrees with jstat and is 0 in the middle', () => {
    for (const df of [1, 2, 7, 31, 47, 500]) {
      expect(studentQuantile(0.5, df)).toBe(0);
      for (const p of [0.6, 0.9, 0.975, 0.999]) {
        expect(Math.abs(studentQuantile(p, df) / jStat.studentt.inv(p, df) - 1)).toBeLessThan(1e-6);
      }
    }
  });
});

describe('twoSidedP', () => {
  it('is the chance beyond a quantile, on both sides', () => {
    for (const df of [3, 7, 47]) {
      for (const p of [0.7, 0.95, 0.999]) {
        expect(twoSidedP(studentQuantile(p, df), df)).toBeCloseTo(2 * (1 - p), 12);
        expect(twoSidedP(-studentQuantile(p, df), df)).toBeCloseTo(2 * (1 - p), 12);
      }
    }
    expect(twoSidedP(0, 5)).toBe(1);
    expect(twoSidedP(Infinity, 5)).toBe(0);
  });
});
