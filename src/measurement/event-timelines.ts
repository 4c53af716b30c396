/** A history folded by event: what became of each at each consumer, whatever order the entries came in. */
import type { HistoryEntry } from '../events/history.js';
import type { DelayOf } from '../scenarios/call-graph.js';

/** One event at one consumer. Moments are ms on the monotonic clock. */
export interface ConsumerTimeline {
  starts: number[];
  /** Times it was processed, and times its effect took place. */
  processed: number;
  applied: number;
  /** First end of its processing. */
  processedAt: number | null;
  deadLetteredAt: number | null;
}

/** One event. */
export interface EventTimeline {
  event: string;
  request: number;
  sequence: number;
  attemptedAt: number | null;
  acknowledgedAt: number | null;
  /** By position of the consumer. */
  byConsumer: ConsumerTimeline[];
  /** By position of the consumer: how long after its publish it is due there, ms. */
  delays: readonly number[];
  /** Positions of the consumers that were to get it, and of those that got it all the same. */
  audience: number[];
}

/** Events of one source, and the consumers that every one of them goes to. */
export interface Topic {
  source: string;
  consumers: readonly string[];
  /** Of those that begin no sooner than some time after a publish: that time. */
  delays?: Readonly<Record<string, DelayOf>>;
}

/** What the bus still holds for each consumer; `everything`: it runs, and forgets nothing that is not finished. */
export type Held = 'everything' | Readonly<Record<string, readonly string[]>>;

/** Where an acknowledged event stands at a consumer, worst first. */
export const PLACES = ['lost', 'deadLettered', 'pending', 'processed'] as const;
export type Place = (typeof PLACES)[number];

/** Every event of a history. */
export interface EventTimelines {
  /** Those that were named, and others that the history knows. */
  consumers: string[];
  events: EventTimeline[];
}

/**
 * Folds a history. Topics name their consumers so that one that never started anything is missed; an event of no known
 * source is expected by all of them, so that it cannot pass for done.
 */
export function timelinesOf(entries: readonly HistoryEntry[], topics: readonly Topic[]): EventTimelines {
  const named = topics.flatMap((topic) => topic.consumers);
  const names = new Set(named);
  for (const { consumer } of entries) if (consumer !== '') names.add(consumer);
  const positions = new Map(Array.from(names, (name, position) => [name, position]));
  const waits = Object.assign({}, ...topics.map(({ delays }) => delays)) as Record<string, DelayOf>;
  const delays = Array.from(names, (name) => waits[name] ?? null);
  const timelines = new Map<string, EventTimeline>();
  for (const entry of entries) {
    let timeline = timelines.get(entry.event);
    if (!timeline) {
      const topic = topics.find(({ source }) => entry.event.startsWith(`${source} `));
      timeline = newLife(entry, positions, topic?.consumers ?? named, delays);
      timelines.set(entry.event, timeline);
    }
    note(timeline, entry, positions.get(entry.consumer) ?? -1);
  }
  return { consumers: [...names], events: [...timelines.values()] };
}

/** Events of the same subject together: an order is one request. */
export function bySubject(events: readonly EventTimeline[]): Map<number, EventTimeline[]> {
  const subjects = new Map<number, EventTimeline[]>();
  for (const timeline of events) {
    const timelines = subjects.get(timeline.request);
    if (timelines) timelines.push(timeline);
    else subjects.set(timeline.request, [timeline]);
  }
  return subjects;
}

/**
 * Tells the place of an acknowledged event at a consumer: processed once it has been, however often and whatever else;
 * else dead-lettered; else pending exactly when the bus says that it still holds this very event; else lost.
 */
export function placer(consumers: readonly string[], held: Held): (timeline: EventTimeline, consumer: number) => Place {
  const holds = consumers.map((name) => (held === 'everything' ? null : new Set(held[name])));
  return (timeline, consumer) => {
    const seen = timeline.byConsumer[consumer];
    if (seen && seen.processed > 0) return 'processed';
    if (seen && seen.deadLetteredAt !== null) return 'deadLettered';
    const holding = holds[consumer];
    return holding === null || holding?.has(timeline.event) ? 'pending' : 'lost';
  };
}

function newLife(
  { event, request, sequence }: HistoryEntry,
  positions: ReadonlyMap<string, number>,
  consumers: readonly string[],
  delays: readonly (DelayOf | null)[],
): EventTimeline {
  const byConsumer = Array.from(positions, () => newTimeline());
  const audience = consumers.map((name) => positions.get(name) ?? -1);
  return { event, request, sequence, attemptedAt: null, acknowledgedAt: null, byConsumer, delays: delays.map((delay) => delay?.(request) ?? 0), audience };
}

/** When an event is due at the first of some consumers, of which it was published or acknowledged at a moment. */
export function dueAt(moment: number, { delays }: EventTimeline, consumers: readonly number[]): number {
  return moment + (consumers.length === 0 ? 0 : Math.min(...consumers.map((consumer) => delays[consumer] ?? 0)));
}

function newTimeline(): ConsumerTimeline {
  return { starts: [], processed: 0, applied: 0, processedAt: null, deadLetteredAt: null };
}

function note(timeline: EventTimeline, { kind, at }: HistoryEntry, consumer: number): void {
  if (kind === 'attempted') timeline.attemptedAt = earliest(timeline.attemptedAt, at);
  else if (kind === 'acknowledged') timeline.acknowledgedAt = earliest(timeline.acknowledgedAt, at);
  const seen = timeline.byConsumer[consumer];
  if (!seen) return;
  if (!timeline.audience.includes(consumer)) timeline.audience.push(consumer);
  noteEntry(seen, kind, at);
}

function noteEntry(seen: ConsumerTimeline, kind: HistoryEntry['kind'], at: number): void {
  if (kind === 'started') seen.starts.push(at);
  else if (kind === 'applied') seen.applied++;
  else if (kind === 'deadLettered') seen.deadLetteredAt = earliest(seen.deadLetteredAt, at);
  else if (kind === 'processed') {
    seen.processed++;
    seen.processedAt = earliest(seen.processedAt, at);
  }
}

function earliest(known: number | null, at: number): number {
  return known === null ? at : Math.min(known, at);
}
