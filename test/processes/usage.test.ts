import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayAt } from '../../src/processes/usage.js';

describe('the delay of a process', () => {
  it.each([
    // Of 10 s, 1 % is 100 ms: so much time may have more ahead.
    [[], 0],
    [[400], 300],
    [[90], 0],
    [[400, 400], 350],
    [[400, 50], 300],
    [[400, 350], 325],
    [Array.from({ length: 1000 }, () => 2), 1.9],
  ])('of %j within 10 s is at its 99th percentile %d', (delays, expected) => {
    expect(delayAt(delays, 10_000, 0.99)).toBeCloseTo(expected, 9);
  });

  it('leaves exactly one per cent of the time with more', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.1, max: 500, noNaN: true }), { minLength: 1, maxLength: 50 }), (delays) => {
        const elapsed = 1000 + delays.reduce((sum, delay) => sum + delay, 0);
        const x = delayAt(delays, elapsed, 0.99);
        const beyond = delays.reduce((sum, delay) => sum + Math.max(0, delay - x), 0);
        expect(beyond <= 0.01 * elapsed + 1e-6).toBe(true);
        expect(x === 0 || Math.abs(beyond - 0.01 * elapsed) < 1e-6).toBe(true);
      }),
    );
  });
});
