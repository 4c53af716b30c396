import { describe, expect, it } from 'vitest';
import type { HistoryEntry, HistoryKind } from '../../src/events/history.js';
import { timelinesOf } from '../../src/measurement/event-timelines.js';
import { foldEvents, lagSeries } from '../../src/measurement/events.js';
import { decodeFloats } from '../../src/measurement/samples.js';
import { checkout, entry, observationsOf } from './fixtures.js';

const WINDOW = { startAt: 10_000, duration: 1000, warmup: 500, endedAt: 13_000, startedAt: '' };

/** Order 0 is done, order 1 waits for its mail, order 2 failed; order -1 belongs to the warm-up. */
const HISTORY = [
  ...[-1, 0, 1, 2].flatMap((request) => [
    entry('attempted', request, '', 10_100),
    entry('acknowledged', request, '', 10_110),
    entry('started', request, 'analytics', 10_120),
    entry('processed', request, 'analytics', 10_270),
    entry('started', request, 'fulfillment', 10_130),
    entry('processed', request, 'fulfillment', 10_400),
  ]),
  entry('started', 0, 'email', 10_600),
  entry('processed', 0, 'email', 11_000),
];
const OBSERVATIONS = observationsOf([
  { index: -1, intendedAt: 9500, endedAt: 10_000 },
  { index: 0, intendedAt: 10_050, endedAt: 10_150 },
  { index: 1, intendedAt: 10_060, endedAt: 10_150 },
  { index: 2, intendedAt: 10_070, endedAt: 10_150, outcome: 'http5xx' },
]);
const { result, ledger } = foldEvents(HISTORY, checkout('hybrid'), WINDOW, OBSERVATIONS, { seed: 1, held: 'everything' });

describe('foldEvents', () => {
  it('measures completion from the intended start to the last step, what is unfinished by its age', () => {
    expect(result.completionTime).toMatchObject({ count: 2, min: 950, max: 2940, censored: 1 });
    expect([...decodeFloats(result.samples?.completion ?? '')]).toEqual([950, -2940]);
  });

  it('gives lag and account of measured events', () => {
    expect(result).toMatchObject({ attempted: 3, acknowledged: 3, processed: 1, pending: 2, lost: 0 });
    expect(result.lag).toMatchObject({ count: 3, min: 500, max: 2900, censored: 2 });
    expect([...decodeFloats(result.samples?.lag ?? '')]).toEqual([-2900, -2900, 500]);
    expect(ledger.requests.get(0)).toEqual({ place: 'processed', completedAt: 11_000 });
  });

  it('gives each consumer its own, with service and workers', () => {
    expect(Object.keys(result.consumers)).toEqual(['email', 'analytics', 'fulfillment']);
    expect(result.consumers.email).toMatchObject({
      service: 'email', workers: 20, processed: 1, pending: 2, arrivalRate: 4, backlog: { end: 3 },
    });
    expect(result.consumers.analytics).toMatchObject({ workers: 100, processed: 3, pending: 0, processingRate: 4 });
  });

  it('gives the consumer of the critical steps as many workers as their services have', () => {
    const { consumers } = foldEvents(HISTORY, checkout('event-driven'), WINDOW, OBSERVATIONS, { seed: 1, held: {} }).result;
    expect(consumers.orders).toMatchObject({ service: 'orders', workers: 500 });
    expect(consumers.email).toMatchObject({ service: 'email', workers: 20 });
  });

  it('takes a consumer that nobody named for the service of its name', () => {
    const history = [entry('attempted', 0, '', 1), entry('processed', 0, 'payment', 2)];
    const { consumers } = foldEvents(history, checkout('hybrid'), WINDOW, OBSERVATIONS, { seed: 1, held: {} }).result;
    expect(consumers.payment).toMatchObject({ service: 'payment', workers: null });
  });
});

const TOPICS = [{ source: '/t', consumers: ['email', 'audit'] }];
/** 50 stretches of 200 ms. */
const SERIES_WINDOW = { startAt: 1000, endAt: 11_000, endedAt: 13_000 };

/** One event, published and acknowledged, and started by `email` when that is said. */
function published(event: number, at: number, startedAt?: number): HistoryEntry[] {
  const entryAt = (kind: HistoryKind, moment: number, consumer = ''): HistoryEntry => ({
    kind,
    event: `/t e${event}`,
    request: event,
    sequence: 1,
    consumer,
    at: moment,
  });
  const begun = startedAt === undefined ? [] : [entryAt('started', startedAt, 'email')];
  return [entryAt('attempted', at), entryAt('acknowledged', at + 1), ...begun];
}

describe('lagSeries', () => {
  it('rises by what a consumer that falls behind falls behind', () => {
    // 10 arrive and 5 are started a second: each event waits 100 ms longer than the one before.
    const history = Array.from({ length: 100 }, (_, i) => published(i, 1000 + i * 100, 1000 + i * 200)).flat();
    const { at, median, longest } = lagSeries(timelinesOf(history, TOPICS).events, 0, SERIES_WINDOW);
    expect(at).toHaveLength(50);
    expect([at[0], at[49]]).toEqual([100, 9900]);
    expect([median[0], longest[0]]).toEqual([0, 100]);
    expect([median[25], longest[25]]).toEqual([5000, 5100]);
  });

  it('tells the age of what has not been started, below 0, and nothing of a stretch without events', () => {
    const history = [...published(1, 1000, 1040), ...published(2, 3000), ...published(3, 500, 700), ...published(4, 11_000, 11_001)];
    const { median, longest } = lagSeries(timelinesOf(history, TOPICS).events, 0, SERIES_WINDOW);
    expect(median[0]).toBe(40);
    expect(longest[10]).toBe(-10_000);
    expect(median.filter((lag) => lag !== null)).toHaveLength(2);
  });

  it('is of one consumer', () => {
    const { median } = lagSeries(timelinesOf(published(1, 1000, 1040), TOPICS).events, 1, SERIES_WINDOW);
    expect(median[0]).toBe(-12_000);
  });
});
