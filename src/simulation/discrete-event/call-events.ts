/** What is planned for the calls of a caller: when it hears of them, gives them up, and makes them at last. */
import { RANK } from '../../scenarios/turn.js';
import { CALL, CALL_BITS, CALL_IS, CALL_MOMENT_BITS, type CallTable } from './call-table.js';
import type { CallDraws } from './draws.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import type { Lane } from './lane.js';
import { EVENT } from './model.js';
import type { Uptime } from './processes.js';

/** What it takes to plan. */
export interface CallEventsParts {
  queue: EventQueue;
  calls: CallTable;
  draws: CallDraws;
  /** The caller's own number. */
  position: number;
  /** When the process of the caller works; null: always. */
  uptime: Uptime | null;
  /** Whether all calls take equally long at their service. */
  isConstant: boolean;
}

/** In a process that does nothing for a time, what comes due meanwhile happens once it goes on. */
export class CallEvents {
  private readonly queue: EventQueue;
  private readonly calls: CallTable;
  private readonly draws: CallDraws;
  private readonly position: number;
  private readonly uptime: Uptime | null;
  private readonly timeouts: Lane;
  /** Calls that take equally long are answered in the order in which they were made. */
  private readonly answers: Lane | null;

  constructor({ queue, calls, draws, position, uptime, isConstant }: CallEventsParts) {
    this.queue = queue;
    this.calls = calls;
    this.draws = draws;
    this.position = position;
    this.uptime = uptime;
    this.timeouts = queue.newLane();
    this.answers = isConstant && !draws.hasHop ? queue.newLane() : null;
  }

  /** A call is made again, or at last, after so many ms. */
  makeAfter(ms: number, call: number, isRetry: boolean): void {
    const at = this.awake(this.queue.now + ms);
    if (isRetry) this.queue.plan(at, this.turn(RANK.retry, call), EVENT.retry, call);
    else this.queue.plan(at, this.turn(RANK.paced, call), EVENT.paced, call);
  }

  /** The service has done with a call, or will have: its caller hears of it, if it still waits then. */
  hear(call: number): void {
    const { moments } = this.calls;
    const times = call << CALL_MOMENT_BITS;
    const comesAt = this.draws.heardAt(this.calls, call, moments[times + CALL.endAt]!);
    if (this.uptime !== null) return this.hearAround(call, comesAt);
    if (comesAt > moments[times + CALL.timeoutAt]!) return this.setTimeout(call);
    this.queue.plan(comesAt, this.turn(RANK.answer, call), EVENT.answer, call, this.answers);
  }

  /** One that comes while the process is stopped is heard behind the timers. */
  private hearAround(call: number, comesAt: number): void {
    const heardAt = this.awake(comesAt);
    const timeoutAt = this.awake(this.calls.at(call, CALL.timeoutAt));
    if (heardAt < timeoutAt || (heardAt === timeoutAt && heardAt === comesAt)) this.answer(call, comesAt);
    else this.setTimeout(call);
  }

  /** An answer comes at a moment. */
  answer(call: number, comesAt: number): void {
    const heardAt = this.awake(comesAt);
    this.queue.plan(heardAt, this.turn(heardAt > comesAt ? RANK.late : RANK.answer, call), EVENT.answer, call);
  }

  /** It will be given up, unless that is planned already. */
  setTimeout(call: number): void {
    const { calls, queue } = this;
    if (calls.is(call, CALL_IS.timed)) return;
    calls.mark(call, CALL_IS.timed);
    queue.plan(this.awake(calls.at(call, CALL.timeoutAt)), this.turn(RANK.callTimeout, call), EVENT.callTimeout, call, this.timeouts);
  }

  private awake(at: number): number {
    return this.uptime === null ? at : this.uptime.awake(at);
  }

  private turn(rank: number, call: number): number {
    const { ints } = this.calls;
    const row = call << CALL_BITS;
    return turnNumber(rank, ints[row + CALL.order]!, this.position, ints[row + CALL.number]!);
  }
}
