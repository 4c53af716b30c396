/** What the kernel counts of a quota, as its files have it. */
import { describe, expect, it } from 'vitest';
import { readThrottling, throttledBetween, throttlingIn } from '../../src/processes/control-group.js';
import { usageOf } from '../../src/processes/usage.js';

const V2 = (periods: number, throttled: number): string => `usage_usec 12\nuser_usec 8\nsystem_usec 4\nnr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_usec 900\nnr_bursts 0\n`;

describe('throttlingIn', () => {
  it.each([
    ['version 2', V2(300, 7), { periods: 300, throttled: 7 }],
    ['version 1', 'nr_periods 50\nnr_throttled 0\nthrottled_time 0\n', { periods: 50, throttled: 0 }],
    ['a group without a quota', V2(0, 0), null],
    ['the root of all', 'usage_usec 12\nuser_usec 8\nsystem_usec 4\n', null],
    ['no file', '', null],
  ])('reads %s', (_, text, expected) => {
    expect(throttlingIn(text)).toEqual(expected);
  });
});

/** A pod in a slice: both may have a quota. */
function groups(stats: Record<string, string>): (file: string) => string | undefined {
  return (file) => ({ '/proc/self/cgroup': '0::/slice/pod\n', ...stats })[file];
}

describe('throttledBetween', () => {
  it('is of the group that had to wait most often, whichever it is', () => {
    const at = (slice: string, pod: string): ReturnType<typeof readThrottling> => readThrottling(groups({ '/sys/fs/cgroup/slice/cpu.stat': slice, '/sys/fs/cgroup/slice/pod/cpu.stat': pod }));
    expect(throttledBetween(at(V2(1000, 500), V2(10, 0)), at(V2(1100, 501), V2(110, 40)))).toEqual({ periods: 100, throttled: 40 });
    expect(throttledBetween(at(V2(1000, 500), V2(10, 0)), at(V2(1100, 560), V2(110, 40)))).toEqual({ periods: 100, throttled: 60 });
    expect(throttledBetween(at(V2(1000, 500), V2(10, 3)), at(V2(1000, 500), V2(10, 3)))).toBeNull();
  });

  it('is nothing where nobody has a quota', () => {
    const none = readThrottling(groups({}));
    expect(throttledBetween(none, none)).toBeNull();
  });
});

it('stretches of time are put together', () => {
  const stretch = { at: 0, eventLoop: 0.1, delays: [], cpu: 10, elapsed: 1000, rss: 1 };
  expect(usageOf([{ ...stretch, throttling: { periods: 10, throttled: 1 } }, { ...stretch, throttling: { periods: 11, throttled: 4 } }])).toMatchObject({ throttling: { periods: 21, throttled: 5 } });
  expect(usageOf([stretch])).not.toHaveProperty('throttling');
});
