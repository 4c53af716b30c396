import { Table } from './tables.js';

/** Columns of a call: whole numbers, then moments. */
export const CALL = {
  /** Position of its caller. */
  caller: 0,
  /** Row of what it is made for: a request or a delivery. */
  owner: 1,
  /** Index of the request; negative while warming up. */
  request: 2,
  /** Position of the request in the order sent. */
  order: 3,
  /** Number of the call among those of its step for that request. */
  number: 4,
  /** Which attempt of its run it is, from 1. */
  attempt: 5,
  flags: 6,
  arrivedAt: 0,
  startedAt: 1,
  /** The service is done with it; not known ahead where calls are dropped. Of one that came too soon: the wait that it is told. */
  endAt: 2,
  /** Its caller waits no longer. */
  timeoutAt: 3,
} as const;

/** Flags of a call. */
export const CALL_IS = {
  /** Waits for a connection of its caller's pool. */
  waiting: 1,
  /** Its timeout has been planned. */
  timed: 2,
  /** A worker is on it, where calls are dropped. */
  inProgress: 4,
  /** Its caller has gone away. */
  abandoned: 8,
  /** The service has dropped it. */
  dropped: 16,
  /** It ends with a 500; or was turned away at the door. */
  failing: 32,
  rejected: 64,
  /** A breaker sent it to try whether the service is back. */
  trial: 128,
  /** Its caller has its answer; only the timeout planned for it is left. */
  answered: 256,
  /** Its caller has gone away, and what the service makes of it has been noted. */
  left: 512,
  /** It came too soon for the rate limit of its service. */
  limited: 1024,
  /** It was never made: its request does not make it, or the breaker refused it. */
  skipped: 2048,
  refused: 4096,
  /** A service that drops calls has done its work, and its caller has not heard of it. */
  served: 8192,
  /** It was never made: the deadline of its request has passed; or it would have, while the caller's own rate held it back. */
  late: 16384,
  overdue: 32768,
} as const;

/** Flags of a call that its service has not taken. */
export const TURNED_AWAY = CALL_IS.rejected | CALL_IS.limited;
export const NEVER_MADE = CALL_IS.skipped | CALL_IS.refused | CALL_IS.late | CALL_IS.overdue;

/** Size of a row: bits of the number of whole numbers, and of moments. */
export const CALL_BITS = 3;
export const CALL_MOMENT_BITS = 2;

/** Calls from the moment they are wanted until both caller and service have done with them. */
export class CallTable extends Table {
  constructor() {
    super(CALL_BITS, CALL_MOMENT_BITS);
  }

  /** Row of a call that a caller wants: see CALL. */
  begin(caller: number, owner: number, request: number, order: number, number: number, attempt: number): number {
    const call = this.take();
    const { ints } = this;
    const row = call << CALL_BITS;
    ints[row + CALL.caller] = caller;
    ints[row + CALL.owner] = owner;
    ints[row + CALL.request] = request;
    ints[row + CALL.order] = order;
    ints[row + CALL.number] = number;
    ints[row + CALL.attempt] = attempt;
    ints[row + CALL.flags] = 0;
    return call;
  }

  /** A call that is over makes place for the first that the next caller makes for the same owner. */
  beginNext(call: number, caller: number): void {
    const { ints } = this;
    const row = call << CALL_BITS;
    ints[row + CALL.caller] = caller;
    ints[row + CALL.number] = 0;
    ints[row + CALL.attempt] = 1;
    ints[row + CALL.flags] = 0;
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
}
