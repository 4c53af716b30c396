import { doubled, FIRST_ROWS, STAMP, type Table } from './tables.js';

/**
 * Timeouts of one length. What was set first ends first, so a ring does for a heap; a timeout that nobody waits for any
 * more (its row has another stamp) is passed over when its time comes.
 */
export class Timeouts {
  /** Time of the next timeout, which may be void; Infinity when there is none. */
  next = Infinity;
  /** Time of the one taken last. */
  at = 0;
  readonly kind: number;
  private readonly delay: number;
  private readonly table: Table;
  private moments = new Float64Array(FIRST_ROWS);
  private rows = new Int32Array(FIRST_ROWS);
  private stamps = new Int32Array(FIRST_ROWS);
  private head = 0;
  private length = 0;

  /** @param delay ms */
  constructor(kind: number, delay: number, table: Table) {
    this.kind = kind;
    this.delay = delay;
    this.table = table;
  }

  /** Sets a timeout for a row. */
  set(now: number, row: number): void {
    if (this.length === this.moments.length) this.makeRoom();
    const place = (this.head + this.length++) & (this.moments.length - 1);
    this.moments[place] = now + this.delay;
    this.rows[place] = row;
    this.stamps[place] = this.table.get(row, STAMP);
    if (this.length === 1) this.next = this.moments[place]!;
  }

  /** Takes out the first timeout that is not void, before a moment: its row, or -1 when there is none. */
  before(moment: number): number {
    while (this.next < moment) {
      const place = this.head;
      this.at = this.next;
      this.head = (place + 1) & (this.moments.length - 1);
      this.next = --this.length === 0 ? Infinity : this.moments[this.head]!;
      const row = this.rows[place]!;
      if (this.table.get(row, STAMP) === this.stamps[place]) return row;
    }
    return -1;
  }

  /** Most are void long before their time: they go first, so that there are about as many as wait. */
  private makeRoom(): void {
    const { head, length, moments, rows, stamps } = this;
    const mask = moments.length - 1;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const place = (head + i) & mask;
      if (this.table.get(rows[place]!, STAMP) !== stamps[place]) continue;
      const to = (head + kept++) & mask;
      moments[to] = moments[place]!;
      rows[to] = rows[place]!;
      stamps[to] = stamps[place]!;
    }
    this.length = kept;
    this.next = kept === 0 ? Infinity : moments[head]!;
    if (kept * 2 > moments.length) this.grow();
  }

  private grow(): void {
    const { length } = this.moments;
    this.moments = doubled(this.moments).copyWithin(length, 0, this.head);
    this.rows = doubled(this.rows).copyWithin(length, 0, this.head);
    this.stamps = doubled(this.stamps).copyWithin(length, 0, this.head);
  }
}
