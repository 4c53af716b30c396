import { describe, expect, it } from 'vitest';
import { costs, failureError, holm, pairedInterval, pairedTest } from '../../../src/verdict/pairs/paired-test.js';
import { coverage, LEEWAY, normals, uniforms } from '../chance.js';
import { block } from './blocks.js';

const pair = (base: Parameters<typeof block>[0], head: Parameters<typeof block>[0]) => [
  { order: 'base first' as const, base: block(base), head: block(head) },
];

describe('pairedTest', () => {
  it('has an interval that contains the truth in 95 +- 1 % of simulated trials', () => {
    const normal = normals(3);
    for (const n of [8, 20]) {
      const held = coverage(() => {
        const { low, high } = pairedInterval(pairedTest(Array.from({ length: n }, () => 0.05 + 0.04 * normal())), 0.05);
        return low <= 0.05 && 0.05 <= high;
      });
      expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
    }
  });
});

describe('failureError', () => {
  it('gives an interval that contains the truth in 95 +- 1 % of simulated trials', () => {
    const chance = uniforms(8);
    const sent = 1500;
    const failures = (share: number): number => {
      let failed = -1;
      for (let at = 0; at <= sent; failed++) at += 1 + Math.floor(Math.log(1 - chance()) / Math.log(1 - share));
      return failed;
    };
    const truth = Math.log(0.99 / 0.98);
    const held = coverage(() => {
      const [was, is] = [failures(0.01), failures(0.02)];
      const estimate = costs(pair({ sent, failed: was }, { sent, failed: is }), 'failure_rate')?.[0] ?? NaN;
      return Math.abs(estimate - truth) <= 1.959964 * failureError(pair({ sent, failed: was }, { sent, failed: is }));
    });
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });
});

describe('holm', () => {
  it('raises any false alarm at all in at most alpha of simulated families', () => {
    const normal = normals(5);
    const alarms = coverage(() => {
      const ps = Array.from({ length: 4 }, () => pairedTest(Array.from({ length: 8 }, normal)).p);
      return holm(ps, 0.05).some(Boolean);
    }, 5000);
    expect(alarms).toBeLessThan(0.05 + 0.008 * LEEWAY);
    expect(alarms).toBeGreaterThan(0.05 - 0.01 * LEEWAY);
  });
});
