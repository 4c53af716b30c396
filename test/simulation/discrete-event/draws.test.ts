import { describe, expect, it } from 'vitest';
import { drawsOf, LatencyQuantile } from '../../../src/scenarios/draw.js';
import type { Latency } from '../../../src/scenarios/scenario.js';
import { CALL, CallTable } from '../../../src/simulation/discrete-event/call-table.js';
import { CallDraws } from '../../../src/simulation/discrete-event/draws.js';

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
    const quantile = new LatencyQuantile(latency);
    const calls = new CallTable();
    const call = calls.take();
    calls.set(call, CALL.number, 1);
    const draws = new CallDraws(7, 'payment', latency);
    for (let request = -500; request < 2000; request++) {
      calls.set(call, CALL.request, request);
      draws.addLatency(calls, call);
      expect(calls.at(call, CALL.endAt)).toBe(quantile.at(live(request, 1, 'latency')));
    }
  });
});
