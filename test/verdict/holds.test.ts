import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, OPERATORS, type Operator } from '../../src/verdict/limits.js';

const between = (low: number, value: number, high: number) => ({ low, value, high, why: '' });

describe('holds', () => {
  // The interval below the limit 10, ending at it, around it, beginning at it, above it.
  it.each<[Operator, string[]]>([
    ['<', ['pass', 'unknown', 'unknown', 'fail', 'fail']],
    ['<=', ['pass', 'pass', 'unknown', 'unknown', 'fail']],
    ['>', ['fail', 'fail', 'unknown', 'unknown', 'pass']],
    ['>=', ['fail', 'unknown', 'unknown', 'pass', 'pass']],
    ['==', ['fail', 'fail', 'pass', 'fail', 'fail']],
    ['!=', ['pass', 'pass', 'fail', 'pass', 'pass']],
  ])('%s 10', (operator, expected) => {
    const intervals = [between(7, 8, 9), between(8, 9, 10), between(9, 10, 11), between(10, 11, 12), between(11, 12, 13)];
    expect(intervals.map((interval) => holds(interval, operator, 10))).toEqual(expected);
  });

  it.each<[Operator, string[]]>([
    ['<', ['pass', 'fail', 'fail']],
    ['<=', ['pass', 'pass', 'fail']],
    ['>', ['fail', 'fail', 'pass']],
    ['>=', ['fail', 'pass', 'pass']],
    ['==', ['fail', 'pass', 'fail']],
    ['!=', ['pass', 'fail', 'pass']],
  ])('%s 10 of an exact 9, 10 and 11', (operator, expected) => {
    expect([9, 10, 11].map((value) => holds(between(value, value, value), operator, 10))).toEqual(expected);
  });

  it.each<[Operator, string[]]>([
    ['<', ['unknown', 'fail', 'fail']],
    ['<=', ['unknown', 'unknown', 'fail']],
    ['>', ['unknown', 'unknown', 'pass']],
    ['>=', ['unknown', 'pass', 'pass']],
    ['==', ['unknown', 'unknown', 'fail']],
    ['!=', ['unknown', 'unknown', 'pass']],
  ])('%s 10 of what is at least 9, 10 and 11', (operator, expected) => {
    expect([9, 10, 11].map((value) => holds(between(value, value, Infinity), operator, 10))).toEqual(expected);
  });

  it('takes "never" as beyond every limit', () => {
    const never = between(Infinity, Infinity, Infinity);
    expect(OPERATORS.map((operator) => holds(never, operator, 10))).toEqual(['fail', 'fail', 'pass', 'pass', 'fail', 'pass']);
  });

  it('passes only what holds of every value within the bounds, and fails only what holds of none', () => {
    const number = fc.integer({ min: 0, max: 12 });
    const operators = { '<': (x: number, y: number) => x < y, '<=': (x: number, y: number) => x <= y };
    fc.assert(
      fc.property(number, number, number, fc.constantFrom('<' as const, '<=' as const), (a, b, limit, operator) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const all = Array.from({ length: high - low + 1 }, (_, i) => operators[operator](low + i, limit));
        const expected = all.every(Boolean) ? 'pass' : all.some(Boolean) ? 'unknown' : 'fail';
        expect(holds(between(low, low, high), operator, limit)).toBe(expected);
        const opposite = operator === '<' ? '>=' : '>';
        const flipped = { pass: 'fail', fail: 'pass', unknown: 'unknown' }[expected];
        expect(holds(between(low, low, high), opposite, limit)).toBe(flipped);
      }),
    );
  });
});
