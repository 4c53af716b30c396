/** Clocks of other hosts: whatever the network does, the truth lies within the stated bound. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitClock, translated, type Exchange } from '../../src/measurement/host-clocks.js';
import { cases } from '../support/properties.js';

/** A clock that is `offset` behind another at 0 and gains on it; the other's moment of one of its own. */
interface Truth {
  offset: number;
  drift: number;
}
const truth = ({ offset, drift }: Truth, moment: number): number => moment + offset + drift * moment;
const inverse = ({ offset, drift }: Truth, moment: number): number => (moment - offset) / (1 + drift);

/** An exchange begun at a moment of the asking clock, with so much time on each way and at the other end, ms. */
function exchanged(clock: Truth, sentAt: number, there: number, held: number, back: number): Exchange {
  const receivedAt = truth(clock, sentAt) + there;
  const repliedAt = receivedAt + held;
  return { sentAt, receivedAt, repliedAt, answeredAt: inverse(clock, repliedAt + back) };
}

const arbitraryClock = fc.record({ offset: fc.double({ min: -1e8, max: 1e8, noNaN: true }), drift: fc.double({ min: -4e-4, max: 4e-4, noNaN: true }) });
const way = (base: number): fc.Arbitrary<number> => fc.double({ min: 0, max: 1, noNaN: true }).map((at) => base - 3 * Math.log(1 - 0.999 * at));
/** Ways as long as they like, each with a share that never goes away, and jitter with a long tail. */
const arbitraryExchanges = fc
  .record({ there: fc.double({ min: 0.02, max: 8, noNaN: true }), back: fc.double({ min: 0.02, max: 8, noNaN: true }), seconds: fc.integer({ min: 1, max: 600 }) })
  .chain(({ there, back, seconds }) =>
    fc.array(fc.tuple(fc.double({ min: 0, max: 1000 * seconds, noNaN: true }), way(there), fc.double({ min: 0, max: 800, noNaN: true }), way(back)), { minLength: 1, maxLength: 60 }),
  );

describe('a clock read on another', () => {
  it('is off by no more than the bound, whatever offset, drift, jitter and however unequal the ways', () => {
    fc.assert(
      fc.property(arbitraryClock, arbitraryExchanges, fc.double({ min: 0, max: 1, noNaN: true }), (clock, calls, share) => {
        const exchanges = calls.map((call) => exchanged(clock, ...call));
        const fit = fitClock(exchanges)!;
        const [from, to] = [Math.min(...exchanges.map(({ sentAt }) => sentAt)), Math.max(...exchanges.map(({ answeredAt }) => answeredAt))];
        const moment = from + share * (to - from);
        expect(Math.abs(translated(fit, moment) - truth(clock, moment))).toBeLessThanOrEqual(fit.bound + 1e-6);
      }),
      { numRuns: cases(1000) },
    );
  });

  it('knows no more than the network lets it know: half the least round trip where both ways took as long', () => {
    const clock = { offset: 86_400_000, drift: 2e-5 };
    const exchanges = Array.from({ length: 200 }, (_, i) => exchanged(clock, i * 300, 5 + ((i * 7) % 11) / 10, 0.1, 5 + ((i * 5) % 13) / 10));
    const fit = fitClock(exchanges)!;
    expect(fit.roundTrip).toBeCloseTo(10, 0);
    expect(fit.bound).toBeGreaterThanOrEqual(5);
    expect(fit.bound).toBeLessThan(6);
    expect(fit.drift).toBeCloseTo(2e-5, 5);
    // Equal ways: in truth it is far nearer than can be proved.
    expect(Math.abs(translated(fit, 30_000) - truth(clock, 30_000))).toBeLessThan(0.5);
  });

  it('is not led astray by exchanges that were held up on one way', () => {
    const clock = { offset: -1234, drift: -5e-5 };
    const held = (i: number): number => (i % 9 === 0 ? 0 : 40);
    const fit = fitClock(Array.from({ length: 180 }, (_, i) => exchanged(clock, i * 500, 0.2 + held(i), 0, 0.2)))!;
    expect(fit.bound).toBeLessThan(0.4);
  });

  it('is not known without an exchange', () => {
    expect(fitClock([])).toBeNull();
  });
});
