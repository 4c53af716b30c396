import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crowd } from '../../../src/simulation/engine/crowd.js';
import { Kernel } from '../../../src/simulation/engine/kernel.js';

interface Stay {
  now: number;
  from: number;
  to: number;
}

/** Most present at the moment of any coming. */
function mostOf(stays: readonly Pick<Stay, 'from' | 'to'>[], until = Infinity): number {
  const at = (moment: number): number => stays.filter(({ from, to }) => from <= moment && moment < to).length;
  return Math.max(0, ...stays.filter(({ from }) => from <= until).map(({ from }) => at(from)));
}

function crowdOf(stays: readonly Stay[], endedAt: number, longest = 100): Crowd {
  const kernel = new Kernel();
  const crowd = new Crowd(kernel, longest, 1);
  for (const { now, from, to } of stays) {
    kernel.now = now;
    crowd.add(Float64Array.of(from, to), 0);
  }
  kernel.now = endedAt;
  crowd.close();
  return crowd;
}

const PAUSES = fc.constantFrom(0.01, 0.3, 7, 250);
const FRACTION = fc.double({ min: 0.001, max: 0.999, noNaN: true });

/** Stays told as time goes on, each some time before it begins; no two moments are the same. */
const STAYS = fc.array(fc.tuple(PAUSES, FRACTION, FRACTION, FRACTION), { minLength: 1, maxLength: 200 }).map((drawn) => {
  let now = 0;
  return drawn.map(([pause, before, ahead, length]): Stay => {
    now += pause * before;
    const from = now + 50 * ahead;
    return { now, from, to: from + 50 * length };
  });
});

describe('a crowd', () => {
  it('knows the most that were present at once, whatever the order in which they are told', () => {
    fc.assert(
      fc.property(STAYS, (stays) => {
        expect(crowdOf(stays, 1e6).peak).toBe(mostOf(stays));
      }),
    );
  });

  it('counts nobody who would have come after the end', () => {
    fc.assert(
      fc.property(STAYS, FRACTION, (stays, share) => {
        const last = stays.at(-1)!.now;
        const endedAt = last + 50 * share;
        expect(crowdOf(stays, endedAt).peak).toBe(mostOf(stays, endedAt));
      }),
    );
  });

  it('keeps any number of moments that have not passed', () => {
    const stays = Array.from({ length: 5000 }, (_, i): Stay => ({ now: i / 1000, from: i / 1000, to: 50 + i / 1000 }));
    expect(crowdOf(stays, 1000).peak).toBe(5000);
  });

  it('tells apart those whose caller listens no more', () => {
    const kernel = new Kernel();
    const crowd = new Crowd(kernel, 100, 1);
    crowd.add(Float64Array.of(0, 50), 0);
    kernel.now = 30;
    crowd.unhear(20, 50);
    crowd.add(Float64Array.of(30, 60), 0);
    crowd.close();
    expect(crowd).toMatchObject({ peak: 2, peakHeard: 1 });
  });

  it('says when there are too many of those', () => {
    const crowd = new Crowd(new Kernel(), 100, 1);
    const answers = Array.from({ length: 65 }, () => crowd.unhear(0, 50));
    expect(answers.indexOf(false)).toBe(64);
  });
});
