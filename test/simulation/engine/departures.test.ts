import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Departures } from '../../../src/simulation/engine/departures.js';

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
            departures.passTo(now);
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
        departures.passTo(now);
        expect(departures.length).toBe(expected.filter((moment) => moment > now).length);
      }),
    );
  });
});
