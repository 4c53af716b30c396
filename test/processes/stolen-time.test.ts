/** What the kernel counts of time that others took, as its file has it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTicks, stolenBetween } from '../../src/processes/stolen-time.js';
import { usageOf } from '../../src/processes/usage.js';

const stat = (line: string) => (file: string) => (file === '/proc/stat' ? `${line}\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n` : undefined);

describe('readTicks', () => {
  it('reads those of all processors, guests once', () => {
    expect(readTicks(stat('cpu  148804 0 20126 312400 1032 0 5200 28974 17 3'))).toEqual({ all: 516_536, stolen: 28_974 });
  });

  it.each([
    ['no such file', () => undefined],
    ['a kernel that does not count it', stat('cpu  1 2 3 4')],
  ])('is nothing with %s', (_, text) => {
    expect(readTicks(text)).toBeNull();
  });
});

describe('stolenBetween', () => {
  it('is the share of what passed in between', () => {
    expect(stolenBetween({ all: 1000, stolen: 100 }, { all: 1200, stolen: 112 })).toBeCloseTo(0.06);
  });

  it('is nothing where nobody tells, or no time has passed', () => {
    const ticks = { all: 1000, stolen: 100 };
    for (const [before, after] of [[null, ticks], [ticks, null], [ticks, ticks]] as const) expect(stolenBetween(before, after)).toBe(0);
  });

  it('is a share whatever is read', () => {
    const reading = fc.record({ all: fc.nat(), stolen: fc.nat() }).filter(({ all, stolen }) => stolen <= all);
    fc.assert(fc.property(reading, reading, ({ all, stolen }, more) => {
      const share = stolenBetween({ all, stolen }, { all: all + more.all, stolen: stolen + more.stolen });
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }));
  });
});

it('stretches of time are put together by their length', () => {
  const stretch = { at: 0, eventLoop: 0.1, delays: [], cpu: 10, elapsed: 1000, rss: 1 };
  expect(usageOf([{ ...stretch, stolen: 0.1 }, { ...stretch, elapsed: 3000 }])?.stolen).toBeCloseTo(0.025);
  expect(usageOf([stretch])).not.toHaveProperty('stolen');
});
