import { describe, expect, it } from 'vitest';
import { drawsOf, quantileFunction } from '../../../src/scenarios/draw.js';
import type { Latency } from '../../../src/scenarios/scenario.js';
import { CallDraws } from '../../../src/simulation/engine/draws.js';

const KINDS: Latency[] = [
  { kind: 'constant', ms: 300 },
  { kind: 'lognormal', p50: 300, p99: 900 },
  { kind: 'exponential', mean: 150 },
  { kind: 'uniform', min: 100, max: 200 },
  { kind: 'values', values: [1, 2, 3, 50] },
];

describe('CallDraws', () => {
  it.each(KINDS)('$kind: the latency of the live run', (latency) => {
    const live = drawsOf(7, 'payment');
    const quantile = quantileFunction(latency);
    const draws = new CallDraws(7, 'payment', latency);
    for (let request = -500; request < 2000; request++) {
      expect(draws.latency(request, 1)).toBe(quantile(live(request, 1, 'latency')));
    }
  });
});
