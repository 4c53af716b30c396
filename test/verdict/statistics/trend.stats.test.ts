import { describe, expect, it } from 'vitest';
import { trendOf } from '../../../src/verdict/statistics/trend.js';
import { coverage, LEEWAY, normals } from '../chance.js';

/** Standard normal values around a line that rises by `rise`, each correlated with the one before it. */
function series(length: number, rise: number, rho: number, normal: () => number): number[] {
  let last = normal();
  return Array.from({ length }, (_, i) => (rise * i) / (length - 1) + (last = rho * last + Math.sqrt(1 - rho * rho) * normal()));
}

describe('trendOf', () => {
  it.each([
    [8, 0],
    [19, 0],
    [25, 0],
    [200, 0.5],
  ])('contains the true rise of %i values, with a correlation of %d, in 19 of 20 simulated trials', (length, rho) => {
    const normal = normals(6);
    const held = coverage(() => {
      const { low, high } = trendOf(series(length, 0.7, rho, normal), 0.95) ?? { low: NaN, high: NaN };
      return low <= 0.7 && 0.7 <= high;
    });
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });
});
