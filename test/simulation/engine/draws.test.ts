import { describe, expect, it } from 'vitest';
import { drawsOf, latencyQuantile } from '../../../src/scenarios/draw.js';
import type { Latency } from '../../../src/scenarios/scenario.js';
import { CallDraws } from '../../../src/simulation/engine/draws.js';

const KINDS: Latency[] = [
  { kind: 'constant', ms: 300 },
  { kind: 'lognormal', p50: 300, p99: 900 },
  { kind: 'lognormal', p50: 20, p99: 2000 },
  { kind: 'exponential', mean: 150 },
  { kind: 'uniform', min: 100, max: 200 },
  { kind: 'values', values: [1, 2, 3, 50] },
];

describe('CallDraws', () => {
  it.each(KINDS)('$kind: the latency of the live run, to a few millionths', (latency) => {
    const live = drawsOf(7, 'payment');
    const draws = new CallDraws(7, 'payment', latency, 0);
    for (let request = -500; request < 2000; request++) {
      const expected = latencyQuantile(latency, live(request, 1, 'latency'));
      expect(Math.abs(draws.latency(request, 1) / expected - 1)).toBeLessThan(5e-6);
    }
  });

  it('reaches into both tails', () => {
    const latency: Latency = { kind: 'lognormal', p50: 300, p99: 3000 };
    const draws = new CallDraws(1, 'x', latency, 0);
    for (const u of [1e-12, 1e-6, 0.03, 0.0390625, 0.04, 0.5, 0.96, 0.9609375, 0.97, 1 - 1e-9]) {
      expect(Math.abs(draws.quantile(u) / latencyQuantile(latency, u) - 1)).toBeLessThan(5e-6);
    }
  });

  it('fails the calls that fail live, and draws the same jitter', () => {
    const live = drawsOf(3, 'email');
    const draws = new CallDraws(3, 'email', { kind: 'constant', ms: 1 }, 0.2);
    for (let request = 0; request < 500; request++) {
      expect(draws.fails(request, 2)).toBe(live(request, 2, 'error') < 0.2);
      expect(draws.jitter(request, 0)).toBe(live(request, 0, 'jitter'));
    }
  });

  it('fails no call of a service without errors', () => {
    const draws = new CallDraws(3, 'email', { kind: 'constant', ms: 1 }, 0);
    expect(Array.from({ length: 1000 }, (_, i) => draws.fails(i, 0))).not.toContain(true);
  });
});
