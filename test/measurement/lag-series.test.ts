import { describe, expect, it } from 'vitest';
import { lagSeries } from '../../src/measurement/lag-series.js';
import { timelinesOf } from '../../src/measurement/event-timelines.js';
import type { HistoryEntry, HistoryKind } from '../../src/events/history.js';

const TOPICS = [{ source: '/t', consumers: ['email', 'audit'] }];
/** 50 stretches of 200 ms. */
const WINDOW = { startAt: 1000, endAt: 11_000, endedAt: 13_000 };

/** One event, published and acknowledged, and started by `email` when that is said. */
function published(event: number, at: number, startedAt?: number): HistoryEntry[] {
  const entry = (kind: HistoryKind, moment: number, consumer = ''): HistoryEntry => ({
    kind,
    event: `/t e${event}`,
    request: event,
    sequence: 1,
    consumer,
    at: moment,
  });
  const begun = startedAt === undefined ? [] : [entry('started', startedAt, 'email')];
  return [entry('attempted', at), entry('acknowledged', at + 1), ...begun];
}

describe('lagSeries', () => {
  it('rises by what a consumer that falls behind falls behind', () => {
    // 10 arrive and 5 are started a second: each event waits 100 ms longer than the one before.
    const history = Array.from({ length: 100 }, (_, i) => published(i, 1000 + i * 100, 1000 + i * 200)).flat();
    const { at, median, longest } = lagSeries(timelinesOf(history, TOPICS).events, 0, WINDOW);
    expect(at).toHaveLength(50);
    expect([at[0], at[49]]).toEqual([100, 9900]);
    expect([median[0], longest[0]]).toEqual([0, 100]);
    expect([median[25], longest[25]]).toEqual([5000, 5100]);
  });

  it('tells the age of what has not been started, below 0, and nothing of a stretch without events', () => {
    const history = [...published(1, 1000, 1040), ...published(2, 3000), ...published(3, 500, 700), ...published(4, 11_000, 11_001)];
    const { median, longest } = lagSeries(timelinesOf(history, TOPICS).events, 0, WINDOW);
    expect(median[0]).toBe(40);
    expect(longest[10]).toBe(-10_000);
    expect(median.filter((lag) => lag !== null)).toHaveLength(2);
  });

  it('is of one consumer', () => {
    const { median } = lagSeries(timelinesOf(published(1, 1000, 1040), TOPICS).events, 1, WINDOW);
    expect(median[0]).toBe(-12_000);
  });
});
