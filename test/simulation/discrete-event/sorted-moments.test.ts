import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedMoments } from '../../../src/simulation/discrete-event/sorted-moments.js';

/** What is noted after a moment was reached, in ms after it: a crowd of equal ones at times, and one far ahead. */
const waits = fc.oneof(
  fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { maxLength: 60 }),
  fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 30, max: 80 })).map(([wait, count]) => Array.from({ length: count }, (_, i) => wait + (i % 2) * 1e-6)),
  fc.constant([1e6, 0, 3]),
);

describe('SortedMoments', () => {
  it('gives what lies before a moment, earliest first, and keeps the rest', () => {
    const batch = fc.record({ waits, step: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
        const moments = new SortedMoments();
        let expected: number[] = [];
        let now = 0;
        for (const { waits: drawn, step } of batches) {
          for (const wait of drawn) {
            moments.push(now + wait);
            expected.push(now + wait);
          }
          const until = now + step;
          expect([...moments.take(now, until)]).toEqual(expected.filter((at) => at < until).toSorted((a, b) => a - b));
          expected = expected.filter((at) => at >= until);
          expect(moments.length).toBe(expected.length);
          now = until;
        }
        expect([...moments.take(now, Infinity)]).toEqual(expected.toSorted((a, b) => a - b));
      }),
    );
  });
});
