import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, HistoryKind } from '../../src/events/history.js';
import { backlogOf, type BacklogOptions } from '../../src/measurement/backlog.js';

/** One event at consumer `email`: acknowledged, and processed when that is said. */
function life(event: number, acknowledgedAt: number, processedAt?: number): HistoryEntry[] {
  const entry = (kind: HistoryKind, at: number, consumer = ''): HistoryEntry => ({
    kind,
    event: `/t e${event}`,
    request: event,
    sequence: 1,
    consumer,
    at,
  });
  const published = entry('acknowledged', acknowledgedAt);
  return processedAt === undefined ? [published] : [published, entry('processed', processedAt, 'email')];
}

const OPTIONS: BacklogOptions = { topics: [{ source: '/t', consumers: ['email'] }], held: 'everything', startAt: 1000, endAt: 11_000, endedAt: 16_000 };

/** Arrivals every `every` ms from `from` to `to`; one server that takes `work` ms for each. */
function queue(from: number, to: number, every: number, work: number, endedAt: number): HistoryEntry[] {
  let free = 0;
  return Array.from({ length: Math.floor((to - from) / every) }, (_, i) => {
    const at = from + i * every;
    free = Math.max(free, at) + work;
    return life(i, at, free <= endedAt ? free : undefined);
  }).flat();
}

describe('backlogOf', () => {
  it('is level and drains within one piece of work when the consumer keeps up', () => {
    const { backlog, consumers } = backlogOf(queue(0, 11_000, 100, 80, 16_000), OPTIONS);
    expect(backlog).toMatchObject({ peak: 1, end: 0, drainSeconds: 0 });
    expect(backlog.slopePerSecond).toBeCloseTo(0, 2);
    expect(consumers['email']?.arrivalRate).toBeCloseTo(10, 6);
    expect(consumers['email']?.processingRate).toBeCloseTo(10, 6);
  });

  it('grows by arrivals less processing and drains at the rate of processing, measured', () => {
    // 10 arrive and 5 are done a second, from the start of the warm-up: 5 s of it stand at the start.
    const options = { ...OPTIONS, startAt: 5000, endAt: 10_000, endedAt: 30_000 };
    const { backlog, consumers } = backlogOf(queue(0, 10_000, 100, 200, 30_000), options);
    expect(backlog.slopePerSecond).toBeCloseTo(5, 1);
    expect(backlog.end).toBe(50);
    expect(backlog.peak).toBe(51);
    expect(backlog.drainSeconds).toBeCloseTo(10, 6);
    expect(consumers['email']).toMatchObject({ arrivalRate: 10, processingRate: 5 });
  });

  it('predicts the drain from the rate of processing when it was cut short', () => {
    const options = { ...OPTIONS, startAt: 5000, endAt: 10_000, endedAt: 12_000 };
    const { backlog } = backlogOf(queue(0, 10_000, 100, 200, 12_000), options);
    expect(backlog.drainSeconds).toBeCloseTo(10, 1);
  });

  it('never drains when nothing is processed', () => {
    const { backlog } = backlogOf([...life(1, 2000), ...life(2, 3000)], OPTIONS);
    expect(backlog).toMatchObject({ peak: 2, end: 2, drainSeconds: null });
  });

  it('counts what the warm-up left waiting', () => {
    const warmup = life(1, 500, 2000).map((entry) => ({ ...entry, request: -1 }));
    expect(backlogOf(warmup, OPTIONS).backlog).toMatchObject({ peak: 1, end: 0 });
  });

  it('has no place for what was never acknowledged, was done before that, or is lost', () => {
    const recovered = life(1, 2000, 3000).filter(({ kind }) => kind === 'processed');
    const early = life(2, 2000, 1999);
    const lost = life(3, 2000);
    const result = backlogOf([...recovered, ...early, ...lost], { ...OPTIONS, held: {} });
    expect(result.backlog).toMatchObject({ peak: 0, end: 0, slopePerSecond: 0, drainSeconds: 0 });
  });

  it('lets a dead letter go', () => {
    const dead = life(1, 2000, 3000).map((entry) =>
      entry.kind === 'processed' ? { ...entry, kind: 'deadLettered' as const } : entry,
    );
    const { backlog, consumers } = backlogOf(dead, OPTIONS);
    expect(backlog).toMatchObject({ peak: 1, end: 0, drainSeconds: 0 });
    expect(consumers['email']?.processingRate).toBe(0);
  });

  it('lets an event wait in total until its last consumer is done', () => {
    const history = life(1, 2000, 3000);
    const later = { ...(history[1] as HistoryEntry), consumer: 'analytics', at: 14_000 };
    const { backlog, consumers } = backlogOf([...history, later], {
      ...OPTIONS,
      topics: [{ source: '/t', consumers: ['email', 'analytics'] }],
    });
    expect(backlog).toMatchObject({ end: 1, drainSeconds: 3 });
    expect(consumers['email']?.backlog).toMatchObject({ end: 0, drainSeconds: 0 });
    expect(consumers['analytics']?.backlog).toMatchObject({ end: 1, drainSeconds: 3 });
  });

  it('draws the curve at even moments, 200 at most', () => {
    const { series } = backlogOf(queue(0, 11_000, 100, 200, 16_000), OPTIONS).backlog;
    expect(series.at.length).toBe(series.waiting.length);
    expect(series.at.length).toBeLessThanOrEqual(200);
    expect(series.at.length).toBeGreaterThanOrEqual(100);
    expect(series.at[0]).toBe(0);
    expect(new Set(series.at.slice(1).map((at, i) => at - (series.at[i] ?? 0))).size).toBe(1);
    // At 2 s, 21 have arrived and 10 are done.
    expect(series.waiting[series.at.findIndex((at) => at >= 1000)]).toBeGreaterThanOrEqual(10);
  });

  it('is empty without a history', () => {
    const { backlog, consumers } = backlogOf([], OPTIONS);
    expect(backlog).toMatchObject({ peak: 0, end: 0, slopePerSecond: 0, drainSeconds: 0 });
    expect(consumers['email']?.arrivalRate).toBe(0);
  });
});

const arbitraryHistory = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 15_000 }), fc.option(fc.integer({ min: 0, max: 16_000 }))), { maxLength: 40 })
  .map((lives) => lives.flatMap(([at, work], i) => life(i, at, work === null ? undefined : Math.min(at + work, 16_000))));

describe('backlogOf, any history', () => {
  it('agrees with counting one by one', () => {
    fc.assert(
      fc.property(arbitraryHistory, (history) => {
        const { backlog } = backlogOf(history, OPTIONS);
        const countAt = (moment: number): number =>
          history.filter(({ kind, at }) => kind === 'acknowledged' && at <= moment).length -
          history.filter(({ kind, at }) => kind === 'processed' && at <= moment).length;
        expect(backlog.end).toBe(countAt(OPTIONS.endAt));
        expect(backlog.peak).toBeGreaterThanOrEqual(Math.max(...backlog.series.waiting));
        expect(backlog.series.waiting).toEqual(backlog.series.at.map((at) => countAt(OPTIONS.startAt + at)));
      }),
    );
  });

  it('has the slope of the least-squares line through many samples', () => {
    fc.assert(
      fc.property(arbitraryHistory, (history) => {
        const { series, slopePerSecond } = backlogOf(history, { ...OPTIONS, endedAt: OPTIONS.endAt }).backlog;
        const seconds = series.at.map((at) => at / 1000);
        const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
        const [t, n] = [mean(seconds), mean(series.waiting)];
        const covariance = mean(seconds.map((at, i) => (at - t) * ((series.waiting[i] ?? 0) - n)));
        const variance = mean(seconds.map((at) => (at - t) ** 2));
        expect(slopePerSecond).toBeCloseTo(covariance / variance, 0);
      }),
    );
  });
});
