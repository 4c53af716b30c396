import { describe, expect, it } from 'vitest';
import { percentileInterval, sectionedInterval } from '../../../src/verdict/statistics/percentile-intervals.js';
import { coverage, LEEWAY, normals } from '../chance.js';

/** p95 of the standard normal distribution. */
const TRUE = 1.6448536269514722;

/** A series of standard normal values, each correlated with the one before it; moved up, so that none is below 0. */
function series(length: number, rho: number, normal: () => number): Float32Array {
  let last = normal();
  return Float32Array.from({ length }, () => 10 + (last = rho * last + Math.sqrt(1 - rho * rho) * normal()));
}

describe('the interval by sections', () => {
  it.each([
    // correlation, length: the more they resemble each other, the longer the sections must be
    [0, 1000],
    [0.5, 2000],
    [0.9, 6000],
  ])('contains the true percentile 19 times in 20, at a correlation of %d', (rho, length) => {
    const normal = normals(7);
    const held = coverage(() => {
      const { low, high } = sectionedInterval(series(length, rho, normal), 0.95) ?? { low: NaN, high: NaN };
      return low <= 10 + TRUE && 10 + TRUE <= high;
    }, 400);
    // Standard error of a coverage of 0.95 in 400 trials: 0.011.
    expect(Math.abs(held - 0.95)).toBeLessThan(0.04 * LEEWAY);
  });

  it('contains the true median in 95 +- 1 % of 20,000 simulated trials', () => {
    const normal = normals(8);
    const held = coverage(() => {
      const { low, high } = sectionedInterval(series(300, 0.3, normal), 0.5) ?? { low: NaN, high: NaN };
      return low <= 10 && 10 <= high;
    });
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });

  it('does what an interval of independent values does not', () => {
    const normal = normals(7);
    const held = coverage(() => {
      const { low, high } = percentileInterval(series(2000, 0.9, normal).toSorted(), 0.95, 0.95);
      return (low ?? 0) <= 10 + TRUE && 10 + TRUE <= (high ?? 0);
    }, 200);
    expect(held).toBeLessThan(0.8);
  });
});
