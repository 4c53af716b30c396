import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockPair } from '../../../src/measurement/schema/comparison.js';
import { judgePairs as judgeBy, PAIRED_RULES, type Judgement, type PairedRules } from '../../../src/verdict/pairs/sequential.js';
import { block, FIVE_LOOKS, pairsOf, spreadOf } from './blocks.js';
import { cases } from '../../support/properties.js';

const judgePairs = (pairs: readonly BlockPair[], rules: PairedRules = FIVE_LOOKS): Judgement => judgeBy(pairs, rules);
const P50_ONLY = { ...FIVE_LOOKS, gate: ['p50'] as const };

describe('judgePairs', () => {
  it('says nothing before the first look', () => {
    expect(judgePairs([])).toEqual({ state: 'undecided', pairs: 0, alpha: 0.002, nextLook: 8, metrics: [] });
    expect(judgePairs(pairsOf(spreadOf(7, 0.5, 0.001)))).toMatchObject({ state: 'undecided', pairs: 0, nextLook: 8 });
  });

  it('stops as soon as it knows', () => {
    expect(judgePairs(pairsOf(spreadOf(8, 0.1, 0.01)))).toMatchObject({ state: 'fail', pairs: 8, nextLook: null });
    expect(judgePairs(pairsOf(spreadOf(8, 0, 0.01)))).toMatchObject({ state: 'pass', pairs: 8, nextLook: null });
    expect(judgePairs(pairsOf(spreadOf(8, -0.2, 0.01)))).toMatchObject({ state: 'pass', pairs: 8, nextLook: null });
  });

  it('goes on while it does not know, look by look, and says where the next one is', () => {
    const noisy = (count: number) => judgePairs(pairsOf(spreadOf(count, 0.02, 0.15)));
    expect(noisy(8)).toMatchObject({ state: 'undecided', pairs: 8, nextLook: 12 });
    expect(noisy(11)).toMatchObject({ state: 'undecided', pairs: 8, nextLook: 12 });
    expect(noisy(12)).toMatchObject({ state: 'undecided', pairs: 12, nextLook: 20 });
    expect(noisy(47)).toMatchObject({ state: 'undecided', pairs: 32, nextLook: 48 });
  });

  it('ends inconclusive when the last look cannot tell', () => {
    expect(judgePairs(pairsOf(spreadOf(48, 0.02, 0.15)))).toMatchObject({ state: 'inconclusive', pairs: 48, nextLook: null });
  });

  it('is not moved by pairs after the look that decided', () => {
    const decided = pairsOf(spreadOf(8, 0.1, 0.01));
    expect(judgePairs([...decided, ...pairsOf(spreadOf(40, -0.5, 0.01))])).toEqual(judgePairs(decided));
  });

  it('reads each metric and tells the estimate with its interval', () => {
    const { metrics } = judgePairs(pairsOf(spreadOf(8, 0.1, 0.01)));
    expect(metrics.map(({ metric, reading, state }) => [metric, reading, state])).toEqual([
      ['p50', 'slower', 'fail'],
      ['p95', 'slower', 'fail'],
      ['throughput', 'slower', 'fail'],
      ['failure_rate', 'unsure', 'pass'],
    ]);
    const { estimate, low, high } = metrics[0]?.cost ?? { estimate: 0, low: 0, high: 0 };
    expect(estimate).toBeCloseTo(Math.log(1.1), 3);
    // t of 0.999 with 7 degrees of freedom is 4.785.
    expect(high - estimate).toBeCloseTo(4.785 * (metrics[0]?.test?.error ?? 0), 5);
    expect(estimate - low).toBeCloseTo(high - estimate, 12);
  });

  it('finds failures that the times do not show', () => {
    const failing = pairsOf(spreadOf(8, 0, 0.01)).map((pair, i) => ({ ...pair, head: block({ failed: 14 + (i % 3) }) }));
    expect(judgePairs(failing)).toMatchObject({ state: 'fail', pairs: 8 });
    const few = pairsOf(spreadOf(8, 0, 0.01)).map((pair, i) => ({ ...pair, head: block({ failed: i === 0 ? 1 : 0 }) }));
    expect(judgePairs(few).state).toBe('pass');
  });

  it('cannot pass a difference in failures that few requests would hide', () => {
    const small = pairsOf(spreadOf(8, 0, 0.001)).map(({ order, base, head }) => ({
      order, base: { ...base, sent: 20 }, head: { ...head, sent: 20 },
    }));
    expect(judgePairs(small).state).toBe('undecided');
    const blind = judgePairs(small, { ...FIVE_LOOKS, failureLimits: { margin: 0.002, tolerance: 0.2 } });
    expect(blind.state).toBe('pass');
  });

  it('never passes what has no value, and fails it all the same when something else does', () => {
    const missing = pairsOf(spreadOf(48, 0, 0.001)).map((pair, i) => (i === 3 ? { ...pair, head: block({ p95: null }) } : pair));
    expect(judgePairs(missing)).toMatchObject({ state: 'inconclusive', pairs: 48 });
    expect(judgePairs(missing).metrics[1]).toEqual({
      metric: 'p95', gate: true, test: null, cost: null, reading: 'unsure', state: 'inconclusive',
    });
    const dead = pairsOf(spreadOf(8, 0, 0.001)).map((pair) => ({ ...pair, head: block({ p50: null, p95: null, throughput: 0, failed: 300 }) }));
    expect(judgePairs(dead)).toMatchObject({ state: 'fail', pairs: 8 });
  });

  it('hangs on the gate alone', () => {
    const slower = pairsOf(spreadOf(8, 0.2, 0.01));
    expect(judgePairs(slower, { ...FIVE_LOOKS, gate: ['failure_rate'] })).toMatchObject({ state: 'pass', pairs: 8 });
    expect(judgePairs(slower, { ...FIVE_LOOKS, gate: ['failure_rate'] }).metrics[0]).toMatchObject({ reading: 'slower', gate: false });
    expect(judgePairs(slower, { ...FIVE_LOOKS, gate: [] }).state).toBe('undecided');
  });

  it('has limits that are ratios, on the scale of ratios', () => {
    const rules = { ...P50_ONLY, limits: { margin: 0.5, tolerance: 1 } };
    expect(judgePairs(pairsOf(spreadOf(8, 0.45, 0.001)), rules)).toMatchObject({ state: 'pass', pairs: 8 });
    expect(judgePairs(pairsOf(spreadOf(8, 0.55, 0.001)), rules)).toMatchObject({ state: 'fail', pairs: 8 });
    const patient = { ...P50_ONLY, limits: { margin: 9, tolerance: 1 } };
    expect(judgePairs(pairsOf(spreadOf(8, 0.95, 0.001)), patient).state).toBe('pass');
    expect(judgePairs(pairsOf(spreadOf(8, 1.2, 0.001)), patient).state).toBe('undecided');
  });

  it('has limits of failures in points', () => {
    const failing = (failed: number) => pairsOf(spreadOf(8, 0, 0.001)).map((pair) => ({ ...pair, head: block({ failed }) }));
    const judged = (failed: number, margin: number, tolerance: number) =>
      judgePairs(failing(failed), { ...FIVE_LOOKS, gate: ['failure_rate'], failureLimits: { margin, tolerance } }).state;
    expect(judged(6, 0.05, 0.2)).toBe('pass');
    expect(judged(135, 0.5, 0.9)).toBe('pass');
    expect(judged(165, 0.5, 0.9)).toBe('fail');
    expect(judged(127, 0.9, 0.5)).toBe('pass');
    expect(judged(150, 0.9, 0.5)).toBe('undecided');
  });

  it('asks more of each metric the more of them there are', () => {
    // One pair of metrics apart: p50 alone is significant at 0.2 %, but not at a quarter of that.
    const p = (judgement: Judgement) => judgement.metrics[0]?.test?.p ?? 1;
    const borderline = pairsOf(spreadOf(8, 0.04, 0.0215)).map(({ order, base, head }) => ({ order, base, head: { ...head, p95: 150, throughput: 100 } }));
    expect(p(judgePairs(borderline, P50_ONLY))).toBeLessThan(0.002);
    expect(p(judgePairs(borderline, P50_ONLY))).toBeGreaterThan(0.0005);
    expect(judgePairs(borderline, P50_ONLY).state).toBe('fail');
    expect(judgePairs(borderline).state).toBe('undecided');
  });

  it('is the same whatever unit the times are in', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.3, max: 0.5, noNaN: true }), { minLength: 8, maxLength: 48 }), (changes) => {
        const pairs = pairsOf(changes);
        const inSeconds = pairs.map(({ order, base, head }) => ({
          order,
          base: { ...base, p50: (base.p50 ?? 0) / 1000 },
          head: { ...head, p50: (head.p50 ?? 0) / 1000 },
        }));
        expect(judgePairs(inSeconds).state).toBe(judgePairs(pairs).state);
      }),
      { numRuns: cases(50) },
    );
  });
});

describe('the looks that there are', () => {
  it('spend one false alarm in a hundred, and no look takes more than a fifth of it', () => {
    const spent = PAIRED_RULES.looks.reduce((sum, { alpha }) => sum + alpha, 0);
    expect(spent).toBeCloseTo(0.01, 12);
    expect(Math.max(...PAIRED_RULES.looks.map(({ alpha }) => alpha))).toBeLessThanOrEqual(0.002);
  });

  it('know from three pairs what is doubled, where blocks hardly vary, and from no fewer', () => {
    expect(judgeBy(pairsOf(spreadOf(2, 1, 0.001)))).toMatchObject({ state: 'undecided', pairs: 0, nextLook: 3 });
    expect(judgeBy(pairsOf(spreadOf(3, 1, 0.005)))).toMatchObject({ state: 'fail', pairs: 3, alpha: 0.0005, nextLook: null });
    expect(judgeBy(pairsOf(spreadOf(3, 1, 0.2)))).toMatchObject({ state: 'undecided', pairs: 3, nextLook: 4 });
  });

  it('do not call three pairs a pass that have not ruled out 5 %', () => {
    expect(judgeBy(pairsOf(spreadOf(3, 0, 0.01)))).toMatchObject({ state: 'undecided', pairs: 3 });
  });
});
