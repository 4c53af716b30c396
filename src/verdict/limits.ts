/** The value of a threshold, in the unit of its metric, and whether it holds of a number that is known within bounds. */
import { parseDuration, parseShare } from '../base/units.js';
import type { Check } from '../measurement/record.js';
import type { Measured } from './measured.js';
import type { Unit } from './metrics.js';

/** `ratio`: one subject's metric divided by another's. */
export type LimitUnit = Unit | 'ratio';

/** What is expected, how it is read (undefined: it is not that), and the unit that a bare number most likely means. */
const LIMITS: Record<LimitUnit, { expected: string; read: (text: string) => number | undefined; meant: string }> = {
  time: { expected: 'a duration, such as 600ms or 5s', read: parseDuration, meant: 'ms' },
  share: { expected: 'a share, such as 1% or 0.01', read: readShare, meant: '%' },
  count: { expected: 'a number', read: readNumber, meant: '' },
  rate: { expected: 'a number per second', read: (text) => readNumber(text.replace(/\/s$/, '')), meant: '' },
  ratio: { expected: 'a plain number, the ratio of the two', read: readNumber, meant: '' },
};

/**
 * Reads a value written without white space.
 * @returns ms, ratio, number or number per second; what is wrong with it as a sentence when it is none
 */
export function readLimit(text: string, unit: LimitUnit): number | string {
  const { expected, read, meant } = LIMITS[unit];
  const value = read(text);
  if (value !== undefined && Number.isFinite(value)) return value;
  const got = text === '' ? 'nothing' : JSON.stringify(text);
  const hint = meant !== '' && readNumber(text) !== undefined ? ` Did you mean ${text}${meant}?` : '';
  return `expected ${expected}, got ${got}.${hint}`;
}

function readNumber(text: string): number | undefined {
  return /^[-+]?(\d+(\.\d+)?|\.\d+)$/.test(text) ? Number(text) : undefined;
}

/** A bare number above 1 is not a share: it was meant as a percentage. */
function readShare(text: string): number | undefined {
  const share = parseShare(text);
  return share !== undefined && share > 1 && !text.endsWith('%') ? undefined : share;
}

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
