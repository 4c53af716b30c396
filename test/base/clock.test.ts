import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after } from '../../src/base/clock.js';

describe('after', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it.each([1, 1000, 2 ** 31 - 1, 2 ** 31, 600 * 3_600_000, 10 * 2 ** 31])('waits %d ms, and no less', (ms) => {
    const run = vi.fn<() => void>();
    after(ms, run);
    vi.advanceTimersByTime(ms - 1);
    expect(run).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is called off in any of its parts', () => {
    const run = vi.fn<() => void>();
    const callOff = after(3 * 2 ** 31, run);
    vi.advanceTimersByTime(2 ** 31 + 5);
    callOff();
    vi.advanceTimersByTime(10 * 2 ** 31);
    expect(run).not.toHaveBeenCalled();
  });
});
