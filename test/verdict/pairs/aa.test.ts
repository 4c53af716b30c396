import { describe, expect, it } from 'vitest';
import { simulatedPairs } from '../../../benchmarks/support/blocks.js';
import type { Block, PairedRun } from '../../../src/measurement/schema/comparison.js';
import { selfCheck as checkBy, type SelfCheck } from '../../../src/verdict/pairs/aa.js';
import { blockOrder } from '../../../src/verdict/pairs/order.js';
import { type PairedRules } from '../../../src/verdict/pairs/sequential.js';
import { block, FIVE_LOOKS, pairsOf, runOf, spreadOf } from './blocks.js';

const selfCheck = (runs: readonly PairedRun[], rules: PairedRules = FIVE_LOOKS): SelfCheck => checkBy(runs, rules);

const same = runOf(pairsOf(spreadOf(8, 0, 0.01)));
const slower = runOf(pairsOf(spreadOf(8, 0.1, 0.01)));
const faster = runOf(pairsOf(spreadOf(8, -0.1, 0.01)));
const noisy = runOf(pairsOf(spreadOf(48, 0, 0.3)));

/** Ten runs on a machine that becomes slower by that much from the first block to the last. */
function drifting(growth: number): PairedRun[] {
  const runs = Array.from({ length: 10 }, (_, seed) => simulatedPairs(blockOrder(12, seed, 'random'), { seed, change: 0, sd: 0.03 }));
  const slowed = ({ p50, p95, throughput, ...rest }: Block, at: number): Block => {
    const factor = (1 + growth) ** at;
    return { ...rest, p50: (p50 ?? 0) * factor, p95: (p95 ?? 0) * factor, throughput: throughput / factor };
  };
  const blocks = 2 * 10 * 12 - 1;
  return runs.map((pairs, run) =>
    runOf(pairs.map(({ order, base, head }, i) => {
      const first = 2 * (12 * run + i);
      const [baseAt, headAt] = order === 'base first' ? [first, first + 1] : [first + 1, first];
      return { order, base: slowed(base, baseAt / blocks), head: slowed(head, headAt / blocks) };
    })),
  );
}

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
    expect(selfCheck([slower], { ...FIVE_LOOKS, gate: ['failure_rate'] }).alarms).toBe(0);
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

  it('tells how far the machine drifted, which the comparisons in pairs survive', () => {
    for (const [growth, reading] of [[0.3, 'slower'], [-0.3, 'faster']] as const) {
      const check = selfCheck(drifting(growth));
      expect(check.alarms).toBe(0);
      expect(check.drift?.reading).toBe(reading);
      expect(Math.abs((check.drift?.change ?? 0) - growth)).toBeLessThan(0.04);
      expect(check.drift?.low).toBeLessThan(growth);
      expect(check.drift?.high).toBeGreaterThan(growth);
    }
  });

  it('takes noise for drift in 1 % of checks at most, also when blocks are correlated', () => {
    for (const rho of [0, 0.6]) {
      const readings = Array.from({ length: 500 }, (_, seed) =>
        selfCheck([runOf(simulatedPairs(blockOrder(48, seed, 'random'), { seed, change: 0, sd: 0.05, rho }))]).drift?.reading);
      // 5 are expected at most; of 500, 12 are hardly ever seen.
      expect(readings.filter((reading) => reading !== 'unsure').length).toBeLessThanOrEqual(12);
    }
  });

  it('says nothing of a drift too small to count, or of too few pairs', () => {
    const steps = (count: number, growth: number) => runOf(Array.from({ length: count }, (_, i) => {
      const slow = block({ p50: 100 * (1 + growth) ** (i / (count - 1)) });
      return { order: 'base first' as const, base: slow, head: slow };
    }));
    expect(selfCheck([steps(8, 0.019)]).drift).toMatchObject({ reading: 'unsure', change: expect.closeTo(0.019, 9) });
    const larger = expect.closeTo(0.0201, 9) as number;
    expect(selfCheck([steps(8, 0.0201)]).drift).toMatchObject({ reading: 'slower', change: larger, low: larger, high: larger });
    expect(selfCheck([steps(8, -0.0201)]).drift?.reading).toBe('faster');
    expect(selfCheck([steps(7, 0.5)]).drift).toBeNull();
    expect(selfCheck([steps(4, 0.5), steps(4, 0.5)]).drift).not.toBeNull();
    const silent = steps(8, 0.5).pairs.map((pair, i) => (i === 3 ? { ...pair, head: block({ p50: null }) } : pair));
    expect(selfCheck([runOf(silent)]).drift).toBeNull();
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
