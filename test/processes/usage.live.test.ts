import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { observeUsage, UsageWatch } from '../../src/processes/usage.js';

/** Keeps the event loop busy for so long at least, ms. */
function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

describe('usage', () => {
  it('sees one long stall', async () => {
    const startedAt = performance.now();
    const usage = observeUsage();
    await sleep(30);
    block(200);
    await sleep(30);
    const { delayP99, eventLoop, elapsed } = usage();
    const most = performance.now() - startedAt;
    // All of the stall but the last 1 % of the time, and the reading before it: most of it at any rate.
    expect(delayP99).toBeGreaterThan(200 / 2);
    expect(delayP99).toBeLessThan(most);
    expect(eventLoop).toBeGreaterThanOrEqual(200 / most);
    expect(elapsed).toBeGreaterThanOrEqual(200);
    expect(elapsed).toBeLessThanOrEqual(most);
  });

  it('is that of the window, whatever comes before and after', async () => {
    const watch = new UsageWatch();
    const madeAt = now();
    const startAt = madeAt + 60;
    watch.watch({ startAt, endAt: startAt + 1000 });
    block(50);
    await sleep(60);
    watch.watch({ startAt, endAt: startAt + 100 });
    await sleep(150);
    const before = now();
    block(500);
    const { elapsed, delayP99 } = watch.report();
    expect(elapsed).toBeGreaterThan(0);
    // The stall of afterwards is not within it.
    expect(elapsed).toBeLessThan(before - madeAt);
    expect(delayP99).toBeLessThan(before - madeAt);
    await sleep(20);
    expect(watch.report().elapsed).toBe(elapsed);
  });
});
