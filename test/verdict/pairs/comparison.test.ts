import { describe, expect, it } from 'vitest';
import type { Comparison, PairedRun } from '../../../src/measurement/schema/comparison.js';
import { comparePairs as compareBy } from '../../../src/verdict/pairs/comparison.js';
import { type PairedRules } from '../../../src/verdict/pairs/sequential.js';
import { block, FIVE_LOOKS, pairsOf, runOf, spreadOf } from './blocks.js';

const comparePairs = (run: PairedRun, rules: PairedRules = FIVE_LOOKS): Comparison[] => compareBy(run, rules);

describe('comparePairs', () => {
  it('says of each metric what it was, how it changed and what that means', () => {
    const [p50, p95, throughput, failures] = comparePairs(runOf(pairsOf(spreadOf(8, 0.1, 0.01))));
    expect(p50).toMatchObject({
      kind: 'pairs', subject: 'pr/main', load: { model: 'closed', users: 20 }, metric: 'p50', scale: 'ratio',
      confidence: 0.998, limits: { margin: 0.02, tolerance: 0.05 },
      reading: 'slower', state: 'fail', gate: true, pairs: 8, why: '',
    });
    expect(p50?.base).toBeCloseTo(100, 9);
    expect(p50?.head).toBeCloseTo(110, 1);
    expect(p50?.change).toBeCloseTo(0.1, 3);
    expect(p95?.head).toBeCloseTo(165, 1);
    expect(throughput).toMatchObject({ metric: 'throughput', reading: 'slower' });
    expect(throughput?.change).toBeCloseTo(1 / 1.1 - 1, 3);
    expect(failures).toMatchObject({ metric: 'failure_rate', scale: 'points', base: 0, head: 0, change: 0, state: 'pass' });
  });

  it('has intervals with their ends in order, around the change', () => {
    for (const { change, low, high } of comparePairs(runOf(pairsOf(spreadOf(8, 0.1, 0.02))))) {
      expect(low ?? 1).toBeLessThan(change ?? 0);
      expect(high ?? 0).toBeGreaterThan(change ?? 1);
    }
  });

  it('knows values of all sizes', () => {
    const pairs = pairsOf(spreadOf(8, 0, 0.01)).map((pair) => ({ ...pair, base: block({ p50: 0.25 }), head: block({ p50: 0.25 }) }));
    expect(comparePairs(runOf(pairs))[0]).toMatchObject({ base: 0.25, head: 0.25, change: 0 });
  });

  it('tells failures in points', () => {
    const pairs = pairsOf(spreadOf(8, 0, 0.01)).map((pair) => ({ ...pair, base: block({ failed: 3 }), head: block({ failed: 33 }) }));
    const failures = comparePairs(runOf(pairs)).at(-1);
    expect(failures).toMatchObject({ base: 0.01, head: 0.11, state: 'fail', limits: FIVE_LOOKS.failureLimits });
    expect(failures?.change).toBeCloseTo(0.101, 2);
  });

  it('does not call a head faster that answers errors quickly', () => {
    const pairs = pairsOf(spreadOf(8, -0.3, 0.01)).map((pair, i) => ({ ...pair, head: { ...pair.head, failed: 60 + (i % 3) } }));
    const [p50, p95, throughput, failures] = comparePairs(runOf(pairs));
    const why = `not judged: the head fails ${((failures?.change ?? 0) * 100).toFixed(2)} points more, and failing is quick`;
    expect(failures).toMatchObject({ reading: 'slower', state: 'fail', why: '' });
    for (const time of [p50, p95]) expect(time).toMatchObject({ reading: 'unsure', state: 'inconclusive', why, change: expect.closeTo(-0.3, 3) });
    expect(throughput).toMatchObject({ reading: 'faster', state: 'pass' });
    const good = pairs.map((pair) => ({ ...pair, head: { ...pair.head, failed: 0 } }));
    expect(comparePairs(runOf(good))[0]).toMatchObject({ reading: 'faster', state: 'pass' });
  });

  it('prints the smallest change that could have been seen: 3.97 sd / sqrt(pairs)', () => {
    const costs = spreadOf(8, 0, 0.03);
    const logs = costs.map((cost) => Math.log1p(cost));
    const mean = logs.reduce((sum, log) => sum + log, 0) / 8;
    const sd = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 7);
    const [p50, , throughput, failures] = comparePairs(runOf(pairsOf(costs)));
    expect(p50?.smallest).toBeCloseTo(Math.expm1((3.97 * sd) / Math.sqrt(8)), 9);
    expect(throughput?.smallest).toBeCloseTo(-Math.expm1((-3.97 * sd) / Math.sqrt(8)), 9);
    expect(failures?.smallest).toBeCloseTo((3.97 * Math.SQRT2) / 2401, 4);
  });

  it('says what is missing where nothing succeeded, and loses or gains no more than all', () => {
    const dead = block({ p50: null, p95: null, throughput: 0, sent: 3000, failed: 3000 });
    const pairs = pairsOf(spreadOf(8, 0, 0.01)).map((pair) => ({ ...pair, base: dead }));
    const [p50, , throughput, failures] = comparePairs(runOf(pairs));
    expect(p50).toMatchObject({ state: 'inconclusive', why: 'no request was answered in at least one block of main, so there is no p50 to compare' });
    expect(throughput).toMatchObject({ why: 'no request succeeded in at least one block of main, so there is no throughput to compare' });
    expect(failures).toMatchObject({ reading: 'faster', change: -1, low: -1, base: 1, head: 0 });
    const both = comparePairs(runOf(pairs.map((pair) => ({ ...pair, head: dead }))));
    expect(both[0]?.why).toContain('at least one block of main and of pr, so');
    expect(both.at(-1)).toMatchObject({ state: 'inconclusive', change: 0 });
  });

  it('judges a run that was broken off by its last look, as inconclusive', () => {
    const rows = comparePairs(runOf(pairsOf(spreadOf(15, 0.02, 0.2))));
    expect(rows.map(({ pairs }) => pairs)).toEqual([12, 12, 12, 12]);
    expect(rows[0]?.state).toBe('inconclusive');
  });

  it('cannot tell from fewer pairs than the first look', () => {
    const rows = comparePairs(runOf(pairsOf([0.5, 0.5])), { ...FIVE_LOOKS, gate: ['p50', 'failure_rate'] });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      kind: 'pairs', subject: 'pr/main', load: { model: 'closed', users: 20 }, metric: 'p50', scale: 'ratio',
      base: null, head: null, change: null, low: null, high: null, confidence: 0.998,
      limits: { margin: 0.02, tolerance: 0.05 }, reading: 'unsure', state: 'inconclusive', gate: true, pairs: 2,
      smallest: null, why: '2 pairs of blocks were measured and it takes at least 8',
    });
  });

  it('tells the confidence of the look that it rests on', () => {
    expect(compareBy(runOf(pairsOf(spreadOf(3, 1, 0.005))))[0]).toMatchObject({ confidence: 0.9995, pairs: 3, reading: 'slower', state: 'fail' });
    expect(compareBy(runOf(pairsOf([0.5, 0.5])))[0]).toMatchObject({ confidence: 0.9995, why: '2 pairs of blocks were measured and it takes at least 3' });
  });

  it('says which value is missing', () => {
    const pairs = pairsOf(spreadOf(48, 0, 0.01)).map((pair, i) => (i === 5 ? { ...pair, head: block({ p50: null, throughput: 0 }) } : pair));
    const [p50, , throughput] = comparePairs(runOf(pairs));
    expect(p50).toMatchObject({ head: null, change: null, low: null, smallest: null, state: 'inconclusive', why: 'no request was answered in at least one block of pr, so there is no p50 to compare' });
    expect(p50?.base).toBeCloseTo(100, 9);
    expect(throughput).toMatchObject({ head: null, state: 'inconclusive' });
  });
});
