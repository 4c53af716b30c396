/** Keeps a process's history of events, and the count of those that wait. */
import { EntryColumns } from './columns.js';
import type { HistoryEntry } from './history.js';

/** Of one topic, in one process and its earlier lives. */
export interface EventCounts {
  acknowledged: number;
  finished: Record<string, number>;
}

/** Where entries are written while they happen. */
export interface HistoryRecorder {
  /** Names a consumer, so that what it has not finished is counted. */
  expect(consumer: string): void;
  record(entry: HistoryEntry): void;
  /** Everything recorded so far, in order. */
  entries(): HistoryEntry[];
  /** Events acknowledged and neither processed nor dead-lettered, by consumer, as far as this recorder has seen. */
  backlog(): Record<string, number>;
  /** How many were acknowledged, and finished by each consumer: counted, however many there are. */
  counts(): EventCounts;
  /** Whether the event's effect at this consumer is in the history, that of earlier lives included. */
  isApplied(consumer: string, event: string): boolean;
  /** Lets go of what it holds open. */
  close(): void;
}

/** A history in memory: it dies with the process. */
export function memoryRecorder(): HistoryRecorder {
  const entries = new EntryColumns();
  const waiting = new WaitingCount();
  const inbox = new Inbox();
  return {
    expect: (consumer) => waiting.expect(consumer),
    record: (entry) => {
      entries.add(entry);
      waiting.count(entry);
      inbox.note(entry);
    },
    entries: () => entries.read(),
    backlog: () => waiting.byConsumer(),
    counts: () => waiting.counts(),
    isApplied: (consumer, event) => inbox.has(consumer, event),
    close: () => {},
  };
}

/**
 * Effects that took place, by consumer and event. The entry `applied` is effect and key in one: it is either in the
 * history or it is not, so that no death can leave one without the other.
 */
export class Inbox {
  private readonly applied = new Map<string, Set<string>>();

  note({ kind, consumer, event }: HistoryEntry): void {
    if (kind !== 'applied') return;
    const events = this.applied.get(consumer);
    if (events) events.add(event);
    else this.applied.set(consumer, new Set([event]));
  }

  has(consumer: string, event: string): boolean {
    return this.applied.get(consumer)?.has(event) ?? false;
  }
}

/** Events of one consumer. Finished ones are remembered: their acknowledgement may be heard of later, or again. */
interface Waiting {
  open: Set<string>;
  finished: Set<string>;
}

/** Counts what waits: each event once for each consumer, in whatever order its entries come. */
export class WaitingCount {
  private readonly consumers = new Map<string, Waiting>();
  private acknowledged = 0;

  /** @param earlier entries of an earlier life of the process: what it published is not published again */
  constructor(earlier: readonly HistoryEntry[] = []) {
    for (const { kind } of earlier) if (kind === 'acknowledged') this.acknowledged++;
  }

  /** @param earlier entries of an earlier life of the process, which may have left something waiting */
  expect(consumer: string, earlier: readonly HistoryEntry[] = []): void {
    if (this.consumers.has(consumer)) return;
    const waiting: Waiting = { open: new Set(), finished: new Set() };
    this.consumers.set(consumer, waiting);
    for (const entry of earlier) countAt(consumer, waiting, entry);
  }

  count(entry: HistoryEntry): void {
    if (entry.kind === 'acknowledged') {
      this.acknowledged++;
      for (const [consumer, waiting] of this.consumers) countAt(consumer, waiting, entry);
      return;
    }
    // There are many entries: only the consumer that they are about is asked.
    const waiting = this.consumers.get(entry.consumer);
    if (waiting) countAt(entry.consumer, waiting, entry);
  }

  counts(): EventCounts {
    const finished = Object.fromEntries(Array.from(this.consumers, ([name, waiting]) => [name, waiting.finished.size]));
    return { acknowledged: this.acknowledged, finished };
  }

  byConsumer(): Record<string, number> {
    return Object.fromEntries(Array.from(this.consumers, ([name, { open }]) => [name, open.size]));
  }
}

function countAt(consumer: string, { open, finished }: Waiting, { kind, event, consumer: by }: HistoryEntry): void {
  if (kind === 'acknowledged') {
    if (!finished.has(event)) open.add(event);
  } else if (by === consumer && (kind === 'processed' || kind === 'deadLettered')) {
    finished.add(event);
    open.delete(event);
  }
}
