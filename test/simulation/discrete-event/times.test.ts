import { describe, expect, it } from 'vitest';
import { summarise } from '../../../src/measurement/times.js';
import { drawsOf } from '../../../src/scenarios/draw.js';
import { EXACT_VALUES, TimesCollector } from '../../../src/simulation/discrete-event/times.js';

function collected(values: readonly number[]): TimesCollector {
  const collector = new TimesCollector();
  for (const value of values) collector.add(value);
  return collector;
}

/** Times of every size, from microseconds to days. */
function wideValues(count: number): number[] {
  const draws = drawsOf(1, 'times');
  return Array.from({ length: count }, (_, i) => Math.exp(draws(i, 0, 'latency') * 25 - 6));
}

describe('TimesCollector', () => {
  it('knows nothing without values', () => {
    expect(new TimesCollector().times).toEqual(summarise([]));
  });

  it('is exact while the values are few', () => {
    const values = wideValues(5000);
    expect(collected(values).times).toEqual(summarise(values));
  });

  it('counts values that are only known to be at least so long', () => {
    const collector = collected([1, 2]);
    collector.addAtLeast(3);
    expect(collector.times).toEqual(summarise([1, 2, 3], 1));
  });

  it('is within 0.1 % when they are many, and exact in count, mean, least and most', () => {
    const values = wideValues(EXACT_VALUES + 5000);
    const exact = summarise(values);
    const { times } = collected(values);
    expect(times.count).toBe(exact.count);
    expect(times.min).toBe(exact.min);
    expect(times.max).toBe(exact.max);
    expect((times.mean ?? 0) / (exact.mean ?? 1)).toBeCloseTo(1, 10);
    for (const key of ['p50', 'p75', 'p90', 'p95', 'p99', 'p999'] as const) {
      expect(Math.abs((times[key] ?? 0) / (exact[key] ?? 1) - 1)).toBeLessThan(0.001);
    }
  });

  it('says nothing twice when asked twice', () => {
    const collector = collected(Array.from({ length: EXACT_VALUES + 10 }, (_, i) => i % 100));
    expect(collector.times).toEqual(collector.times);
  });

  it('keeps zeros apart', () => {
    const { times } = collected(Array.from({ length: EXACT_VALUES * 2 }, (_, i) => (i % 4 === 0 ? 250 : 0)));
    expect(times).toMatchObject({ p50: 0, min: 0, max: 250, mean: 62.5 });
    expect(Math.abs((times.p90 ?? 0) - 250)).toBeLessThan(0.25);
  });
});
