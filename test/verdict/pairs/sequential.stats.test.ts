import { describe, expect, it } from 'vitest';
import { simulatedPairs, type Machine } from '../../../benchmarks/support/blocks.js';
import { blockOrder, type OrderMode } from '../../../src/verdict/pairs/order.js';
import { judgePairs } from '../../../src/verdict/pairs/sequential.js';
import { LEEWAY, repetitions } from '../chance.js';

/** In which shares of `full` comparisons on such a machine they end so. */
function endings(machine: Omit<Machine, 'seed'>, full: number, mode: OrderMode = 'random') {
  const runs = repetitions(full);
  const ends = { pass: 0, fail: 0, inconclusive: 0, undecided: 0, alarms: 0 };
  for (let seed = 0; seed < runs; seed++) {
    const { state, metrics } = judgePairs(simulatedPairs(blockOrder(48, seed, mode), { ...machine, seed }));
    ends[state]++;
    if (metrics.some(({ gate, reading }) => gate && reading !== 'unsure')) ends.alarms++;
  }
  return { pass: ends.pass / runs, fail: ends.fail / runs, inconclusive: ends.inconclusive / runs, alarms: ends.alarms / runs };
}

describe('a verdict on a noisy machine', () => {
  it('raises a false alarm in at most 1 %', () => {
    for (const sd of [0.02, 0.08]) expect(endings({ change: 0, sd }, 1000).alarms).toBeLessThanOrEqual(0.01 * LEEWAY);
  });

  it('raises no more when blocks are correlated, or some take twice as long', () => {
    for (const mode of ['random', 'abba'] as const) {
      expect(endings({ change: 0, sd: 0.04, rho: 0.6 }, 1000, mode).alarms).toBeLessThanOrEqual(0.01 * LEEWAY);
    }
    expect(endings({ change: 0, sd: 0.04, outliers: 0.03 }, 1000).alarms).toBeLessThanOrEqual(0.01 * LEEWAY);
  });

  it('finds 5 % at a block sd of 4 %, and 10 % at 8 %', () => {
    expect(endings({ change: 0.05, sd: 0.04 }, 1000).fail).toBeGreaterThanOrEqual(1 - 0.02 * LEEWAY);
    expect(endings({ change: 0.1, sd: 0.08 }, 1000).fail).toBeGreaterThanOrEqual(1 - 0.01 * LEEWAY);
  });

  it('knows in a few pairs what is doubled: three where blocks hardly vary, eight at the most at a block sd of 4 %', () => {
    const pairsTo = (sd: number) => Array.from({ length: repetitions(1000) }, (_, seed) => judgePairs(simulatedPairs(blockOrder(48, seed, 'random'), { change: 1, sd, seed })));
    expect(pairsTo(0.005).every(({ state, pairs }) => state === 'fail' && pairs === 3)).toBe(true);
    expect(pairsTo(0.04).every(({ state, pairs }) => state === 'fail' && pairs <= 8)).toBe(true);
  });

  it('is inconclusive where it is noisier, and lets nothing pass that it could not see', () => {
    const blind = endings({ change: 0.05, sd: 0.2 }, 500);
    expect(blind.pass).toBeLessThanOrEqual(0.01 * LEEWAY);
    expect(blind.inconclusive).toBeGreaterThan(1 - 0.2 * LEEWAY);
    expect(endings({ change: 0.05, sd: 0.04, outliers: 0.03 }, 500).pass).toBeLessThanOrEqual(0.01 * LEEWAY);
    expect(endings({ change: 0, sd: 0.2 }, 500).inconclusive).toBeGreaterThan(1 - 0.06 * LEEWAY);
  });
});
