import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backlogOf } from '../../../src/measurement/backlog.js';
import type { HistoryEntry } from '../../../src/events/history.js';
import { BacklogMeter } from '../../../src/simulation/discrete-event/backlog.js';

interface Wait {
  from: number;
  length: number;
  end: 'processed' | 'deadLettered' | 'pending';
}

const TOPICS = [{ type: 'order.placed', source: '/orders', consumers: ['email'] }];

function historyOf(waits: readonly Wait[], endedAt: number): HistoryEntry[] {
  return waits.flatMap(({ from, length, end }, request) => {
    const entry = { event: `/orders o-${request}.1`, request, sequence: 1 };
    const published: HistoryEntry[] = [
      { ...entry, kind: 'attempted', consumer: '', at: from },
      { ...entry, kind: 'acknowledged', consumer: '', at: from },
    ];
    const isDone = end !== 'pending' && from + length <= endedAt;
    return isDone ? [...published, { ...entry, kind: end, consumer: 'email', at: from + length }] : published;
  });
}

function metered(waits: readonly Wait[], startAt: number, endAt: number, endedAt: number): BacklogMeter {
  const meter = new BacklogMeter({ startAt, endAt });
  const steps = waits.flatMap(({ from, length, end }) => [
    { at: from, run: () => meter.arrive(from) },
    ...(end === 'pending' ? [] : [{ at: from + length, run: () => meter.leave(from + length, from, end === 'processed') }]),
  ]);
  for (const { at, run } of steps.toSorted((a, b) => a.at - b.at)) if (at <= endedAt) run();
  return meter;
}

describe('BacklogMeter', () => {
  it('finds while it happens what the history tells afterwards', () => {
    const wait = fc.record({
      from: fc.integer({ min: 0, max: 1500 }),
      length: fc.integer({ min: 0, max: 700 }),
      end: fc.constantFrom('processed', 'processed', 'deadLettered', 'pending'),
    });
    fc.assert(
      fc.property(fc.array(wait, { maxLength: 40 }), fc.integer({ min: 0, max: 600 }), (drawn, drain) => {
        const [startAt, endAt, endedAt] = [300, 1500, 1500 + drain];
        const waits = drawn as Wait[];
        const expected = backlogOf(historyOf(waits, endedAt), { topics: TOPICS, held: 'everything', startAt, endAt, endedAt });
        const meter = metered(waits, startAt, endAt, endedAt);
        const result = meter.result(endedAt);
        const flow = expected.consumers.email;
        expect(result.slopePerSecond).toBeCloseTo(flow?.backlog.slopePerSecond ?? 0, 6);
        expect({ ...result, slopePerSecond: 0 }).toEqual({ ...flow?.backlog, slopePerSecond: 0 });
        expect(meter.rates).toEqual({ arrivalRate: flow?.arrivalRate, processingRate: flow?.processingRate });
      }),
    );
  });

  it('has not been idle when one comes as the other leaves', () => {
    const meter = new BacklogMeter({ startAt: 300, endAt: 1500 });
    meter.arrive(20);
    meter.leave(720, 20, true);
    meter.arrive(720);
    expect(meter.result(1500)).toMatchObject({ end: 1, drainSeconds: 1.2 });
  });

  it('rises by what comes in and is not done, per second', () => {
    const meter = new BacklogMeter({ startAt: 0, endAt: 10_000 });
    for (let at = 0; at < 10_000; at += 10) meter.arrive(at);
    const { slopePerSecond, peak, end, drainSeconds } = meter.result(10_000);
    expect(slopePerSecond).toBeCloseTo(100, 0);
    expect({ peak, end, drainSeconds }).toEqual({ peak: 1000, end: 1000, drainSeconds: null });
  });
});
