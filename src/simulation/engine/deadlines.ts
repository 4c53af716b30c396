import { doubled, FIRST_ROWS, STAMP, type Table } from './grow.js';

/** All timeouts. */
export class Lanes {
  /** Time of the next timeout, which may be void; Infinity when there is none. */
  next = Infinity;
  /** Kind of the timeout taken last. */
  kind = 0;
  private readonly lanes: Lane[] = [];

  /** Timeouts of one kind and length. */
  lane(kind: number, delay: number, table: Table): Lane {
    const known = this.lanes.find((lane) => lane.kind === kind && lane.delay === delay);
    if (known) return known;
    const lane = new Lane(this, kind, delay, table);
    this.lanes.push(lane);
    return lane;
  }

  /** Takes out the next timeout: the row it is for, or -1 when it is void. There must be one. */
  take(): number {
    const lane = this.first();
    const row = lane.take();
    this.kind = lane.kind;
    this.next = this.first().next;
    return row;
  }

  private first(): Lane {
    const { lanes } = this;
    let first = lanes[0]!;
    for (let i = 1; i < lanes.length; i++) if (lanes[i]!.next < first.next) first = lanes[i]!;
    return first;
  }
}

/**
 * Timeouts of one length. What was set first ends first, so a ring does for a heap; a timeout that nobody waits for any
 * more (its row has another stamp) is passed over when its time comes.
 */
export class Lane {
  /** Time of the next timeout, which may be void; Infinity when there is none. */
  next = Infinity;
  readonly kind: number;
  readonly delay: number;
  private readonly lanes: Lanes;
  private readonly table: Table;
  private at = new Float64Array(FIRST_ROWS);
  private row = new Int32Array(FIRST_ROWS);
  private stamp = new Int32Array(FIRST_ROWS);
  private head = 0;
  private length = 0;

  constructor(lanes: Lanes, kind: number, delay: number, table: Table) {
    this.lanes = lanes;
    this.kind = kind;
    this.delay = delay;
    this.table = table;
  }

  /** Sets a timeout for a row. */
  set(now: number, row: number): void {
    if (this.length === this.at.length) this.grow();
    const place = (this.head + this.length++) & (this.at.length - 1);
    this.at[place] = now + this.delay;
    this.row[place] = row;
    this.stamp[place] = this.table.get(row, STAMP);
    if (this.length > 1) return;
    this.next = this.at[place]!;
    if (this.next < this.lanes.next) this.lanes.next = this.next;
  }

  /** Takes out the next timeout: the row it is for, or -1 when it is void. */
  take(): number {
    const place = this.head;
    this.head = (place + 1) & (this.at.length - 1);
    this.next = --this.length === 0 ? Infinity : this.at[this.head]!;
    const row = this.row[place]!;
    return this.table.get(row, STAMP) === this.stamp[place] ? row : -1;
  }

  private grow(): void {
    const { length } = this.at;
    this.at = doubled(this.at).copyWithin(length, 0, this.head);
    this.row = doubled(this.row).copyWithin(length, 0, this.head);
    this.stamp = doubled(this.stamp).copyWithin(length, 0, this.head);
  }
}
