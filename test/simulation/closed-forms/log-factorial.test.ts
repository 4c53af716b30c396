import { describe, expect, it } from 'vitest';
import { logFactorial } from '../../../src/simulation/closed-forms/log-factorial.js';

describe('logFactorial', () => {
  it('is the sum of logarithms', () => {
    let sum = 0;
    for (let n = 1; n <= 300; n++) {
      sum += Math.log(n);
      expect(Math.abs(logFactorial(n) - sum)).toBeLessThan(1e-11 * Math.max(1, sum));
    }
    expect(logFactorial(0)).toBe(0);
  });
});
