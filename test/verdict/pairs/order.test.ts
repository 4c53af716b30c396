import { describe, expect, it } from 'vitest';
import { blockDurations, blockOrder, blockOf } from '../../../src/verdict/pairs/order.js';
import { PAIRED_RULES } from '../../../src/verdict/pairs/sequential.js';
import { measured } from '../../support/measured.js';

const heads = (orders: readonly string[]) => orders.filter((order) => order === 'head first').length;

describe('blockOrder', () => {
  it('takes turns as ABBA', () => {
    expect(blockOrder(6, 1, 'abba')).toEqual([
      'base first', 'head first', 'head first', 'base first', 'base first', 'head first',
    ]);
  });

  it('draws by seed, the same for the same seed', () => {
    expect(blockOrder(48, 7, 'random')).toEqual(blockOrder(48, 7, 'random'));
    expect(blockOrder(48, 7, 'random')).not.toEqual(blockOrder(48, 8, 'random'));
  });

  it('is the order that records of this seed were made in', () => {
    expect(blockOrder(12, 7, 'random').map((order) => order[0]).join('')).toBe('bbhhbhhbbhbh');
  });

  it('is balanced at every look from eight pairs on', () => {
    for (const mode of ['abba', 'random'] as const) {
      for (const { pairs } of PAIRED_RULES.looks.filter((look) => look.pairs >= 8)) expect(heads(blockOrder(48, 3, mode).slice(0, pairs))).toBe(pairs / 2);
    }
  });

  it('draws each place alike', () => {
    const first = Array.from({ length: 4 }, (_, place) =>
      Array.from({ length: 400 }, (_unused, seed) => blockOrder(4, seed, 'random')[place] as string),
    );
    for (const place of first) expect(Math.abs(heads(place) - 200)).toBeLessThan(40);
  });

  it('gives as many as asked', () => {
    for (const pairs of [0, 1, 5, 48]) expect(blockOrder(pairs, 1, 'random')).toHaveLength(pairs);
  });
});

describe('blockDurations', () => {
  it('are long enough for 300 requests and short enough for 1000', () => {
    const lengths = [20, 300, 700, 1000, 4000, 7].map((speed) => blockDurations({ base: speed, head: speed }).head);
    expect(lengths).toEqual([15_000, 1000, 1000, 1000, 250, 42_858]);
  });

  it('are those of the slower side for both, whose requests have the same draws then', () => {
    expect(blockDurations({ base: 100, head: 140 })).toEqual({ base: 3000, head: 3000 });
    expect(blockDurations({ base: 140, head: 100 })).toEqual({ base: 3000, head: 3000 });
  });

  it('are shorter for a side that is much faster, which has as many requests sooner', () => {
    expect(blockDurations({ base: 150, head: 75 })).toEqual({ base: 2000, head: 4000 });
  });
});

describe('blockOf', () => {
  it('takes the response times of all answered requests, and counts whatever was not good as failed', () => {
    expect(blockOf(measured({ subject: 'head', ms: 120, sent: 300, failureRate: 0.01 }))).toEqual({
      p50: 120, p95: 120, throughput: 29.7, sent: 300, failed: 3,
    });
  });

  it('has no times when nothing was answered', () => {
    expect(blockOf(measured({ subject: 'head', ms: 1, sent: 0 }))).toEqual({ p50: null, p95: null, throughput: 0, sent: 0, failed: 0 });
  });
});
