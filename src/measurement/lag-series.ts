/** Event lag over time: whether a consumer falls behind is seen in how its lag goes, not in one percentile of it. */
import { dueAt, type EventTimeline } from './event-timelines.js';
import type { LagSeries } from './record.js';
import { atLeast } from './times.js';

const STRETCHES = 50;

/** @param consumer position of the consumer; moments on the monotonic clock, ms */
export function lagSeries(
  events: readonly EventTimeline[],
  consumer: number,
  { startAt, endAt, endedAt }: { startAt: number; endAt: number; endedAt: number },
): LagSeries {
  const length = (endAt - startAt) / STRETCHES;
  const stretches = Array.from({ length: STRETCHES }, (): number[] => []);
  for (const life of events) {
    const { acknowledgedAt, audience, byConsumer } = life;
    const attemptedAt = life.attemptedAt === null ? null : dueAt(life.attemptedAt, life, [consumer]);
    const startedAt = Math.min(Infinity, ...(byConsumer[consumer]?.starts ?? []));
    const isDue = audience.includes(consumer) && (acknowledgedAt !== null || startedAt < Infinity);
    if (!isDue || attemptedAt === null || attemptedAt < startAt || attemptedAt >= endAt) continue;
    const lag = startedAt < Infinity ? Math.max(0, startedAt - attemptedAt) : atLeast(endedAt - attemptedAt);
    stretches[Math.min(STRETCHES - 1, Math.floor((attemptedAt - startAt) / length))]?.push(lag);
  }
  const sorted = stretches.map((lags) => lags.toSorted((a, b) => Math.abs(a) - Math.abs(b)));
  return {
    at: sorted.map((_, i) => Math.round((i + 0.5) * length)),
    median: sorted.map((lags) => tenths(lags[Math.ceil(lags.length / 2) - 1])),
    longest: sorted.map((lags) => tenths(lags.at(-1))),
  };
}

/** Finer than a tenth of a ms is not seen, and makes records long. */
function tenths(lag: number | undefined): number | null {
  return lag === undefined ? null : Math.round(lag * 10) / 10;
}
