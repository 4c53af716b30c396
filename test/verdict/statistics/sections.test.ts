import { describe, expect, it } from 'vitest';
import { percentileInterval } from '../../../src/verdict/statistics/intervals.js';
import { sectionedInterval } from '../../../src/verdict/statistics/sections.js';
import { coverage, normals } from '../chance.js';

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
    expect(held).toBeGreaterThan(0.91);
    expect(held).toBeLessThan(0.99);
  });

  it('contains the true median in 95 +- 1 % of 20,000 simulated trials', { timeout: 60_000 }, () => {
    const normal = normals(8);
    const held = coverage(() => {
      const { low, high } = sectionedInterval(series(300, 0.3, normal), 0.5) ?? { low: NaN, high: NaN };
      return low <= 10 && 10 <= high;
    });
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01);
  });

  it('is that of the definition, to the digit', () => {
    const values = series(105, 0, normals(9));
    const percentile = (of: Float32Array): number => of.toSorted()[Math.ceil(of.length * 0.52) - 1] ?? NaN;
    const whole = percentile(values);
    const apart = Array.from({ length: 10 }, (_, i) => percentile(values.slice(10 * i, 10 * i + 10)) - whole);
    // t of 0.975 with 9 degrees of freedom is 2.262157.
    const half = 2.262157 * Math.sqrt(apart.reduce((sum, one) => sum + one ** 2, 0) / 9 / 10);
    const { low, high } = sectionedInterval(values, 0.52) ?? { low: NaN, high: NaN };
    expect(low).toBeCloseTo(whole - half, 5);
    expect(high).toBeCloseTo(whole + half, 5);
  });

  it('does what an interval of independent values does not', () => {
    const normal = normals(7);
    const held = coverage(() => {
      const { low, high } = percentileInterval(series(2000, 0.9, normal).toSorted(), 0.95, 0.95);
      return (low ?? 0) <= 10 + TRUE && 10 + TRUE <= (high ?? 0);
    }, 200);
    expect(held).toBeLessThan(0.8);
  });

  it('is none when a section is too short', () => {
    expect(sectionedInterval(new Float32Array(589), 0.95)).toBeNull();
    expect(sectionedInterval(new Float32Array(590), 0.95)).toEqual({ low: 0, high: 0 });
  });

  it('is narrow where all are alike, and wide where the sections are not', () => {
    expect(sectionedInterval(new Float32Array(1000).fill(5), 0.95)).toEqual({ low: 5, high: 5 });
    const drifting = Float32Array.from({ length: 1000 }, (_, i) => i);
    const { low, high } = sectionedInterval(drifting, 0.95) ?? { low: 0, high: 0 };
    expect(high - low).toBeGreaterThan(300);
  });
});
