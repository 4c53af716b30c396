import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { observeUsage, UsageWatch } from '../../src/processes/usage.js';
import { isAscending } from '../support/lateness.js';

/** Keeps the event loop busy. @returns how long it really did, ms */
function block(ms: number): number {
  const began = performance.now();
  while (performance.now() < began + ms);
  return performance.now() - began;
}

/** Between two of its own looks at the event loop, ms. */
const PERIOD = 10;
/** Node counts whole milliseconds: a timer may be so much early. */
const WHOLE = 1;

describe('usage', () => {
  it('sees one long stall', async () => {
    const before = now();
    const usage = observeUsage();
    const from = now();
    await sleep(30);
    const blocked = block(200);
    await sleep(30);
    const until = now();
    const { delayP99, eventLoop, elapsed } = usage();
    expect([until - from, elapsed, now() - before]).toSatisfy(isAscending);
    expect(eventLoop > (0.99 * blocked) / elapsed).toBe(true);
    // One per cent of the time may have more ahead; the stall may have begun just before it was to look.
    expect(delayP99 > blocked - PERIOD - elapsed / 100 - WHOLE).toBe(true);
  });

  it('is that of the window, whatever comes before and after', async () => {
    const watch = new UsageWatch();
    const startAt = now() + 60;
    watch.watch({ startAt, endAt: startAt + 1000 });
    block(50);
    await sleep(60);
    const toldAt = now();
    watch.watch({ startAt, endAt: startAt + 100 });
    await sleep(150);
    const blockedAt = now();
    block(200);
    const { elapsed } = watch.report();
    // It begins before the end was told again, and ends before the second stall.
    expect([startAt + 100 - toldAt - WHOLE, elapsed, blockedAt - startAt + WHOLE]).toSatisfy(isAscending);
    await sleep(20);
    expect(watch.report().elapsed).toBe(elapsed);
  });
});
