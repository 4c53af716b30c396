/**
 * The backlog over time: events acknowledged and not yet finished (processed or dead-lettered). Unlike the ledger it
 * counts the events of the warm-up too, because they really wait. What was lost does not wait: it is in the ledger only. Nor does
 * an event wait before it is due, at a consumer with a delay, or at the first of them all.
 */
import type { HistoryEntry } from '../events/history.js';
import { dueAt, timelinesOf, placer, type EventTimeline, type ConsumerTimeline, type Held, type Topic } from './event-timelines.js';
import type { BacklogResult } from './record.js';

/** What is known beside the history. Moments are ms on the monotonic clock. */
export interface BacklogOptions {
  /** As for the ledger: what was published, and who was to get it. */
  topics: readonly Topic[];
  /** As for the ledger: what the bus held when the run ended. */
  held: Held;
  /** The measured window. */
  startAt: number;
  endAt: number;
  /** When the history was taken, after the drain. */
  endedAt: number;
}

/** The moments that a backlog is looked at. */
type Moments = Pick<BacklogOptions, 'startAt' | 'endAt' | 'endedAt'>;

/** How events flowed at one consumer. */
export interface ConsumerFlow {
  backlog: BacklogResult;
  /** Events acknowledged, or due, and events processed for the first time, per second, within the window. */
  arrivalRate: number;
  processingRate: number;
}

/** The backlog of events that some consumer has not finished, and each consumer's own. */
export function backlogOf(
  entries: readonly HistoryEntry[],
  options: BacklogOptions,
): { backlog: BacklogResult; consumers: Record<string, ConsumerFlow> } {
  const { consumers, events } = timelinesOf(entries, options.topics);
  const placeAt = placer(consumers, options.held);
  const acknowledged = events.filter((timeline) => timeline.acknowledgedAt !== null);
  const waitsOf = (chosen: readonly EventTimeline[], audienceOf: (timeline: EventTimeline) => readonly number[]): Wait[] =>
    chosen
      .filter((timeline) => audienceOf(timeline).every((consumer) => placeAt(timeline, consumer) !== 'lost'))
      .map((timeline) => waitOf(timeline, audienceOf(timeline)))
      .filter(({ from }) => from <= options.endedAt);
  const flowOf = (consumer: number): ConsumerFlow => {
    const chosen = acknowledged.filter((timeline) => timeline.audience.includes(consumer));
    return {
      backlog: backlogOfWaits(waitsOf(chosen, () => [consumer]), options),
      arrivalRate: rateWithin(chosen.map((timeline) => dueAt(timeline.acknowledgedAt ?? Infinity, timeline, [consumer])), options),
      processingRate: rateWithin(events.map((timeline) => timeline.byConsumer[consumer]?.processedAt), options),
    };
  };
  return {
    backlog: backlogOfWaits(waitsOf(acknowledged, (timeline) => timeline.audience), options),
    consumers: Object.fromEntries(consumers.map((name, consumer) => [name, flowOf(consumer)])),
  };
}

/** One event's wait; `until` is Infinity when it still waits. */
export interface Wait {
  from: number;
  until: number;
}

function waitOf(timeline: EventTimeline, consumers: readonly number[]): Wait {
  const from = dueAt(timeline.acknowledgedAt ?? Infinity, timeline, consumers);
  // An event may be finished before its publisher hears of the acknowledgement: then it never waited.
  return { from, until: Math.max(from, ...consumers.map((consumer) => finishOf(timeline.byConsumer[consumer]))) };
}

function finishOf(seen: ConsumerTimeline | undefined): number {
  return seen?.processedAt ?? seen?.deadLetteredAt ?? Infinity;
}

function rateWithin(moments: readonly (number | null | undefined)[], { startAt, endAt }: BacklogOptions): number {
  const within = moments.filter((at) => at !== null && at !== undefined && at >= startAt && at < endAt);
  return within.length / ((endAt - startAt) / 1000);
}

/** The backlog that some waits make. */
export function backlogOfWaits(waits: readonly Wait[], options: Moments): BacklogResult {
  const curve = curveOf(waits);
  const { startAt, endAt, endedAt } = options;
  const peak = curve.at.reduce(
    (most, at, i) => (at >= startAt && at <= endedAt ? Math.max(most, curve.waiting[i] ?? 0) : most),
    waitingAt(curve, startAt),
  );
  return {
    peak,
    end: waitingAt(curve, endAt),
    slopePerSecond: slopeWithin(curve, startAt, endAt) * 1000,
    drainSeconds: drainSeconds(curve, waits, options),
    series: seriesOf(curve, startAt, endedAt),
  };
}

/** A step function: from `at[i]` on, `waiting[i]` events wait; none before the first step. */
interface Curve {
  at: number[];
  waiting: number[];
}

function curveOf(waits: readonly Wait[]): Curve {
  const steps = waits
    .filter(({ from, until }) => from < until)
    .flatMap(({ from, until }) => [
      { at: from, by: 1 },
      { at: until, by: -1 },
    ])
    .filter(({ at }) => at < Infinity)
    .toSorted((a, b) => a.at - b.at);
  const curve: Curve = { at: [], waiting: [] };
  let waiting = 0;
  for (const [i, { at, by }] of steps.entries()) {
    waiting += by;
    // What happens at one moment is one step.
    if (steps[i + 1]?.at === at) continue;
    curve.at.push(at);
    curve.waiting.push(waiting);
  }
  return curve;
}

function waitingAt({ at, waiting }: Curve, moment: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? Infinity) <= moment) low = middle + 1;
    else high = middle;
  }
  return waiting[low - 1] ?? 0;
}

/**
 * Slope of the least-squares line through the whole curve, per ms. With t from the middle of a window of length T it is
 * 12 / T^3 times the integral of t n(t), which a step function gives exactly: no moments of sampling to choose.
 */
function slopeWithin(curve: Curve, startAt: number, endAt: number): number {
  const length = endAt - startAt;
  if (length <= 0) return 0;
  const middle = (startAt + endAt) / 2;
  const inside = curve.at.filter((at) => at > startAt && at < endAt);
  const edges = [startAt, ...inside, endAt];
  let integral = 0;
  for (let i = 1; i < edges.length; i++) {
    const from = (edges[i - 1] ?? 0) - middle;
    const to = (edges[i] ?? 0) - middle;
    integral += (waitingAt(curve, edges[i - 1] ?? 0) * (to * to - from * from)) / 2;
  }
  return (12 * integral) / length ** 3;
}

/**
 * Time from the end of the window until nothing waits. When something still waits at the end, what is left divided by
 * the rate of finishing since the last moment at which nothing waited: the consumer has not been idle since then.
 * @returns null when nothing was finished in that time: at this rate, never
 */
function drainSeconds(curve: Curve, waits: readonly Wait[], { startAt, endAt, endedAt }: Moments): number | null {
  const left = waitingAt(curve, endedAt);
  if (left === 0) {
    const emptyAt = curve.at.findLast((at) => at <= endedAt) ?? endAt;
    return Math.max(0, emptyAt - endAt) / 1000;
  }
  const idleUntil = curve.at.findLast((at, i) => at <= endedAt && (curve.waiting[i - 1] ?? 0) === 0) ?? startAt;
  const busyFrom = Math.max(startAt, idleUntil);
  const finished = waits.filter(({ until }) => until > busyFrom && until <= endedAt).length;
  if (finished === 0) return null;
  return (endedAt - endAt + (left * (endedAt - busyFrom)) / finished) / 1000;
}

/** Points of the curve, at most. */
export const SERIES_POINTS = 200;

/** The curve at even moments, from the start of the window: every ms, or every 2, 4, 8 ... where that would be too many. */
function seriesOf(curve: Curve, startAt: number, endedAt: number): BacklogResult['series'] {
  let step = 1;
  while (startAt + SERIES_POINTS * step <= endedAt) step *= 2;
  const points = Math.max(1, Math.floor((endedAt - startAt) / step) + 1);
  const at = Array.from({ length: points }, (_, i) => i * step);
  return { at, waiting: at.map((offset) => waitingAt(curve, startAt + offset)) };
}
