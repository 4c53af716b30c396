/** How near a measurement has to be to its prediction. */
import { describe, expect, it } from 'vitest';
import { isNear, type Figures } from '../../src/simulation/tolerance.js';

const predicted: Figures = { p50: 100, p95: 800, throughput: 72, failureRate: 0.52 };

describe('a measurement is near its prediction', () => {
  it.each<[string, Partial<Figures>, boolean]>([
    ['at 5 % of a time', { p95: 839 }, true],
    ['beyond 5 % of a time', { p50: 106 }, false],
    ['at 2 points of failures, and the good answers that are missing for it', { failureRate: 0.539, throughput: 72 - 150 * 0.019 }, true],
    ['beyond 2 points of failures', { failureRate: 0.545 }, false],
    ['with good answers that those failures do not explain', { throughput: 68 }, false],
  ])('%s', (_, change, near) => {
    expect(isNear({ ...predicted, ...change }, predicted)).toBe(near);
  });

  it('within 3 % of the throughput where nothing fails', () => {
    const calm = { ...predicted, failureRate: 0 };
    expect(isNear({ ...calm, throughput: 70 }, calm)).toBe(true);
    expect(isNear({ ...calm, throughput: 69.5 }, calm)).toBe(false);
  });
});
