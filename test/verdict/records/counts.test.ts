import { describe, expect, it } from 'vitest';
import type { EventsResult, MeasuredTrial } from '../../../src/measurement/record.js';
import { shareDifference } from '../../../src/verdict/statistics/share-intervals.js';
import { consumer, events, measured } from '../../support/measured.js';
import { compared, rowOf, saved } from './saved.js';

const one = (change: Partial<MeasuredTrial>, failureRate = 0, round = 1) =>
  measured({ subject: 'hybrid', ms: 500, failureRate, round, change });
const failing = (...rates: number[]) => saved(rates.map((rate, i) => one({}, rate, i + 1)));
const withEvents = (change: Partial<EventsResult>) => saved([one({ events: events({ email: consumer('email') }, change) })]);

describe('failure rates', () => {
  it('are compared in points, with the interval of the counts', () => {
    const row = rowOf(failing(0.01), failing(0.1), 'hybrid', 'failure_rate');
    const expected = shareDifference({ hits: 10, n: 1000 }, { hits: 100, n: 1000 }, 0.95);
    expect(row).toMatchObject({
      scale: 'points', base: 0.01, head: 0.1, reading: 'slower', state: 'fail', limits: { margin: 0.02, tolerance: 0.05 },
      change: expected.estimate, low: expected.low, high: expected.high,
    });
  });

  it('pass a difference within the margin and an improvement', () => {
    expect(rowOf(failing(0.01), failing(0.025), 'hybrid', 'failure_rate')).toMatchObject({ reading: 'unsure', state: 'pass' });
    expect(rowOf(failing(0.1), failing(0), 'hybrid', 'failure_rate')).toMatchObject({ reading: 'faster', state: 'pass' });
    expect(rowOf(failing(0), failing(0), 'hybrid', 'failure_rate')).toMatchObject({ change: 0, state: 'pass' });
  });

  it('are inconclusive when so few requests could hide too much', () => {
    const few = saved([measured({ subject: 'hybrid', ms: 500, sent: 60 })]);
    expect(rowOf(few, few, 'hybrid', 'failure_rate')).toMatchObject({ change: 0, state: 'inconclusive' });
  });

  it('are known no better than the rounds agree', () => {
    const apart = failing(0.01, 0.19);
    const row = rowOf(failing(0.02, 0.02), apart, 'hybrid', 'failure_rate');
    // Rounds at 1 and 19 %: standard error 9 points, which is 17.6 either way.
    expect(row).toMatchObject({ head: 0.1, reading: 'unsure', state: 'inconclusive' });
    expect(row?.low).toBeCloseTo(0.08 - 1.96 * 0.09, 4);
    expect(row?.high).toBeCloseTo(0.08 + 1.96 * 0.09, 4);
    expect(rowOf(apart, failing(0.02, 0.02), 'hybrid', 'failure_rate')?.low).toBeCloseTo(-0.08 - 1.96 * 0.09, 4);
  });
});

describe('what went wrong with events', () => {
  it('has a row only when it happened', () => {
    const quiet = withEvents({});
    expect(compared(quiet, quiet).comparisons.map(({ metric }) => metric)).toEqual([
      'failure_rate', 'p50', 'p95', 'throughput', 'completion_p95',
    ]);
    expect(compared(quiet, withEvents({ duplicated: 1 })).comparisons.map(({ metric }) => metric)).toContain('duplicated');
    expect(compared(withEvents({ duplicated: 1 }), quiet).comparisons.map(({ metric }) => metric)).toContain('duplicated');
  });

  it('is not asked of designs without events, and not known where only the head has them', () => {
    const without = saved([one({})]);
    expect(compared(without, without).comparisons.map(({ metric }) => metric)).toEqual(['failure_rate', 'p50', 'p95', 'throughput']);
    expect(rowOf(without, withEvents({ duplicated: 1 }), 'hybrid', 'duplicated')).toMatchObject({ state: 'inconclusive', why: 'nothing was counted' });
    expect(rowOf(withEvents({ duplicated: 1 }), without, 'hybrid', 'duplicated')).toMatchObject({ state: 'inconclusive', why: 'nothing was counted' });
  });

  it.each([['lost', 'lost'], ['unexpected', 'unexpected'], ['applied_twice', 'appliedTwice']] as const)(
    'fails on a single %s when the base had none',
    (metric, key) => {
      const row = rowOf(withEvents({}), withEvents({ [key]: 1 }), 'hybrid', metric);
      expect(row).toMatchObject({
        scale: 'count', base: 0, head: 1, change: 1, reading: 'slower', state: 'fail', limits: { margin: 0, tolerance: 0 },
        why: '1 of 1000 in the head and none of 1000 in the base: one is enough',
      });
      expect(rowOf(withEvents({ [key]: 100 }), withEvents({ [key]: 101 }), 'hybrid', metric)).toMatchObject({ scale: 'points', state: 'pass' });
      expect(rowOf(withEvents({ [key]: 100 }), withEvents({}), 'hybrid', metric)).toMatchObject({ reading: 'faster', state: 'pass' });
      expect(rowOf(withEvents({ [key]: 100 }), withEvents({ [key]: 200 }), 'hybrid', metric)).toMatchObject({ state: 'fail' });
    },
  );

  it.each([['duplicated', 'duplicated'], ['dead_lettered', 'deadLettered']] as const)('compares %s as a share of the events', (metric, key) => {
    expect(rowOf(withEvents({}), withEvents({ [key]: 5 }), 'hybrid', metric)).toMatchObject({ base: 0, head: 0.005, state: 'pass' });
    expect(rowOf(withEvents({}), withEvents({ [key]: 60 }), 'hybrid', metric)).toMatchObject({ head: 0.06, state: 'fail' });
    expect(rowOf(withEvents({ attempted: 0 }), withEvents({ [key]: 1 }), 'hybrid', metric)).toMatchObject({ state: 'inconclusive' });
  });

  it.each([['orphaned', 'orphaned'], ['failed_later', 'failedLater']] as const)('compares %s as a share of the requests', (metric, key) => {
    expect(rowOf(saved([one({})]), saved([one({ [key]: 60 })]), 'hybrid', metric)).toMatchObject({ base: 0, head: 0.06, state: 'fail' });
    expect(rowOf(saved([one({})]), saved([one({ [key]: 10 })]), 'hybrid', metric)).toMatchObject({ head: 0.01, state: 'pass' });
  });
});
