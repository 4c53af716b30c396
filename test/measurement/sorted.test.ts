import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedNumbers } from '../../src/measurement/sorted.js';

const many = { minLength: 2048, maxLength: 3000 };

describe('numbers in order', () => {
  it('stand as a sort by comparison has them, whatever they are', () => {
    const numbers = fc.oneof(
      fc.array(fc.double({ noNaN: true, min: 0 }), many),
      fc.array(fc.double({ noNaN: true }), many),
      fc.array(fc.constantFrom(0, 50, 50 + 2 ** -40, 1e-300, Infinity), many),
      fc.array(fc.double({ noNaN: true }), { maxLength: 20 }),
    );
    fc.assert(
      fc.property(numbers, (values) => {
        expect(sortedNumbers(values)).toEqual(Float64Array.from(values).toSorted());
      }),
      { numRuns: 40 },
    );
  });

  it('leaves what it is given as it is', () => {
    const values = Float64Array.from({ length: 4000 }, (_, i) => 4000 - i);
    const sorted = sortedNumbers(values);
    expect([sorted[0], sorted[3999], values[0]]).toEqual([1, 4000, 4000]);
  });
});
