import { describe, expect, it } from 'vitest';
import { coverage, LEEWAY, normals, uniforms } from '../verdict/chance.js';
import { claimRatio, claimShare, refutedTwice, type Block, type Refuted } from './claims.js';

describe('a claim of a share', () => {
  it('holds where the whole interval is within it, and is open where a part is', () => {
    expect(claimShare(100, 1000, 0.05, 0.15)).toBe('holds');
    expect(claimShare(100, 1000, 0.1)).toBe('open');
    expect(claimShare(100, 1000, 0, 0.1)).toBe('open');
  });

  it('is excluded where the interval lies beyond either end', () => {
    expect(claimShare(100, 1000, 0.2)).toBe('excluded');
    expect(claimShare(100, 1000, 0, 0.05)).toBe('excluded');
  });

  it('is not excluded by few', () => {
    expect(claimShare(0, 0, 0.5)).toBe('open');
    expect(claimShare(0, 5, 0.5)).toBe('open');
    expect(claimShare(0, 50, 0.5)).toBe('excluded');
  });

  it('that is none, or all, is refuted by one', () => {
    expect(claimShare(0, 1000, 0)).toBe('open');
    expect(claimShare(1, 1000, 0)).toBe('excluded');
    expect(claimShare(1000, 1000, 1)).toBe('open');
    expect(claimShare(999, 1000, 1)).toBe('excluded');
    expect(claimShare(0, 1000, 0, 1)).toBe('holds');
  });

  it('that is true is excluded in one of a thousand simulated trials at most', () => {
    const chance = uniforms(21);
    const held = coverage(() => {
      const share = chance();
      let hits = 0;
      for (let i = 0; i < 100; i++) hits += chance() < share ? 1 : 0;
      return claimShare(hits, 100, share) !== 'excluded';
    });
    // Exact for counts, which are whole: rather less than one in a thousand.
    expect(held).toBeGreaterThan(0.999 - 0.0007 * LEEWAY);
  });
});

const blocksOf = (count: number, block: () => Block): Block[] => Array.from({ length: count }, block);

describe('a claim of a ratio', () => {
  it('holds, is open, or is excluded', () => {
    const blocks: Block[] = [[20, 10], [21, 10], [19, 10], [20, 10.2], [20, 9.8], [20.4, 10]];
    expect(claimRatio(blocks, 1.5, 2.5)).toBe('holds');
    expect(claimRatio(blocks, 2)).toBe('open');
    expect(claimRatio(blocks, 0, 2)).toBe('open');
    expect(claimRatio(blocks, 1)).toBe('excluded');
    expect(claimRatio(blocks, 3, 4)).toBe('excluded');
  });

  it('of blocks that are all alike is that of one', () => {
    const alike = blocksOf(5, () => [30, 10]);
    expect(claimRatio(alike, 3)).toBe('holds');
    expect(claimRatio(alike, 3.001)).toBe('excluded');
  });

  it('of one block tells nothing', () => {
    expect(claimRatio([[5, 1]], 1)).toBe('open');
    expect(claimRatio([], 1)).toBe('open');
  });

  it('of figures that are not above 0 is refused', () => {
    expect(() => claimRatio([[1, 0], [1, 1]], 1)).toThrow('Expected figures above 0, got [[1,0],[1,1]]');
  });

  it('that is true is excluded in one of a thousand simulated trials', () => {
    const normal = normals(22);
    const held = coverage(() => claimRatio(blocksOf(8, () => [2 * Math.exp(0.3 * normal()), Math.exp(0.2 * normal())]), 2) !== 'excluded');
    expect(Math.abs(held - 0.999)).toBeLessThan(0.001 * LEEWAY);
  });

  it('that is true is hardly excluded more often when blocks are not normal: means of twenty exponential times', () => {
    const chance = uniforms(23);
    const mean = (): number => {
      let total = 0;
      for (let i = 0; i < 20; i++) total -= Math.log(chance());
      return total / 20;
    };
    const held = coverage(() => claimRatio(blocksOf(8, () => [mean(), mean()]), 1) !== 'excluded');
    expect(held).toBeGreaterThan(0.999 - 0.0015 * LEEWAY);
  });
});

/** Measurements that refute these, one after another, and the windows they were asked for. */
function refuting(...results: Refuted[]) {
  const windows: number[] = [];
  return { windows, measure: async (count: 1 | 10): Promise<Refuted> => results[windows.push(count) - 1] ?? {} };
}

describe('claims that are refuted twice', () => {
  it('are none when the first measurement refutes none', async () => {
    const { windows, measure } = refuting({});
    expect(await refutedTwice(measure)).toEqual([]);
    expect(windows).toEqual([1]);
  });

  it('are those that one of ten times the window refutes too', async () => {
    const { windows, measure } = refuting({ p50: '600', lost: '3 of 100' }, { lost: '31 of 1000', p95: '900' });
    expect(await refutedTwice(measure)).toEqual(['lost: 3 of 100; with ten times the window 31 of 1000']);
    expect(windows).toEqual([1, 10]);
  });
});
