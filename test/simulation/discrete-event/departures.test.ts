import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Departures } from '../../../src/simulation/discrete-event/departures.js';

describe('Departures', () => {
  it('has those that have not ended, and the earliest of them, whether in order or not', () => {
    const step = fc.record({ wait: fc.nat({ max: 6 }), takes: fc.integer({ min: 1, max: 40 }), isPast: fc.boolean(), isReplaced: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const departures = new Departures();
        let expected: number[] = [];
        let now = 0;
        const seen: number[] = [];
        const shown: number[] = [];
        for (const { wait, takes, isPast, isReplaced } of steps) {
          now += wait;
          if (isPast) {
            departures.passTo(now, 0);
            expected = expected.filter((moment) => moment > now).toSorted((a, b) => a - b);
            seen.push(departures.length);
            shown.push(expected.length);
          }
          if (isPast && isReplaced && expected.length > 0) {
            seen.push(departures.first);
            shown.push(expected.shift()!);
            departures.replaceFirst(now + takes);
          } else departures.push(now + takes);
          expected.push(now + takes);
        }
        expect(seen).toEqual(shown);
        departures.passTo(now, 0);
        expect(departures.length).toBe(expected.filter((moment) => moment > now).length);
      }),
    );
  });

  it('counts no fewer than there are, and exactly as many where there may be so many or more', () => {
    const step = fc.record({ wait: fc.nat({ max: 3 }), takes: fc.double({ min: 0.5, max: 200, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 600 }), fc.integer({ min: 1, max: 80 }), (steps, many) => {
        const departures = new Departures();
        let expected: number[] = [];
        let now = 0;
        for (const { wait, takes } of steps) {
          now += wait;
          departures.passTo(now, many);
          expected = expected.filter((moment) => moment > now);
          expect(departures.length).toBeGreaterThanOrEqual(expected.length);
          expect(departures.length < many || departures.length === expected.length).toBe(true);
          departures.push(now + takes);
          expected.push(now + takes);
        }
      }),
    );
  });
});
