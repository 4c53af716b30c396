import { describe, expect, it } from 'vitest';
import { simulatedPairs } from '../../../benchmarks/support/blocks.js';
import { selfCheck } from '../../../src/verdict/pairs/aa.js';
import { blockOrder } from '../../../src/verdict/pairs/order.js';
import { PAIRED_RULES } from '../../../src/verdict/pairs/sequential.js';
import { block, pairsOf, runOf, spreadOf } from './blocks.js';

const same = runOf(pairsOf(spreadOf(8, 0, 0.01)));
const slower = runOf(pairsOf(spreadOf(8, 0.1, 0.01)));
const faster = runOf(pairsOf(spreadOf(8, -0.1, 0.01)));
const noisy = runOf(pairsOf(spreadOf(48, 0, 0.3)));

describe('selfCheck', () => {
  it('counts every reading but "unsure" as an alarm: nothing had changed', () => {
    const check = selfCheck([same, slower, faster, noisy]);
    expect(check).toMatchObject({ comparisons: 4, alarms: 2, rate: 0.5, inconclusive: 1, meanPairs: (8 + 8 + 8 + 48) / 4 });
    expect(check.interval.low).toBeCloseTo(0.15, 3);
    expect(check.interval.high).toBeCloseTo(0.85, 3);
  });

  it('bounds the rate: 0 of 299 or 1 of 473 is below 1 %', () => {
    const runs = Array.from({ length: 299 }, () => same);
    expect(selfCheck(runs).upper).toBeLessThan(0.01);
    expect(selfCheck(runs.slice(1)).upper).toBeGreaterThan(0.01);
    expect(selfCheck(runs.slice(1)).rate).toBe(0);
  });

  it('counts a comparison that was broken off as one that could not tell', () => {
    expect(selfCheck([runOf(pairsOf([0, 0]))])).toMatchObject({ inconclusive: 1, alarms: 0, meanPairs: 0 });
  });

  it('looks only at what the verdict hangs on', () => {
    expect(selfCheck([slower], { ...PAIRED_RULES, gate: ['failure_rate'] }).alarms).toBe(0);
  });

  it('finds the noise of the machine, and the smallest change that can be seen on it', () => {
    const runs = Array.from({ length: 20 }, (_, seed) =>
      runOf(simulatedPairs(blockOrder(48, seed, 'random'), { seed, change: 0, sd: 0.03, failures: 0.02 })),
    );
    const [p50, p95, throughput, failures] = selfCheck(runs).noise;
    expect(p50?.metric).toBe('p50');
    expect(p50?.floor).toBeCloseTo(0.03 * Math.SQRT2, 2);
    expect(p95?.floor).toBeCloseTo(0.03 * Math.SQRT2, 2);
    expect(throughput?.floor).toBeCloseTo(p50?.floor ?? 0, 12);
    expect(p50?.smallest).toBeCloseTo(Math.expm1((3.97 * (p50?.floor ?? 0)) / Math.sqrt(48)), 12);
    expect(failures?.floor).toBeCloseTo(Math.sqrt((2 * 0.02) / 0.98 / 300), 3);
    expect(failures?.smallest).toBeCloseTo(-Math.expm1((-3.97 * (failures?.floor ?? 0)) / Math.sqrt(48)), 12);
  });

  it('weighs each run by what it knows, and gives each its own mean', () => {
    const [p50] = selfCheck([runOf(pairsOf([0, 0.1])), runOf(pairsOf([0.5, 0.5, 0.5]))]).noise;
    const difference = Math.log(1.1);
    expect(p50?.floor).toBeCloseTo(Math.sqrt(difference ** 2 / 2 / 3), 12);
  });

  it('knows nothing of no runs, of single pairs and of missing values', () => {
    expect(selfCheck([])).toMatchObject({ comparisons: 0, alarms: 0, rate: null, upper: 1, inconclusive: 0, meanPairs: null });
    expect(selfCheck([]).noise[0]).toEqual({ metric: 'p50', floor: null, smallest: null });
    expect(selfCheck([runOf(pairsOf([0.1]))]).noise[0]?.floor).toBeNull();
    const missing = runOf(pairsOf([0, 0, 0]).map((pair) => ({ ...pair, head: block({ p50: null }) })));
    expect(selfCheck([missing]).noise[0]?.floor).toBeNull();
    expect(selfCheck([missing, same]).noise[0]?.floor).toBeGreaterThan(0);
  });
});
