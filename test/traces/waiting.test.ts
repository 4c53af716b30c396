import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitingOf, type CallTimes } from '../../src/traces/waiting.js';

/** Numbers that look like chance, evenly distributed over 0 to 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Calls that arrive at random to one worker, which takes 10 ms for each, or exponential times of that mean. */
function queue(count: number, load: number, { seed = 1, exponential = false, isWaiting = true } = {}): CallTimes[] {
  const next = chance(seed);
  const spread = (mean: number): number => -mean * Math.log(1 - next());
  let [at, free] = [0, 0];
  return Array.from({ length: count }, () => {
    at += spread(10 / load);
    const work = exponential ? spread(10) : 10;
    free = (isWaiting ? Math.max(at, free) : at) + work;
    return { start: at, end: free };
  });
}

describe('waiting in traced times', () => {
  it.each([
    ['one worker, 80 % busy', queue(500, 0.8)],
    ['the same with exponential work', queue(500, 0.8, { exponential: true })],
    ['half busy', queue(2000, 0.5)],
  ])('is seen of %s', (_, calls) => {
    const waiting = waitingOf(calls);
    expect(waiting!.many).toBeGreaterThan(1.1 * waiting!.few);
  });

  it('is in nothing that waits for nobody, however much of it is under way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(0.2, 1, 5, 50), fc.boolean(), (seed, load, exponential) => {
        expect(waitingOf(queue(400, load, { seed, exponential, isWaiting: false }))).toBeNull();
      }),
    );
  });

  it.each([
    ['too few calls', queue(58, 0.9)],
    ['calls one after another', Array.from({ length: 100 }, (_, at) => ({ start: 20 * at, end: 20 * at + 10 + (at % 7) }))],
    ['calls that take no time', Array.from({ length: 100 }, (_, at) => ({ start: at, end: at }))],
    ['nothing', []],
  ])('is not told of %s', (_, calls) => {
    expect(waitingOf(calls)).toBeNull();
  });
});
