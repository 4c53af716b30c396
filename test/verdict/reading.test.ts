import { describe, expect, it } from 'vitest';
import { judge, UNKNOWN, verdictOf } from '../../src/verdict/reading.js';

const LIMITS = { margin: 2, tolerance: 5 };
const of = (low: number, estimate: number, high: number, significant?: boolean) =>
  judge({ low, estimate, high }, LIMITS, significant);

describe('judge', () => {
  it('fails what is larger than noise and beyond the margin, however wide its interval', () => {
    expect(of(0.1, 2.1, 4)).toEqual({ reading: 'slower', state: 'fail' });
    expect(of(0.1, 8, 16)).toEqual({ reading: 'slower', state: 'fail' });
  });

  it('passes what is faster in the same way', () => {
    expect(of(-4, -2.1, -0.1)).toEqual({ reading: 'faster', state: 'pass' });
  });

  it('is unsure of what may be noise, or is within the margin', () => {
    expect(of(0, 3, 6).reading).toBe('unsure');
    expect(of(-6, -3, 0).reading).toBe('unsure');
    expect(of(0.1, 2, 3.9).reading).toBe('unsure');
    expect(of(-3.9, -2, -0.1).reading).toBe('unsure');
  });

  it('passes what it is unsure of only when nothing as large as the tolerance can hide', () => {
    expect(of(-3, 1, 4.9).state).toBe('pass');
    expect(of(-3, 1, 5).state).toBe('inconclusive');
    expect(of(-90, -40, 10).state).toBe('inconclusive');
  });

  it('takes the word of another test for what is noise', () => {
    expect(of(0.1, 3, 6, false)).toEqual({ reading: 'unsure', state: 'inconclusive' });
    expect(of(-1, 3, 6, true)).toEqual({ reading: 'slower', state: 'fail' });
  });
});

describe('UNKNOWN', () => {
  it('is never a pass', () => {
    expect(UNKNOWN).toEqual({ reading: 'unsure', state: 'inconclusive' });
  });
});

describe('verdictOf', () => {
  const pass = { state: 'pass', gate: true } as const;

  it('fails when one fails, whatever the others', () => {
    expect(verdictOf([pass, { state: 'inconclusive', gate: true }, { state: 'fail', gate: true }])).toBe('fail');
  });

  it('passes only when all pass', () => {
    expect(verdictOf([pass, pass])).toBe('pass');
    expect(verdictOf([pass, { state: 'inconclusive', gate: true }])).toBe('inconclusive');
  });

  it('hangs on gates alone, and without any it cannot tell', () => {
    expect(verdictOf([pass, { state: 'fail', gate: false }])).toBe('pass');
    expect(verdictOf([{ state: 'pass', gate: false }])).toBe('inconclusive');
    expect(verdictOf([])).toBe('inconclusive');
  });
});
