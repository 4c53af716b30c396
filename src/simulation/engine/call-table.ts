import { STAMP, Table } from './grow.js';

/** Columns of a call: whole numbers, then moments. */
export const CALL = {
  /** Changes when its caller waits no more. */
  stamp: STAMP,
  /** Position of its caller. */
  caller: 1,
  /** Row of what it is made for: a request or a delivery. */
  owner: 2,
  /** Index of the request; negative while warming up. */
  request: 3,
  /** Number of the call among those of its step for that request. */
  number: 4,
  /** Which attempt of its run it is, from 1. */
  attempt: 5,
  flags: 6,
  arrivedAt: 0,
  startedAt: 1,
} as const;

/** Flags of a call. */
export const CALL_IS = {
  /** Waits for a connection of its caller's pool. */
  waiting: 1,
  /** Has to wait for a worker of the service, or had to. */
  queued: 2,
  /** A worker is on it. */
  inProgress: 4,
  /** Its caller has gone away. */
  abandoned: 8,
  /** The service has dropped it. */
  dropped: 16,
  /** It ends with a 500. */
  failing: 32,
  /** A breaker sent it to try whether the service is back. */
  trial: 64,
} as const;

/** Size of a row: bits of the number of whole numbers, and of moments. */
export const CALL_BITS = 3;
export const CALL_MOMENT_BITS = 1;

/** Calls from the moment they are wanted until both caller and service have done with them. */
export class CallTable extends Table {
  constructor() {
    super(CALL_BITS, CALL_MOMENT_BITS);
  }

  is(call: number, flags: number): boolean {
    return (this.get(call, CALL.flags) & flags) !== 0;
  }

  mark(call: number, flags: number): void {
    this.set(call, CALL.flags, this.get(call, CALL.flags) | flags);
  }

  unmark(call: number, flags: number): void {
    this.set(call, CALL.flags, this.get(call, CALL.flags) & ~flags);
  }

  /** The row is free again; what it holds stays until it is taken. */
  settle(call: number): void {
    this.add(call, CALL.stamp, 1);
    this.set(call, CALL.flags, 0);
    this.give(call);
  }

  /** Rows that a worker is on. */
  *inProgress(): Generator<number> {
    for (let call = 0; call < this.rows; call++) {
      if (this.is(call, CALL_IS.inProgress) && !this.is(call, CALL_IS.dropped)) yield call;
    }
  }
}
