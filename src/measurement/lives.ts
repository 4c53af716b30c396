/** A history folded by event: what became of each at each consumer, whatever order the entries came in. */
import type { HistoryEntry } from '../events/history.js';

/** One event at one consumer. Moments are ms on the monotonic clock. */
export interface Fate {
  starts: number[];
  /** Times it was processed, and times its effect took place. */
  processed: number;
  applied: number;
  /** First end of its processing. */
  processedAt: number | null;
  deadLetteredAt: number | null;
}

/** One event. */
export interface EventLife {
  event: string;
  request: number;
  sequence: number;
  attemptedAt: number | null;
  acknowledgedAt: number | null;
  /** By position of the consumer. */
  fates: Fate[];
  /** By position of the consumer: how long after its publish it is due there, ms. */
  delays: readonly number[];
  /** Positions of the consumers that were to get it, and of those that got it all the same. */
  audience: number[];
}

/** Events of one source, and the consumers that every one of them goes to. */
export interface Topic {
  source: string;
  consumers: readonly string[];
  /** Of those that begin no sooner than some time after a publish: that time, ms. */
  delays?: Readonly<Record<string, number>>;
}

/** What the bus still holds for each consumer; `everything`: it runs, and forgets nothing that is not finished. */
export type Held = 'everything' | Readonly<Record<string, readonly string[]>>;

/** Where an acknowledged event stands at a consumer, worst first. */
export const PLACES = ['lost', 'deadLettered', 'pending', 'processed'] as const;
export type Place = (typeof PLACES)[number];

/** Every event of a history. */
export interface Lives {
  /** Those that were named, and others that the history knows. */
  consumers: string[];
  events: EventLife[];
}

/**
 * Folds a history. Topics name their consumers so that one that never started anything is missed; an event of no known
 * source is expected by all of them, so that it cannot pass for done.
 */
export function livesOf(entries: readonly HistoryEntry[], topics: readonly Topic[]): Lives {
  const named = topics.flatMap((topic) => topic.consumers);
  const names = new Set(named);
  for (const { consumer } of entries) if (consumer !== '') names.add(consumer);
  const positions = new Map(Array.from(names, (name, position) => [name, position]));
  const waits = Object.assign({}, ...topics.map(({ delays }) => delays)) as Record<string, number>;
  const delays = Array.from(names, (name) => waits[name] ?? 0);
  const lives = new Map<string, EventLife>();
  for (const entry of entries) {
    let life = lives.get(entry.event);
    if (!life) {
      const topic = topics.find(({ source }) => entry.event.startsWith(`${source} `));
      life = newLife(entry, positions, topic?.consumers ?? named, delays);
      lives.set(entry.event, life);
    }
    note(life, entry, positions.get(entry.consumer) ?? -1);
  }
  return { consumers: [...names], events: [...lives.values()] };
}

/** Events of the same subject together: an order is one request. */
export function bySubject(events: readonly EventLife[]): Map<number, EventLife[]> {
  const subjects = new Map<number, EventLife[]>();
  for (const life of events) {
    const lives = subjects.get(life.request);
    if (lives) lives.push(life);
    else subjects.set(life.request, [life]);
  }
  return subjects;
}

/**
 * Tells the place of an acknowledged event at a consumer: processed once it has been, however often and whatever else;
 * else dead-lettered; else pending exactly when the bus says that it still holds this very event; else lost.
 */
export function placer(consumers: readonly string[], held: Held): (life: EventLife, consumer: number) => Place {
  const holds = consumers.map((name) => (held === 'everything' ? null : new Set(held[name])));
  return (life, consumer) => {
    const fate = life.fates[consumer];
    if (fate && fate.processed > 0) return 'processed';
    if (fate && fate.deadLetteredAt !== null) return 'deadLettered';
    const holding = holds[consumer];
    return holding === null || holding?.has(life.event) ? 'pending' : 'lost';
  };
}

function newLife(
  { event, request, sequence }: HistoryEntry,
  positions: ReadonlyMap<string, number>,
  consumers: readonly string[],
  delays: readonly number[],
): EventLife {
  const fates = Array.from(positions, () => newFate());
  const audience = consumers.map((name) => positions.get(name) ?? -1);
  return { event, request, sequence, attemptedAt: null, acknowledgedAt: null, fates, delays, audience };
}

/** When an event is due at the first of some consumers, of which it was published or acknowledged at a moment. */
export function dueAt(moment: number, { delays }: EventLife, consumers: readonly number[]): number {
  return moment + (consumers.length === 0 ? 0 : Math.min(...consumers.map((consumer) => delays[consumer] ?? 0)));
}

function newFate(): Fate {
  return { starts: [], processed: 0, applied: 0, processedAt: null, deadLetteredAt: null };
}

function note(life: EventLife, { kind, at }: HistoryEntry, consumer: number): void {
  if (kind === 'attempted') life.attemptedAt = earliest(life.attemptedAt, at);
  else if (kind === 'acknowledged') life.acknowledgedAt = earliest(life.acknowledgedAt, at);
  const fate = life.fates[consumer];
  if (!fate) return;
  if (!life.audience.includes(consumer)) life.audience.push(consumer);
  noteFate(fate, kind, at);
}

function noteFate(fate: Fate, kind: HistoryEntry['kind'], at: number): void {
  if (kind === 'started') fate.starts.push(at);
  else if (kind === 'applied') fate.applied++;
  else if (kind === 'deadLettered') fate.deadLetteredAt = earliest(fate.deadLetteredAt, at);
  else if (kind === 'processed') {
    fate.processed++;
    fate.processedAt = earliest(fate.processedAt, at);
  }
}

function earliest(known: number | null, at: number): number {
  return known === null ? at : Math.min(known, at);
}
