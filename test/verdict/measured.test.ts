import { describe, expect, it } from 'vitest';
import { summarise, summariseSigned } from '../../src/measurement/times.js';
import { counted, medianOf, percentileOf, ratioOf, shareOf, statisticOf } from '../../src/verdict/measured.js';

const thousand = Float32Array.from({ length: 1000 }, (_, i) => i + 1);
const exactly = (value: number) => ({ value, low: value, high: value, why: '' });

describe('counted', () => {
  it('is exact', () => {
    expect(counted(3)).toEqual(exactly(3));
    expect(counted(0)).toEqual(exactly(0));
    expect(counted(Infinity)).toEqual(exactly(Infinity));
  });

  it.each([null, undefined, NaN])('of %s is nothing', (value) => {
    expect(counted(value)).toBeNull();
  });
});

describe('shareOf', () => {
  it('has the bounds of Clopper and Pearson: 3 in n when none was seen', () => {
    const none = shareOf(0, 3000);
    expect(none).toMatchObject({ value: 0, low: 0 });
    expect(none?.high).toBeCloseTo(1 - 0.05 ** (1 / 3000), 12);
    expect(shareOf(3000, 3000)).toMatchObject({ value: 1, high: 1 });
    expect(shareOf(10, 100)).toMatchObject({ value: 0.1 });
  });

  it('of nothing is nothing', () => {
    expect(shareOf(0, 0)).toBeNull();
  });
});

describe('percentileOf', () => {
  it('has order statistics for bounds', () => {
    // Exact binomial tails: of 1000 samples at most 961 lie below p95 with 0.9567, at most 937 with 0.0384 (938: 0.0511).
    expect(percentileOf(summarise(thousand), 'p95', thousand)).toEqual({ value: 950, low: 938, high: 962, why: '' });
  });

  it('counts what was not over as short for the lower bound and as endless for the upper', () => {
    // Fifty that were given up early: the true p95 lies beyond the 950th of what was over.
    const samples = thousand.map((time, i) => (i < 50 ? -time : time));
    const p95 = percentileOf(summariseSigned(samples), 'p95', samples);
    expect(p95).toEqual({ value: 950, low: 938, high: Infinity, why: '50 of 1000 were not over yet' });
    expect(percentileOf(summariseSigned(samples), 'p50', samples)).toMatchObject({ value: 500, low: 474, high: 577 });
  });

  it('does not mind timeouts that lie beyond the percentile', () => {
    const samples = thousand.map((time) => (time > 980 ? -time : time));
    expect(percentileOf(summariseSigned(samples), 'p95', samples)).toMatchObject({ low: 938, high: 962, why: '' });
  });

  it('takes times below a millisecond for what they are', () => {
    const short = Float32Array.from({ length: 100 }, (_, i) => i / 128);
    expect(percentileOf(summarise(short), 'p50', short)).toMatchObject({ value: 49 / 128, low: 41 / 128, high: 58 / 128 });
    const nothing = new Float32Array(100);
    expect(percentileOf(summarise(nothing), 'p95', nothing)).toEqual(exactly(0));
  });

  it('is not bounded by too few samples', () => {
    const few = thousand.slice(0, 58);
    expect(percentileOf(summarise(few), 'p95', few)).toMatchObject({
      value: 56, high: Infinity, why: '58 samples, and it takes 59 to bound it',
    });
    expect(percentileOf(summarise(thousand.slice(0, 59)), 'p95', thousand.slice(0, 59))).toMatchObject({ high: 59, why: '' });
    expect(percentileOf(summarise([5]), 'p50', Float32Array.of(5))).toMatchObject({ value: 5, low: 0, high: Infinity });
  });

  it('stands for itself without samples', () => {
    expect(percentileOf(summarise(thousand), 'p95')).toEqual(exactly(950));
    expect(percentileOf(summarise(thousand), 'p95', thousand.slice(1))).toEqual(exactly(950));
  });

  it('stands for no more than it is without samples, when there are too few or some were not over', () => {
    expect(percentileOf(summarise(thousand, 3), 'p95')).toEqual({
      value: 950, low: 950, high: Infinity, why: '3 of 1000 were not over yet',
    });
    expect(percentileOf(summarise(thousand.slice(0, 58)), 'p95')).toMatchObject({ value: 56, low: 0, high: Infinity });
    expect(percentileOf(summarise([]), 'p95')).toBeNull();
  });
});

describe('statisticOf', () => {
  it('is exact when everything was over', () => {
    expect(statisticOf(summarise(thousand), 'mean')).toEqual(exactly(500.5));
    expect(statisticOf(summarise([]), 'mean')).toBeNull();
  });

  it('is a lower bound of mean and maximum when something was not', () => {
    const times = summarise(thousand, 2);
    expect(statisticOf(times, 'mean')).toMatchObject({ low: 500.5, high: Infinity, why: '2 of 1000 were not over yet' });
    expect(statisticOf(times, 'max')).toMatchObject({ low: 1000, high: Infinity });
    expect(statisticOf(times, 'min')).toEqual(exactly(1));
  });
});

describe('ratioOf', () => {
  it('takes the worst of both bounds', () => {
    const a = { value: 10, low: 8, high: 12, why: '' };
    const b = { value: 5, low: 4, high: 6, why: 'b' };
    expect(ratioOf(a, b)).toEqual({ value: 2, low: 8 / 6, high: 3, why: 'b' });
    expect(ratioOf(exactly(0), b)).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  it('is endless towards a divisor that may be nothing, and none by nothing', () => {
    expect(ratioOf(exactly(4), { value: 2, low: 0, high: 4, why: '' })).toEqual({ value: 2, low: 1, high: Infinity, why: '' });
    expect(ratioOf(exactly(4), exactly(0))).toBeNull();
  });
});

describe('medianOf', () => {
  const round = (value: number, spread = 1) => ({ value, low: value - spread, high: value + spread, why: '' });

  it('is that of the values and of the bounds', () => {
    expect(medianOf([round(30, 9), round(10, 3), round(20, 1)])).toEqual({ value: 20, low: 19, high: 21, why: '' });
    expect(medianOf([round(10), round(20)])).toEqual({ value: 15, low: 14, high: 16, why: '' });
  });

  it('is endless when half of the rounds are, and says why', () => {
    const open = { ...round(10), high: Infinity, why: 'not over' };
    expect(medianOf([round(1), open, open])).toMatchObject({ high: Infinity, why: 'not over' });
    expect(medianOf([round(1), round(2), open])).toMatchObject({ high: 3, why: '' });
    expect(medianOf([exactly(Infinity), exactly(Infinity)])).toMatchObject({ value: Infinity });
  });
});
