import { describe, expect, it } from 'vitest';
import { blockDuration, blockOrder, blockOf } from '../../../src/verdict/pairs/order.js';
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

describe('blockDuration', () => {
  it('is long enough for 300 requests and short enough for 1000', () => {
    expect(blockDuration(20)).toBe(15_000);
    expect(blockDuration(300)).toBe(1000);
    expect(blockDuration(700)).toBe(1000);
    expect(blockDuration(1000)).toBe(1000);
    expect(blockDuration(4000)).toBe(250);
    expect(blockDuration(7)).toBe(42_858);
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
