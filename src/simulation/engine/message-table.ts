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
  publishedAt: 0,
} as const;

/** Flags of a message. */
export const MESSAGE_IS = { dead: 1, overtaken: 2, open: 4 } as const;

/** Messages from their publishing until every consumer has done with them. */
export class MessageTable extends Table {
  constructor() {
    super(3, 0);
  }

  is(message: number, flags: number): boolean {
    return (this.get(message, MESSAGE.flags) & flags) !== 0;
  }

  mark(message: number, flags: number): void {
    this.set(message, MESSAGE.flags, this.get(message, MESSAGE.flags) | flags);
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
} as const;

/** A message at one consumer. */
export class DeliveryTable extends Table {
  constructor() {
    super(3, 0);
  }
}
