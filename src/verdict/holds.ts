/** Whether a limit holds of a number that is known within bounds. */
import type { Check } from '../measurement/record.js';
import type { Measured } from './measured.js';

export const OPERATORS = ['<', '<=', '>', '>=', '==', '!='] as const;
export type Operator = (typeof OPERATORS)[number];

/**
 * Pass when every value within the bounds keeps the limit, fail when none does, else unknown. `==` and `!=` are about
 * the value itself: no interval ever proves them.
 */
export function holds(measured: Measured, operator: Operator, limit: number): Check['state'] {
  const { low, high } = measured;
  switch (operator) {
    case '<':
      return decide(high < limit, low >= limit);
    case '<=':
      return decide(high <= limit, low > limit);
    case '>':
      return decide(low > limit, high <= limit);
    case '>=':
      return decide(low >= limit, high < limit);
    case '==':
      return equals(measured, limit);
    case '!=':
      return OPPOSITE[equals(measured, limit)];
  }
}

const OPPOSITE = { pass: 'fail', fail: 'pass', unknown: 'unknown' } as const;

function decide(passes: boolean, fails: boolean): Check['state'] {
  if (passes) return 'pass';
  return fails ? 'fail' : 'unknown';
}

/** A value that is only known to be at least so long may still come to be the limit. */
function equals({ value, high }: Measured, limit: number): Check['state'] {
  if (high === Infinity && value <= limit) return 'unknown';
  return value === limit ? 'pass' : 'fail';
}
