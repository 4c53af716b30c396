/**
 * The account of events, in the words of Jepsen's total-queue: what goes in must come out. A pure function of the
 * history; only events of measured requests (index 0 and above) are in it.
 */
import type { HistoryEntry } from '../events/history.js';
import { bySubject, dueAt, timelinesOf, placer, PLACES, type EventTimeline, type Held, type Place, type Topic } from './event-timelines.js';
import type { LedgerCounts, Times } from './record.js';
import { atLeast, summariseSigned } from './times.js';

/** What is known beside the history. */
export interface LedgerOptions {
  /** What was published, and who was to get it. */
  topics: readonly Topic[];
  /**
   * What the bus held when the run ended, asked *before* the history was taken, so that nothing falls in between. A bus
   * that died, or is known to be empty, holds nothing: `{}`.
   */
  held: Held;
  /** When the history was taken: what has not started by then is that old at least. Monotonic clock, ms. */
  endedAt: number;
}

/** What became of everything that one request published. */
export interface EventWork {
  /** The worst place of its acknowledged events; null when none was acknowledged. */
  place: Place | null;
  /** End of its last processing; null unless every event was processed by every consumer. */
  completedAt: number | null;
}

/** One consumer's account. */
export interface ConsumerLedger {
  counts: LedgerCounts;
  /** From publish, or the moment at which it is due, to the first start, ms, ascending; below 0 for an event that has not started, which is that old at least. */
  lags: Float32Array;
  lag: Times;
}

/**
 * The whole account. An event stands for its worst delivery, so that `acknowledged` is exactly `processed` +
 * `deadLettered` + `pending` + `lost`, for each consumer and in total. Lag: an event's last consumer to start.
 */
export interface Ledger extends ConsumerLedger {
  consumers: Record<string, ConsumerLedger>;
  requests: Map<number, EventWork>;
}

/** Judges a history, of one process or of several put together; the order of the entries does not matter. */
export function judge(entries: readonly HistoryEntry[], options: LedgerOptions): Ledger {
  const measured = entries.filter((entry) => entry.request >= 0);
  const { consumers, events } = timelinesOf(measured, options.topics);
  const placeAt = placer(consumers, options.held);
  const subjects = bySubject(events);
  const overtaken = consumers.map((_, consumer) => overtakenAt(subjects.values(), consumer));
  const account = (chosen: readonly EventTimeline[], audienceOf: Audience): ConsumerLedger => {
    const isOvertaken = (timeline: EventTimeline): boolean => audienceOf(timeline).some((consumer) => overtaken[consumer]?.has(timeline));
    const counts = countLives(chosen, audienceOf, placeAt, isOvertaken);
    const lags = lagsOf(chosen, audienceOf, options.endedAt);
    return { counts, lags, lag: summariseSigned(lags) };
  };
  const accountAt = (consumer: number): ConsumerLedger => {
    const chosen = events.filter((timeline) => timeline.audience.includes(consumer));
    return account(chosen, () => [consumer]);
  };
  return {
    ...account(events, everyone),
    consumers: Object.fromEntries(consumers.map((name, consumer) => [name, accountAt(consumer)])),
    requests: requestFates(subjects, placeAt),
  };
}

/** The consumers at which an event is looked at. */
type Audience = (timeline: EventTimeline) => readonly number[];
const everyone: Audience = (timeline) => timeline.audience;

/** Where an event stands at one consumer. */
type PlaceAt = (timeline: EventTimeline, consumer: number) => Place;

function worstAt(timeline: EventTimeline, audience: readonly number[], placeAt: PlaceAt): Place {
  return worstOf(audience.map((consumer) => placeAt(timeline, consumer)));
}

function worstOf(places: readonly Place[]): Place {
  return PLACES.find((place) => places.includes(place)) ?? 'processed';
}

function countLives(
  events: readonly EventTimeline[],
  audienceOf: Audience,
  placeAt: PlaceAt,
  isOvertaken: (timeline: EventTimeline) => boolean,
): LedgerCounts {
  const counts = emptyCounts();
  for (const timeline of events) {
    const audience = audienceOf(timeline);
    const byConsumer = audience.map((consumer) => timeline.byConsumer[consumer]);
    const isProcessed = byConsumer.some((seen) => (seen?.processed ?? 0) > 0);
    if (timeline.attemptedAt !== null) counts.attempted++;
    if (timeline.acknowledgedAt !== null) {
      counts.acknowledged++;
      counts[worstAt(timeline, audience, placeAt)]++;
    } else if (isProcessed) counts[timeline.attemptedAt === null ? 'unexpected' : 'recovered']++;
    if (byConsumer.some((seen) => (seen?.processed ?? 0) > 1)) counts.duplicated++;
    if (byConsumer.some((seen) => (seen?.applied ?? 0) > 1)) counts.appliedTwice++;
    if (isOvertaken(timeline)) counts.outOfOrder++;
  }
  return counts;
}

function emptyCounts(): LedgerCounts {
  return {
    attempted: 0,
    acknowledged: 0,
    processed: 0,
    lost: 0,
    duplicated: 0,
    unexpected: 0,
    recovered: 0,
    deadLettered: 0,
    outOfOrder: 0,
    pending: 0,
    appliedTwice: 0,
  };
}

/** Events of which some delivery started after one of a later event of the same subject. */
function overtakenAt(subjects: Iterable<readonly EventTimeline[]>, consumer: number): Set<EventTimeline> {
  const overtaken = new Set<EventTimeline>();
  for (const timelines of subjects) {
    let earliestLater = Infinity;
    for (const timeline of timelines.toSorted((a, b) => b.sequence - a.sequence)) {
      const starts = timeline.byConsumer[consumer]?.starts ?? [];
      if (starts.some((at) => at > earliestLater)) overtaken.add(timeline);
      earliestLater = Math.min(earliestLater, ...starts);
    }
  }
  return overtaken;
}

/**
 * Lag of every event that was acknowledged or got to a consumer all the same; still unstarted: its age. Where an event is due some
 * time after its publish the lag counts from there, and there is none before.
 */
function lagsOf(events: readonly EventTimeline[], audienceOf: Audience, endedAt: number): Float32Array {
  const lags: number[] = [];
  for (const timeline of events) {
    const { attemptedAt, acknowledgedAt, byConsumer } = timeline;
    const firsts = audienceOf(timeline).map((consumer) => ({ consumer, at: Math.min(Infinity, ...(byConsumer[consumer]?.starts ?? [])) }));
    const isStarted = firsts.some(({ at }) => at < Infinity);
    if (attemptedAt === null || (acknowledgedAt === null && !isStarted)) continue;
    const due = firsts.map(({ consumer, at }) => ({ at, due: dueAt(attemptedAt, timeline, [consumer]) })).filter(({ at, due: from }) => at < Infinity || from <= endedAt);
    if (due.length === 0) continue;
    const waiting = due.filter(({ at }) => at === Infinity).map(({ due: from }) => from);
    lags.push(waiting.length > 0 ? atLeast(endedAt - Math.min(...waiting)) : Math.max(0, ...due.map(({ at, due: from }) => at - from)));
  }
  return Float32Array.from(lags).toSorted();
}

function requestFates(
  subjects: ReadonlyMap<number, readonly EventTimeline[]>,
  placeAt: PlaceAt,
): Map<number, EventWork> {
  const byConsumer = new Map<number, EventWork>();
  for (const [request, timelines] of subjects) {
    const acknowledged = timelines.filter((timeline) => timeline.acknowledgedAt !== null);
    const places = acknowledged.map((timeline) => worstAt(timeline, timeline.audience, placeAt));
    const last = Math.max(...timelines.map(endOf));
    byConsumer.set(request, {
      place: places.length > 0 ? worstOf(places) : null,
      completedAt: Number.isFinite(last) ? last : null,
    });
  }
  return byConsumer;
}

/** End of an event's last processing; without any consumer it is done once it is acknowledged. */
function endOf({ byConsumer, audience, acknowledgedAt }: EventTimeline): number {
  if (audience.length === 0) return acknowledgedAt ?? Infinity;
  return Math.max(...audience.map((consumer) => byConsumer[consumer]?.processedAt ?? Infinity));
}
