import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HopelessLimit, watchLimits } from '../../src/experiment/early-abort.js';
import type { Seen } from '../../src/verdict/early-abort.js';
import { threshold } from '../verdict/fixtures.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMIT = threshold('abort: sync: failure_rate < 1%');
const seen = (failed: number): Seen => ({ elapsed: 1000, times: new Float32Array(), ok: 100 - failed, failed });

/** What became of a watch after so many ms, and how often it looked. */
async function watch(limits: Parameters<typeof watchLimits>[0], looks: (Seen | null | Error)[], ms: number) {
  let count = 0;
  let found: unknown = null;
  const watched = watchLimits(limits, async () => {
    const what = looks[count++] ?? null;
    if (what instanceof Error) throw what;
    return what;
  });
  watched.hopeless.catch((error: unknown) => (found = error));
  await vi.advanceTimersByTimeAsync(ms);
  watched.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  return { count, found };
}

describe('watchLimits', () => {
  it('looks four times a second, and not after it was stopped', async () => {
    expect(await watch([LIMIT], [], 249)).toEqual({ count: 0, found: null });
    expect(await watch([LIMIT], [], 2000)).toEqual({ count: 8, found: null });
  });

  it('looks less often the longer it goes on', async () => {
    const late = { ...seen(0), elapsed: 60_000 };
    // Looked at after a minute, it is looked at again three seconds later.
    expect((await watch([LIMIT], [late, late, late], 3200)).count).toBe(1);
    expect((await watch([LIMIT], [late, late, late], 3300)).count).toBe(2);
  });

  it('tells of the limit that is hopeless, and of none before', async () => {
    expect((await watch([LIMIT], [null, seen(0), seen(50)], 500)).found).toBeNull();
    const { found } = await watch([LIMIT], [null, seen(0), seen(50)], 750);
    expect(found).toBeInstanceOf(HopelessLimit);
    expect(found).toMatchObject({ expression: LIMIT.expression, message: expect.stringMatching(/^Hopeless after 1\.0 s and 100 requests/) });
  });

  it('goes on when there is nothing to look at', async () => {
    expect((await watch([LIMIT], [new Error('gone'), seen(50)], 1000)).found).toBeInstanceOf(HopelessLimit);
  });

  it('looks at nothing without limits', async () => {
    expect(await watch([], [seen(50)], 2000)).toEqual({ count: 0, found: null });
  });
});
