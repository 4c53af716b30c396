import { describe, expect, it } from 'vitest';
import type { EventsResult, MeasuredTrial } from '../../../src/measurement/record.js';
import { consumer, events, measured } from '../../support/measured.js';
import { compared, rowOf, saved } from './saved.js';

const one = (change: Partial<MeasuredTrial>, failureRate = 0, round = 1) =>
  measured({ subject: 'hybrid', ms: 500, failureRate, round, change });
const withEvents = (change: Partial<EventsResult>) => saved([one({ events: events({ email: consumer('email') }, change) })]);

describe('compareSubject', () => {
  it('compares the time to completion with a wide tolerance', () => {
    const slow = (ms: number) => withEvents({ completionTime: { ...events({}).completionTime, p95: ms } });
    expect(rowOf(slow(900), slow(950), 'hybrid', 'completion_p95')).toMatchObject({ base: expect.closeTo(900), state: 'pass' });
    expect(rowOf(slow(900), slow(2000), 'hybrid', 'completion_p95')).toMatchObject({ reading: 'slower', state: 'fail' });
    expect(rowOf(slow(900), saved([one({})]), 'hybrid', 'completion_p95')).toMatchObject({ state: 'inconclusive', why: 'no samples of completion_p95' });
  });

  it('has no row for the time to completion where the base has no events', () => {
    expect(compared(saved([one({})]), withEvents({})).comparisons.map(({ metric }) => metric)).toEqual(['failure_rate', 'p50', 'p95', 'throughput']);
  });

  it('does not pass over the time to completion when only some rounds of the base have events', () => {
    const [first] = withEvents({}).trials;
    if (first?.state !== 'measured') throw new Error('no trial');
    const some = saved([first, one({}, 0, 2)]);
    expect(rowOf(some, withEvents({}), 'hybrid', 'completion_p95')).toMatchObject({ state: 'inconclusive', why: 'no samples of completion_p95' });
  });
});

describe('the error of the prediction', () => {
  const predicted = (...errors: (number | null)[]) =>
    saved(
      errors.map((errorPercent, i) =>
        one({ predicted: { p50: 1, p95: 1, throughput: 1, failureRate: 0, errorPercent, breaks: null } }, 0, i + 1),
      ),
    );

  it('is compared in points, with a margin of 10', () => {
    expect(rowOf(predicted(2), predicted(11), 'hybrid', 'prediction_error')).toMatchObject({
      scale: 'points', base: 0.02, head: 0.11, state: 'pass', low: null, high: null, limits: { margin: 0.1, tolerance: 0.1 },
    });
    expect(rowOf(predicted(2), predicted(13), 'hybrid', 'prediction_error')).toMatchObject({ reading: 'slower', state: 'fail' });
    expect(rowOf(predicted(20), predicted(1), 'hybrid', 'prediction_error')).toMatchObject({ reading: 'faster', state: 'pass' });
    expect(rowOf(predicted(2, 4), predicted(12, 14), 'hybrid', 'prediction_error')?.change).toBeCloseTo(0.1, 12);
  });

  it('is not asked for when the base has none, and missed when the head has none', () => {
    const metrics = (base: ReturnType<typeof saved>) => compared(base, predicted(2)).comparisons.map(({ metric }) => metric);
    expect(metrics(saved([one({})]))).not.toContain('prediction_error');
    expect(metrics(predicted(null))).not.toContain('prediction_error');
    expect(rowOf(predicted(2), saved([one({})]), 'hybrid', 'prediction_error')).toMatchObject({
      state: 'inconclusive', why: 'the head has no prediction',
    });
    expect(rowOf(predicted(2), predicted(2, null), 'hybrid', 'prediction_error')).toMatchObject({ state: 'inconclusive' });
  });
});
