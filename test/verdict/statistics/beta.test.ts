import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import { betaQuantile, binomialCdf, incompleteBeta, logGamma } from '../../../src/verdict/statistics/beta.js';

const { jStat } = jstat;
const PARAMETERS = [0.5, 1, 2.5, 10, 60, 400];

describe('logGamma', () => {
  it('is the factorial, and sqrt(pi) at a half', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 14);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    expect(logGamma(171)).toBeCloseTo(706.5730622457874, 11);
  });

  it('agrees with jstat', () => {
    for (const x of [0.1, 0.7, 3.3, 11.9, 12, 12.1, 100, 4321.5]) {
      expect(Math.abs(logGamma(x) - jStat.gammaln(x)) / Math.max(1, Math.abs(logGamma(x)))).toBeLessThan(1e-12);
    }
  });
});

describe('incompleteBeta', () => {
  it('agrees with jstat', () => {
    for (const a of PARAMETERS) {
      for (const b of PARAMETERS) {
        for (const x of [0.001, 0.1, 0.5, 0.9, 0.999]) {
          // jstat stops its fraction at 3e-7 and gives up after 100 terms, which is its own error, not ours.
          expect(Math.abs(incompleteBeta(x, a, b) - jStat.beta.cdf(x, a, b))).toBeLessThan(1e-6);
        }
      }
    }
  });

  it('is exact where it has a closed form', () => {
    for (const x of [1e-6, 0.2, 0.5, 0.77, 1 - 1e-6]) {
      expect(incompleteBeta(x, 1, 7)).toBeCloseTo(1 - (1 - x) ** 7, 14);
      expect(incompleteBeta(x, 7, 1)).toBeCloseTo(x ** 7, 14);
      expect(incompleteBeta(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 13);
    }
  });

  it('is symmetric and reaches 0 and 1', () => {
    expect(incompleteBeta(0.3, 4, 9) + incompleteBeta(0.7, 9, 4)).toBeCloseTo(1, 14);
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
  });
});

describe('betaQuantile', () => {
  it('undoes the incomplete beta function', () => {
    for (const a of PARAMETERS) {
      for (const b of PARAMETERS) {
        for (const p of [0.001, 0.05, 0.5, 0.95, 0.999]) {
          expect(Math.abs(incompleteBeta(betaQuantile(p, a, b), a, b) - p)).toBeLessThan(1e-10);
        }
      }
    }
  });

  it('knows very small quantiles', () => {
    expect(betaQuantile(0.05, 1, 1e6)).toBeCloseTo(5.129328e-8, 13);
    expect(betaQuantile(1e-12, 1, 1)).toBeCloseTo(1e-12, 25);
  });
});

describe('binomialCdf', () => {
  it('agrees with jstat and ends at 0 and 1', () => {
    for (const n of [1, 5, 59, 300]) {
      for (const p of [0.05, 0.5, 0.95]) {
        for (let k = 0; k < n; k += 7) {
          expect(Math.abs(binomialCdf(k, n, p) - jStat.binomial.cdf(k, n, p))).toBeLessThan(1e-7);
        }
      }
    }
    expect(binomialCdf(-1, 5, 0.5)).toBe(0);
    expect(binomialCdf(5, 5, 0.5)).toBe(1);
    expect(binomialCdf(0, 3, 0.5)).toBeCloseTo(0.125, 14);
    expect(binomialCdf(2, 3, 0.5)).toBeCloseTo(0.875, 14);
  });
});
