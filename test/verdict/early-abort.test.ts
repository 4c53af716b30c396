import { describe, expect, it } from 'vitest';
import { firstHopeless, type Seen } from '../../src/verdict/early-abort.js';
import { percentileLower } from '../../src/verdict/statistics/percentile-intervals.js';
import { threshold } from './fixtures.js';
import { uniforms } from './chance.js';

const seen = (change: Partial<Seen> = {}): Seen => ({ elapsed: 2000, times: Float32Array.from({ length: 1000 }, (_, i) => 300 + i / 10), ok: 1000, failed: 0, ...change });
const P95 = threshold('abort: sync: p95 < 200ms');

describe('firstHopeless', () => {
  it('is a limit that the lower bound is beyond, and says what was seen', () => {
    expect(firstHopeless([P95], seen())).toEqual({
      expression: 'abort: sync: p95 < 200ms',
      why: expect.stringMatching(/^Hopeless after 2\.0 s and 1000 requests: p95 is at least 39[0-4](\.\d+)? ms with 99\.99 % confidence$/) as string,
    });
    const failing = firstHopeless([threshold('abort: sync: failure_rate <= 1%')], seen({ ok: 900, failed: 100 }));
    expect(failing?.why).toMatch(/^Hopeless after 2\.0 s and 1000 requests: failure_rate is at least [6-9]\.\d+ %/);
    expect(firstHopeless([threshold('abort: sync: failure_rate < 40%')], seen({ ok: 500, failed: 500 }))).toBeDefined();
  });

  it('is none that could still be kept', () => {
    const limits = ['p95 < 394ms', 'p95 < 10s', 'p99 < 399ms', 'failure_rate < 1%'].map((text) => threshold(`abort: sync: ${text}`));
    expect(firstHopeless(limits, seen())).toBeUndefined();
    // One failure in three is a third, and could be one in a million.
    expect(firstHopeless([threshold('abort: sync: failure_rate < 1%')], seen({ ok: 2, failed: 1 }))).toBeUndefined();
  });

  it('takes the bound of the very percentile', () => {
    const times = Float32Array.from({ length: 100_000 }, (_, i) => i);
    const bound = percentileLower(times, 0.95, 0.9999) ?? 0;
    expect(firstHopeless([threshold(`abort: sync: p95 < ${bound}ms`)], seen({ times }))).toBeDefined();
    expect(firstHopeless([threshold(`abort: sync: p95 < ${bound + 1}ms`)], seen({ times }))).toBeUndefined();
  });

  it('waits for its delay, and for enough requests', () => {
    expect(firstHopeless([threshold('abort 3s: sync: p95 < 200ms')], seen())).toBeUndefined();
    expect(firstHopeless([threshold('abort 2s: sync: p95 < 200ms')], seen())).toBeDefined();
    expect(firstHopeless([P95], seen({ times: Float32Array.from([900, 900, 900]), ok: 3 }))).toBeUndefined();
    expect(firstHopeless([P95, threshold('abort: sync: failure_rate < 1%')], seen({ times: new Float32Array(), ok: 0 }))).toBeUndefined();
  });

  it('is none that did not say so', () => {
    expect(firstHopeless([threshold('sync: p95 < 200ms'), threshold('warn: sync: p95 < 200ms')], seen())).toBeUndefined();
  });

  it('is never called so by luck: 500 trials that just keep their limit, looked at 20 times each', () => {
    const random = uniforms(7);
    const limit = [threshold('abort: sync: failure_rate <= 5%')];
    let alarms = 0;
    for (let trial = 0; trial < 500; trial++) {
      let failed = 0;
      for (let n = 1; n <= 400; n++) {
        if (random() < 0.05) failed++;
        if (n % 20 === 0 && firstHopeless(limit, seen({ ok: n - failed, failed }))) {
          alarms++;
          break;
        }
      }
    }
    // At 0.01 % a look it is at most 0.2 % of trials: one of 500 is expected at most, and 6 are hardly ever seen.
    expect(alarms).toBeLessThanOrEqual(5);
  });
});
