/** Entries of a history as typed columns that double when they are full, so that an entry costs no object. */
import { HISTORY_KINDS, type HistoryEntry, type HistoryKind } from './history.js';

const FIRST_CAPACITY = 1024;
const CODES = Object.fromEntries(HISTORY_KINDS.map((kind, code) => [kind, code])) as Record<HistoryKind, number>;

export class EntryColumns {
  private readonly events: string[] = [];
  private readonly consumers: string[] = [];
  private columns = emptyColumns(FIRST_CAPACITY);

  add({ kind, event, request, sequence, consumer, at }: HistoryEntry): void {
    const row = this.events.length;
    if (row === this.columns.kind.length) this.grow();
    this.events.push(event);
    this.columns.kind[row] = CODES[kind];
    this.columns.request[row] = request;
    this.columns.sequence[row] = sequence;
    this.columns.consumer[row] = this.positionOf(consumer);
    this.columns.at[row] = at;
  }

  /** Every entry so far, in order, as objects. */
  read(): HistoryEntry[] {
    const { kind, request, sequence, consumer, at } = this.columns;
    return this.events.map((event, row) => ({
      kind: HISTORY_KINDS[kind[row] ?? 0] ?? 'attempted',
      event,
      request: request[row] ?? 0,
      sequence: sequence[row] ?? 0,
      consumer: this.consumers[consumer[row] ?? 0] ?? '',
      at: at[row] ?? 0,
    }));
  }

  /** Consumers are few: looking through them is quicker than a map. */
  private positionOf(consumer: string): number {
    const position = this.consumers.indexOf(consumer);
    return position === -1 ? this.consumers.push(consumer) - 1 : position;
  }

  private grow(): void {
    const full = this.columns;
    this.columns = emptyColumns(2 * full.kind.length);
    this.columns.kind.set(full.kind);
    this.columns.request.set(full.request);
    this.columns.sequence.set(full.sequence);
    this.columns.consumer.set(full.consumer);
    this.columns.at.set(full.at);
  }
}

function emptyColumns(capacity: number) {
  return {
    kind: new Uint8Array(capacity),
    request: new Int32Array(capacity),
    sequence: new Int32Array(capacity),
    consumer: new Uint16Array(capacity),
    at: new Float64Array(capacity),
  };
}
