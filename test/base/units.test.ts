import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, nearest, parseDuration, parseShare } from '../../src/base/units.js';
import { cases } from '../support/properties.js';

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['1.5s', 1500],
    ['10s', 10_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['16.1s', 16_100],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '10', 's', '-1s', '1 s', '1d', '1e3ms', '10s '.repeat(2)])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('are written so that they are read back as they were', () => {
    const readBack = property(integer({ min: 0, max: 10_000_000 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    });
    assert(readBack, { numRuns: cases(2000) });
  });

  it.each([
    [250, '250ms'],
    [10_000, '10s'],
    [1500, '1.5s'],
    [120_000, '2m'],
    [1050, '1050ms'],
  ])('%d ms is written %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('shares', () => {
  it.each([
    ['1%', 0.01],
    ['0.01', 0.01],
    ['.5', 0.5],
    ['100%', 1],
  ])('%s is %d', (text, share) => expect(parseShare(text)).toBeCloseTo(share, 12));

  it.each(['', '%', '-1%', '1 %', 'one'])('%j is none', (text) => expect(parseShare(text)).toBeUndefined());
});

describe('nearest', () => {
  it('finds the name that was meant', () => {
    expect(nearest('chekout', ['checkout', 'flash-sale'])).toBe('checkout');
    expect(nearest('p59', ['p50', 'p95', 'p99'])).toBe('p50');
  });

  it('offers nothing when nothing is near', () => {
    expect(nearest('zebra', ['checkout', 'flash-sale'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });
});
