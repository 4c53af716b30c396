import { Table } from './tables.js';

/** Columns of a message: whole numbers, then moments. */
export const MESSAGE = {
  /** Row of the request that published it. */
  request: 0,
  /** Place within its order, from 0. */
  ordinal: 1,
  /** Consumers that have not done with it. */
  left: 2,
  /** Consumers that have not begun with it. */
  unstarted: 3,
  flags: 4,
  /** Deliveries that still need its row: those that come twice do after they are done. */
  holders: 5,
  /** Consumers that it has. */
  audience: 6,
  /** Position of the stream that it was published on. */
  stream: 7,
  publishedAt: 0,
  /** The last of its first deliveries begins; the last of its deliveries ends. As far as is known. */
  begunAt: 1,
  endedAt: 2,
  /** Earliest moment since which it waits at a consumer that has not begun with it, or never will. As far as is known. */
  waitsSince: 3,
} as const;

/** Flags of a message; one that is due waits at some consumer, or has waited; one that is pending waits at some consumer for longer than the trial lasts. */
export const MESSAGE_IS = { dead: 1, overtaken: 2, open: 4, pending: 8, lost: 16, duplicated: 32, appliedTwice: 64, due: 128 } as const;

/** Messages from their publishing until every consumer has done with them. */
export class MessageTable extends Table {
  constructor() {
    super(3, 2);
  }

  is(message: number, flags: number): boolean {
    return (this.get(message, MESSAGE.flags) & flags) !== 0;
  }

  mark(message: number, flags: number): void {
    this.set(message, MESSAGE.flags, this.get(message, MESSAGE.flags) | flags);
  }

  unmark(message: number, flags: number): void {
    this.set(message, MESSAGE.flags, this.get(message, MESSAGE.flags) & ~flags);
  }

  /** A moment of a message is as late as one that has become known. */
  raise(message: number, column: number, at: number): void {
    if (at > this.at(message, column)) this.setAt(message, column, at);
  }

  /** Rows that some consumer has not done with. */
  *open(): Generator<number> {
    for (let message = 0; message < this.rows; message++) if (this.is(message, MESSAGE_IS.open)) yield message;
  }
}

/** Columns of a delivery. */
export const DELIVERY = {
  message: 0,
  /** Position of the consumer. */
  consumer: 1,
  /** Which delivery of the message it is, from 1. */
  attempt: 2,
  /** 1 once it has begun after a later message of its order. */
  overtaken: 3,
  /** Messages that its consumer has published and the bus has not taken yet. */
  publishing: 4,
  /** 1 from its queueing until it begins, of a first delivery. */
  waiting: 5,
  /** How its call goes, of OUTCOME. */
  outcome: 6,
  /** Times that it was processed where that may be more than once, and 1 while it is handled a second time on purpose. */
  processed: 7,
  isSecond: 8,
  /** 1 while its consumer tells the server over the bus that it is done. */
  telling: 9,
  beginsAt: 0,
  endsAt: 1,
} as const;

/** How the call of a delivery goes; skipped: its request does not make it. */
export const OUTCOME = { skipped: 0, ok: 1, timeout: 2, error: 3, rejected: 4 } as const;

/** A message at one consumer. */
export class DeliveryTable extends Table {
  constructor() {
    super(4, 1);
  }

  /** Rows of first deliveries that have not begun. */
  *waiting(): Generator<number> {
    for (let delivery = 0; delivery < this.rows; delivery++) if (this.get(delivery, DELIVERY.waiting) === 1) yield delivery;
  }
}
