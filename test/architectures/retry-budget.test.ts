import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryBudget } from '../../src/architectures/retry-budget.js';

describe('a retry budget', () => {
  it('allows one retry for every ten first calls at a tenth', () => {
    const budget = new RetryBudget(0.1);
    const allowed = Array.from({ length: 20 }, () => {
      budget.deposit();
      return budget.withdraw();
    });
    expect(allowed.flatMap((yes, call) => (yes ? [call + 1] : []))).toEqual([10, 20]);
  });

  it('has no limit at 1', () => {
    const budget = new RetryBudget(1);
    expect([budget.withdraw(), budget.withdraw(), budget.withdraw()]).toEqual([true, true, true]);
  });

  it('does not save up for a storm', () => {
    const budget = new RetryBudget(0.5);
    for (let call = 0; call < 10_000; call++) budget.deposit();
    let retries = 0;
    while (budget.withdraw()) retries++;
    expect(retries).toBe(100);
  });

  it('never allows more than the share, whatever the order', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.array(fc.boolean()), (share, retries) => {
        const budget = new RetryBudget(share);
        let first = 0;
        let allowed = 0;
        for (const retry of retries) {
          if (!retry) {
            first++;
            budget.deposit();
          } else if (budget.withdraw()) allowed++;
        }
        expect(allowed).toBeLessThanOrEqual(share * first + 1e-6);
      }),
    );
  });
});
