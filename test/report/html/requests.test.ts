import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../src/load/load.js';
import { clouds, thinned } from '../../../src/report/html/requests.js';

/** So many requests, one a ms, every `failing`-th of which times out after 3 s. */
function samples(count: number, failing: number) {
  const timeout = OUTCOMES.indexOf('timeout');
  return {
    start: Float32Array.from({ length: count }, (_, i) => i),
    time: Float32Array.from({ length: count }, (_, i) => (i % failing === 0 ? 3000 : 100.4)),
    outcome: Uint8Array.from({ length: count }, (_, i) => (i % failing === 0 ? timeout : 0)),
  };
}

describe('clouds', () => {
  it('draws every request where there are few', () => {
    const drawn = clouds(samples(10, 5), 100);
    expect(drawn).toMatchObject([
      { outcome: 'ok', count: 8, each: 1, x: [1, 2, 3, 4, 6, 7, 8, 9] },
      { outcome: 'timeout', count: 2, each: 1, x: [0, 5], y: [3000, 3000] },
    ]);
    expect(thinned(drawn)).toBe('Every request is drawn.');
  });

  it('thins each outcome by itself, so that rare failures are all drawn', () => {
    const drawn = clouds(samples(10_000, 1000), 100);
    expect(drawn).toMatchObject([
      { outcome: 'ok', count: 9990, each: 100 },
      { outcome: 'timeout', count: 10, each: 1 },
    ]);
    expect(drawn[0]?.x).toHaveLength(100);
    expect(thinned(drawn)).toBe('Drawn: every 100th request that ended ok, all others.');
  });

  it.each([
    [1, 'Drawn: every 2nd request that ended ok.'],
    [2, 'Drawn: every 3rd request that ended ok.'],
    [11, 'Drawn: every 12th request that ended ok.'],
    [20, 'Drawn: every 21st request that ended ok.'],
  ])('says what is left out: %d and one more', (left, sentence) => {
    const all = samples(left + 1, Infinity);
    all.outcome.fill(0);
    expect(thinned(clouds(all, 1))).toBe(sentence);
  });

  it('draws in order of time, which need not be the order sent', () => {
    const all = { start: Float32Array.of(5, 1, 3), time: Float32Array.of(1, 1, 1), outcome: Uint8Array.of(0, 0, 0) };
    expect(clouds(all, 10)[0]?.x).toEqual([1, 3, 5]);
  });
});
