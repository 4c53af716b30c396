/** The self-check holds each traced request against itself, whatever is drawn how often. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowTaken } from '../../src/scenarios/draw.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { idealResponseTime } from '../../src/measurement/ideal.js';
import { requestsForAll, selfCheckOf } from '../../src/traces/self-check.js';
import { quantile } from '../../src/traces/steps.js';
import { parse } from '../scenarios/support.js';

const arbitraryTotals = fc.array(fc.double({ min: 0.1, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 40 });

/** What requests take whose times are those of their rows. */
function timesOf(totals: readonly number[], seed: number, count: number): number[] {
  const row = rowTaken(seed, totals.length);
  return Array.from({ length: count }, (_, request) => totals[row(request)]!);
}

describe('the self-check', () => {
  it('finds nothing where every row is met, however few there are and however often each is drawn', () => {
    fc.assert(
      fc.property(arbitraryTotals, fc.integer(), fc.integer({ min: 1, max: 400 }), (totals, seed, count) => {
        const { traced, simulated, count: met } = selfCheckOf(totals, timesOf(totals, seed, count), seed);
        expect(simulated).toEqual(traced);
        expect(met).toBeLessThanOrEqual(Math.min(count, totals.length));
      }),
    );
  });

  it('is of all traced requests once all rows are drawn', () => {
    const totals = Array.from({ length: 20 }, (_, at) => (at === 19 ? 11.87 : 3 + at / 10));
    const { count, traced, drawn } = selfCheckOf(totals, timesOf(totals, 1, 10 * requestsForAll(20)), 1);
    expect([count, traced]).toEqual([20, { p50: quantile(totals, 0.5), p95: quantile(totals, 0.95) }]);
    // One of twenty: drawn anew it is p95 itself or beyond it, and never between.
    expect(totals.slice(18).map((total) => Math.abs(total - drawn)).some((off) => off < 1e-9)).toBe(true);
  });

  it('tells what the scenario misses, row by row', () => {
    const totals = [10, 20, 30];
    const times = timesOf(totals, 7, 200).map((time) => (time === 30 ? 15 : time));
    expect(selfCheckOf(totals, times, 7)).toMatchObject({ count: 3, traced: { p50: 20 }, simulated: { p50: 15 } });
  });

  it('knows the row that a request takes', () => {
    const subject = subjectOf(parse('rows: { a: [1ms, 2ms, 3ms, 4ms, 5ms] }\nservices: { a: { latency: { column: a } } }\nsteps: [a!]'), 'sync')!;
    const ideal = idealResponseTime({ ...subject, server: { ...subject.server, work: 0 } }, 3);
    const row = rowTaken(3, 5);
    for (let request = 0; request < 100; request++) expect(ideal(request)).toBe(row(request) + 1);
  });
});
