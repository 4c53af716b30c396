import { Agenda } from './agenda.js';
import { Lanes, type Lane } from './deadlines.js';
import type { Table } from './grow.js';

/** Low bits of an entry: what happens. The rest: to which row. */
const KIND_BITS = 4;
const KIND_MASK = (1 << KIND_BITS) - 1;

/** What happens next: its kind, and the row it happens to. */
export const kindOf = (entry: number): number => entry & KIND_MASK;
export const rowOf = (entry: number): number => entry >> KIND_BITS;

/** Nothing happens any more. */
export const OVER = -1;

/** The virtual clock: what is planned, and what happens next. Times in ms from the start of the warm-up. */
export class Kernel {
  now = 0;
  /** Nothing happens after this moment. */
  until = Infinity;
  private readonly agenda = new Agenda();
  private readonly lanes = new Lanes();

  /** Plans something. @param at not before now */
  plan(at: number, kind: number, row: number): void {
    this.agenda.schedule(at, (row << KIND_BITS) | kind);
  }

  /** Timeouts of one kind and length. */
  lane(kind: number, delay: number, table: Table): Lane {
    return this.lanes.lane(kind, delay, table);
  }

  /** Goes on to what happens next, and tells it; of two things at one moment, what was planned before a timeout. */
  next(): number {
    const at = this.agenda.peek();
    if (at <= this.until && at <= this.lanes.next && at < Infinity) {
      this.now = at;
      return this.agenda.take();
    }
    return this.nextTimeout(at);
  }

  /** @param at when something else happens */
  private nextTimeout(at: number): number {
    const { lanes } = this;
    while (lanes.next < at) {
      const { next } = lanes;
      if (next > this.until) return this.over();
      const row = lanes.take();
      if (row < 0) continue;
      this.now = next;
      return (row << KIND_BITS) | lanes.kind;
    }
    if (at > this.until || at === Infinity) return this.over();
    this.now = at;
    return this.agenda.take();
  }

  /** Nothing happens any more, but time goes on to the end. */
  private over(): number {
    if (this.until < Infinity) this.now = this.until;
    return OVER;
  }
}
