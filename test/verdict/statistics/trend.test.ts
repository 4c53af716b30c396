import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import { trendOf } from '../../../src/verdict/statistics/trend.js';
import { normals } from '../chance.js';

const { jStat } = jstat;

describe('trendOf', () => {
  it('is the least-squares line of the textbook', () => {
    // 2, 4, 5, 4, 5 at 1 to 5: slope 0.6, standard error sqrt(0.8 / 10), t of 0.975 with 3 degrees of freedom 3.182446.
    const { estimate, low, high } = trendOf([2, 4, 5, 4, 5], 0.95) ?? { estimate: NaN, low: NaN, high: NaN };
    expect(estimate).toBeCloseTo(4 * 0.6, 12);
    expect(high - estimate).toBeCloseTo(4 * 3.182446 * Math.sqrt(0.08), 5);
    expect(estimate - low).toBeCloseTo(high - estimate, 12);
  });

  it('agrees with jstat, through every value of a short series and through the sections of a long one', () => {
    const normal = normals(1);
    for (const length of [3, 8, 19, 20, 47]) {
      const values = Array.from({ length }, (_, i) => (2 * i) / (length - 1) + normal());
      const count = length < 20 ? length : 10;
      const edges = Array.from({ length: count + 1 }, (_, i) => Math.floor((i * length) / count));
      const points = edges.slice(1).map((to, i) => [((edges[i] ?? 0) + to - 1) / 2, jStat.mean(values.slice(edges[i], to))] as const);
      const { coef, t } = jStat.models.ols(points.map(([, y]) => y), points.map(([x]) => [1, x]));
      const slope = coef[1] ?? NaN;
      const half = (jStat.studentt.inv(0.995, count - 2) * (t.se[1] ?? NaN)) * (length - 1);
      const trend = trendOf(values, 0.99);
      expect(trend?.estimate).toBeCloseTo(slope * (length - 1), 8);
      expect(trend?.low).toBeCloseTo(slope * (length - 1) - half, 4);
      expect(trend?.high).toBeCloseTo(slope * (length - 1) + half, 4);
    }
  });

  it('is certain of a straight line, and knows nothing of two values', () => {
    expect(trendOf([1, 2, 3, 4], 0.95)).toEqual({ estimate: 3, low: 3, high: 3 });
    expect(trendOf([5, 5, 5], 0.95)).toEqual({ estimate: 0, low: 0, high: 0 });
    expect(trendOf([1, 2], 0.95)).toBeNull();
    expect(trendOf([], 0.95)).toBeNull();
  });
});
