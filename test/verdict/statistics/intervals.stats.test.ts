import { describe, expect, it } from 'vitest';
import { percentileInterval, type Interval } from '../../../src/verdict/statistics/percentile-intervals.js';
import { shareDifference, shareLower, shareUpper, wilson } from '../../../src/verdict/statistics/share-intervals.js';
import { coverage, LEEWAY, uniforms } from '../chance.js';

/** Successes in `n` trials. */
function hitsOf(n: number, share: number, chance: () => number): number {
  let hits = 0;
  for (let i = 0; i < n; i++) hits += chance() < share ? 1 : 0;
  return hits;
}

const ranks = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('percentileInterval', () => {
  it('contains the truth in 95 +- 1 % of simulated trials', () => {
    const chance = uniforms(1);
    const n = 1000;
    // How many samples lie below the percentile is all that the coverage of two ranks depends on.
    for (const share of [0.5, 0.95]) {
      const { low, high } = percentileInterval(ranks(n), share, 0.95);
      const held = coverage(() => {
        const below = hitsOf(n, share, chance);
        return below >= (low ?? 0) && below < (high ?? 0);
      });
      expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
    }
  });
});

describe('wilson', () => {
  it('contains the truth in 95 +- 1 % of simulated trials', () => {
    const chance = uniforms(2);
    const intervals = Array.from({ length: 401 }, (_, hits) => wilson(hits, 400));
    // At a single share the coverage of whole counts jumps about; over all shares it is what it says.
    const held = coverage(() => {
      const share = chance();
      const { low, high } = intervals[hitsOf(400, share, chance)] as Interval;
      return low <= share && share <= high;
    });
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });
});

describe('one-sided bounds of a share', () => {
  it('contain the truth in 95 % of simulated trials or a little more: they are exact for counts, which are whole', () => {
    const chance = uniforms(3);
    const bounds = Array.from({ length: 401 }, (_, hits) => [shareLower(hits, 400), shareUpper(hits, 400)] as const);
    const held = { low: 0, high: 0 };
    let trials = 0;
    coverage(() => {
      trials++;
      const share = chance();
      const [low, high] = bounds[hitsOf(400, share, chance)] ?? [NaN, NaN];
      held.low += low <= share ? 1 : 0;
      held.high += share <= high ? 1 : 0;
      return true;
    });
    for (const count of [held.low, held.high]) {
      expect(count / trials).toBeGreaterThan(0.95 - 0.002 * LEEWAY);
      expect(count / trials).toBeLessThan(0.95 + 0.01 * LEEWAY);
    }
  });
});

describe('shareDifference', () => {
  it('contains the truth in 95 +- 1 % of simulated trials', () => {
    const chance = uniforms(4);
    const held = coverage(() => {
      const [before, after] = [chance(), chance()];
      const [base, head] = [hitsOf(150, before, chance), hitsOf(250, after, chance)];
      const { low, high } = shareDifference({ hits: base, n: 150 }, { hits: head, n: 250 }, 0.95);
      return low <= after - before && after - before <= high;
    });
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });
});
