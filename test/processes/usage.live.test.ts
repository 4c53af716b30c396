import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { observeUsage, UsageWatch } from '../../src/processes/usage.js';

/** Keeps the event loop busy. */
function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

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
