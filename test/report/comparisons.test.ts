import { describe, expect, it } from 'vitest';
import { changeOf, comparedName, comparedResult, comparedValue } from '../../src/report/comparisons.js';
import { comparison } from '../support/comparison.js';

describe('comparedName', () => {
  it('names subject, metric and load', () => {
    expect(comparedName(comparison())).toBe('head/base p95 at 100 users');
    expect(comparedName(comparison({ load: null, metric: 'lost' }))).toBe('head/base lost');
  });
});

describe('comparedResult', () => {
  it('tells reading, change, interval, pairs and what could have been seen', () => {
    expect(comparedResult(comparison())).toBe(
      'slower, +5.0% (+3.2% to +7.0%), 12 pairs, changes from +3.0% on could be seen',
    );
  });

  it('says "unsure" where it is inconclusive, and why', () => {
    const unsure = comparison({
      state: 'inconclusive',
      reading: 'faster',
      change: null,
      low: null,
      high: null,
      pairs: null,
      smallest: null,
      why: 'too few answers to know p95',
    });
    expect(comparedResult(unsure)).toBe('unsure, -, too few answers to know p95');
  });
});

describe('changeOf', () => {
  it.each([
    [-0.021, 'ratio', '-2.1%'],
    [0, 'ratio', '+0.0%'],
    [0.012, 'points', '+1.2 points'],
    [-3, 'count', '-3'],
    [null, 'ratio', '-'],
    [Infinity, 'ratio', 'without bound'],
  ] as const)('%d on the scale %s is %s', (change, scale, text) => {
    expect(changeOf(change, { scale })).toBe(text);
  });
});

describe('comparedValue', () => {
  it('has the unit of its metric', () => {
    expect(comparedValue(525, comparison())).toBe('525 ms');
    expect(comparedValue(95.2, comparison({ metric: 'throughput' }))).toBe('95.2/s');
    expect(comparedValue(0.052, comparison({ metric: 'failure_rate', scale: 'points' }))).toBe('5.2%');
    expect(comparedValue(3, comparison({ metric: 'lost', scale: 'count' }))).toBe('3');
    expect(comparedValue(2.1, comparison({ kind: 'records', subject: 'sync/hybrid' }))).toBe('2.1');
    expect(comparedValue(null, comparison())).toBe('-');
  });
});
