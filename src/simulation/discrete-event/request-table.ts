import { STAMP, Table } from './tables.js';

/** Columns of a request: whole numbers, then moments. */
export const REQUEST = {
  /** Changes when the client waits no more. */
  stamp: STAMP,
  /** 0, 1, 2 ... when measured; -1, -2 ... while warming up. Of a later attempt its number: see `attemptNumber`. */
  index: 1,
  /** Position in the order sent, warm-up included; that of a later attempt is behind those of all earlier ones: see `ATTEMPTS_APART`. */
  position: 2,
  user: 3,
  /** Steps done, when they run one after another. */
  progress: 4,
  /** Steps not done yet, when they run side by side; and deliveries that the reply waits for. */
  left: 5,
  /** The delivery that runs its steps, when a consumer does. */
  delivery: 6,
  flags: 7,
  /** How many still have to do with it. */
  holders: 8,
  /** Position of its kind, where there are several. */
  kind: 9,
  /** Which attempt of its request it is, from 0; and the one after it. */
  attempt: 10,
  next: 11,
  sentAt: 0,
  /** The server's own work on it is done. */
  replyFrom: 1,
  /** End of the last work done for it. */
  workedAt: 2,
  /** The client has been told, or waits no longer. */
  toldAt: 3,
  /** A service ends a critical step whose caller has gone away; Infinity where none does. */
  effectiveAt: 4,
  /** The first attempt was sent. */
  begunAt: 5,
} as const;

/** Later attempts stand so many positions behind the one before: beyond as many requests some share a turn. */
export const ATTEMPTS_APART = 2 ** 24;

/** Flags of a request: what has come of it. */
export const REQUEST_IS = {
  /** The client has heard a good answer; any other; or waits no longer. */
  ok: 1,
  failed: 2,
  timedOut: 4,
  /** A critical step has taken effect. */
  effective: 8,
  /** Work that was promised has died. */
  dead: 16,
  /** The reply is decided: good, or not. */
  replied: 32,
  good: 64,
  /** Somebody still has to do with it. */
  open: 128,
  /** The trial is over, and some message of it is not done with. */
  pending: 256,
  /** The server has taken it up, where that may die. */
  placed: 512,
  /** Its client has sent it again, or is about to. */
  superseded: 1024,
} as const;

/** The client has been told, one way or the other. */
export const TOLD = REQUEST_IS.ok | REQUEST_IS.failed | REQUEST_IS.timedOut;

/** Attempts of requests, each a row of its own, until client, server and consumers have all done with them. */
export class RequestTable extends Table {
  constructor() {
    super(4, 3);
  }

  is(request: number, flags: number): boolean {
    return (this.get(request, REQUEST.flags) & flags) !== 0;
  }

  mark(request: number, flags: number): void {
    this.set(request, REQUEST.flags, this.get(request, REQUEST.flags) | flags);
  }

  /** It is of the measured window, not of the warm-up. */
  isMeasured(request: number): boolean {
    return this.get(request, REQUEST.index) >= 0;
  }

  /** Work for a request ends at a moment; the last of these counts. */
  noteWork(request: number, at: number): void {
    if (at > this.at(request, REQUEST.workedAt)) this.setAt(request, REQUEST.workedAt, at);
  }

  /** Somebody more has to do with a request. */
  hold(request: number): void {
    this.add(request, REQUEST.holders, 1);
  }

  /** Rows that somebody still has to do with. */
  *open(): Generator<number> {
    for (let request = 0; request < this.rows; request++) if (this.is(request, REQUEST_IS.open)) yield request;
  }
}
