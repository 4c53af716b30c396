import { describe, expect, it } from 'vitest';
import { sectionedInterval } from '../../../src/verdict/statistics/percentile-intervals.js';
import { normals } from '../chance.js';

describe('the interval by sections', () => {
  it('is that of the definition, to the digit', () => {
    const values = Float32Array.from({ length: 105 }, normals(9));
    const percentile = (of: Float32Array): number => of.toSorted()[Math.ceil(of.length * 0.52) - 1] ?? NaN;
    const whole = percentile(values);
    const apart = Array.from({ length: 10 }, (_, i) => percentile(values.slice(10 * i, 10 * i + 10)) - whole);
    // t of 0.975 with 9 degrees of freedom is 2.262157.
    const half = 2.262157 * Math.sqrt(apart.reduce((sum, one) => sum + one ** 2, 0) / 9 / 10);
    const { low, high } = sectionedInterval(values, 0.52) ?? { low: NaN, high: NaN };
    expect(low).toBeCloseTo(whole - half, 5);
    expect(high).toBeCloseTo(whole + half, 5);
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
