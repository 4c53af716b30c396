import * as fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { delayAt, observeUsage, UsageWatch } from '../../src/processes/usage.js';

/** Keeps the event loop busy. */
function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

describe('the delay of a process', () => {
  it.each([
    // Of 10 s, 1 % is 100 ms: so much time may have more ahead.
    [[], 0],
    [[400], 300],
    [[90], 0],
    [[400, 400], 350],
    [[400, 50], 300],
    [[400, 350], 325],
    [Array.from({ length: 1000 }, () => 2), 1.9],
  ])('of %j within 10 s is at its 99th percentile %d', (delays, expected) => {
    expect(delayAt(delays, 10_000, 0.99)).toBeCloseTo(expected, 9);
  });

  it('leaves exactly one per cent of the time with more', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.1, max: 500, noNaN: true }), { minLength: 1, maxLength: 50 }), (delays) => {
        const elapsed = 1000 + delays.reduce((sum, delay) => sum + delay, 0);
        const x = delayAt(delays, elapsed, 0.99);
        const beyond = delays.reduce((sum, delay) => sum + Math.max(0, delay - x), 0);
        expect(beyond <= 0.01 * elapsed + 1e-6).toBe(true);
        expect(x === 0 || Math.abs(beyond - 0.01 * elapsed) < 1e-6).toBe(true);
      }),
    );
  });
});

describe('usage', () => {
  it('sees one long stall', async () => {
    const usage = observeUsage();
    await sleep(30);
    block(200);
    await sleep(30);
    const { delayP99, eventLoop, elapsed } = usage();
    expect(delayP99).toBeGreaterThan(150);
    expect(eventLoop).toBeGreaterThan(0.2);
    expect(elapsed).toBeGreaterThan(255);
  });

  it('is that of the window, whatever comes before and after', async () => {
    const watch = new UsageWatch();
    const startAt = now() + 60;
    watch.watch({ startAt, endAt: startAt + 1000 });
    block(50);
    await sleep(60);
    watch.watch({ startAt, endAt: startAt + 100 });
    await sleep(150);
    block(200);
    const { elapsed, delayP99 } = watch.report();
    expect(elapsed).toBeGreaterThan(50);
    expect(elapsed).toBeLessThan(200);
    expect(delayP99).toBeLessThan(100);
    await sleep(20);
    expect(watch.report().elapsed).toBe(elapsed);
  });
});
