import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callCount, meanCalls, meanTurns, mostCalls, spanOf } from '../../src/scenarios/call-count.js';
import { drawsOf } from '../../src/scenarios/draw.js';
import { parse } from './support.js';

const draws = drawsOf(1, 'read');
const REQUESTS = Array.from({ length: 20_000 }, (_, request) => request);

describe('the number of calls', () => {
  it('has the median that is asked for, is 1 at least and cut at the most, and has the mean that is told', () => {
    const times = { p50: 3, max: 20 };
    const counts = REQUESTS.map((request) => callCount(draws, times, request)).toSorted((a, b) => a - b);
    expect([counts[0], counts[10_000], counts.at(-1), mostCalls(times)]).toEqual([1, 3, 20, 20]);
    // 1 in 100 is cut; within five standard deviations of a count of 200.
    expect(Math.abs(counts.filter((count) => count === 20).length - 200)).toBeLessThan(75);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(Math.abs(mean / meanCalls(times) - 1)).toBeLessThan(0.03);
  });

  it('is one of the measured ones, each as often as the others', () => {
    const times = { values: [0, 2, 2, 5] };
    const counts = REQUESTS.map((request) => callCount(draws, times, request));
    for (const [count, share] of [[0, 0.25], [2, 0.5], [5, 0.25]] as const) {
      expect(Math.abs(counts.filter((one) => one === count).length / counts.length - share)).toBeLessThan(0.02);
    }
    expect(meanCalls(times)).toBe(2.25);
  });

  it('is done in as many turns as there are rounds of those at once', () => {
    expect([meanTurns({ times: 5 }), meanTurns({ times: 5, concurrency: 2 }), meanTurns({ times: 5, concurrency: 'unlimited' }), meanTurns({})]).toEqual([5, 3, 1, 1]);
    expect(meanTurns({ times: { values: [0, 4] }, concurrency: 2 })).toBe(1);
  });
});

describe('the time of several calls', () => {
  it('is their sum one after another, and the longest of them all at once', () => {
    expect([spanOf([3, 1, 2], 1), spanOf([3, 1, 2], Infinity), spanOf([3, 1, 2], 2), spanOf([], 2)]).toEqual([6, 3, 3, 0]);
  });

  it('is no shorter with fewer at once, and between the bounds of list scheduling (Graham 1966)', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (times, most) => {
      const span = spanOf(times, most);
      const [sum, longest] = [times.reduce((a, b) => a + b, 0), Math.max(...times)];
      expect(span).toBeGreaterThanOrEqual(Math.max(longest, sum / most));
      expect(span).toBeLessThanOrEqual(sum / most + longest);
    }));
  });
});

describe('times in a file', () => {
  const steps = (written: string) => parse(`services: { a: 1ms, b: 1ms }\nsteps: [a!, { call: b, ${written} }]`);

  it('are also those of the consumer of the step', () => {
    const { steps: [, step], event } = steps('times: { p50: 3, max: 20 }, concurrency: 2');
    expect([step!.times, step!.concurrency]).toEqual([{ p50: 3, max: 20 }, 2]);
    expect(event.consumers[0]).toMatchObject({ times: { p50: 3, max: 20 }, concurrency: 2 });
  });

  it.each([
    ['times: 0', 'my.yaml:2:31: steps.1.times: expected a whole number from 1 to 1000, got 0'],
    ['times: { p50: 9, max: 3 }', 'my.yaml:2:31: steps.1.times: expected a max that is not below p50'],
    ['times: { values: [0, 0] }', 'my.yaml:2:31: steps.1.times: expected a count above 0 among the values'],
    ['concurrency: many', 'my.yaml:2:37: steps.1.concurrency: expected a whole number from 1 to 1000000, or "unlimited", got "many"'],
  ])('%s is refused with its place', (written, message) => expect(() => steps(written)).toThrow(message));
});
