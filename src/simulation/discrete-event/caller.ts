import { BreakerState } from '../../architectures/breaker.js';
import { backoffOf, RetryBudget, waitOf } from '../../architectures/retries.js';
import { mostCalls } from '../../scenarios/call-count.js';
import { takesPart } from '../../scenarios/draw.js';
import type { ServiceCall } from '../../scenarios/call-graph.js';
import type { FaultProcess } from '../../scenarios/fault.js';
import { limitOf, type Retries } from '../../scenarios/scenario.js';
import { RateLimiter } from '../../services/rate-limiter.js';
import { CallEvents } from './call-events.js';
import { CALL, CALL_IS, NEVER_MADE, TURNED_AWAY, type CallTable } from './call-table.js';
import { CallerTally } from './caller-tally.js';
import { ConnectionPool } from './connection-pool.js';
import type { CallDraws } from './draws.js';
import type { EventQueue } from './event-queue.js';
import type { VirtualWindow } from './model.js';
import type { Owner } from './owner.js';
import type { Uptime } from './processes.js';
import { ARRIVAL, LEAVING, type Station } from './station.js';
import type { Runner } from './step-runs.js';
import { UnheardCalls } from './unheard-calls.js';

/** What a caller works with. */
export interface CallerParts {
  queue: EventQueue;
  calls: CallTable;
  station: Station;
  draws: CallDraws;
  owner: Owner;
  window: VirtualWindow;
  /** The pool that it shares with other callers; null: it has one of its own, where its connections have a limit. */
  pool: ConnectionPool | null;
  /** The process that it is in, and when that works; null: always. */
  process: FaultProcess;
  uptime: Uptime | null;
  /** Its own number. */
  position: number;
  /** A run is one call and the attempts at it; otherwise it is a part of one, which others count. */
  isWhole: boolean;
}

/** Makes the calls of one step or consumer: connections, timeouts, retries, breaker. */
export class Caller implements Runner {
  readonly tally: CallerTally;
  readonly draws: CallDraws;
  readonly station: Station;
  private readonly events: EventQueue;
  private readonly calls: CallTable;
  private readonly owner: Owner;
  readonly position: number;
  readonly process: FaultProcess;
  readonly isBackground: boolean;
  private readonly isWhole: boolean;
  /** Calls between two attempts at one of them: those of its step for a request, at most. */
  private readonly most: number;
  private readonly timeout: number;
  private readonly hasDeadline: boolean;
  private readonly share: number;
  private readonly retries: Retries;
  private readonly options: ServiceCall;
  private budget: RetryBudget;
  private breaker: BreakerState | null = null;
  private limiter: RateLimiter | null = null;
  private readonly pool: ConnectionPool | null;
  private readonly isShared: boolean;
  private readonly plans: CallEvents;
  private readonly unheard: UnheardCalls;

  constructor(options: ServiceCall, parts: CallerParts) {
    this.events = parts.queue;
    this.calls = parts.calls;
    this.station = parts.station;
    this.draws = parts.draws;
    this.owner = parts.owner;
    this.position = parts.position;
    this.process = parts.process;
    this.plans = new CallEvents({ ...parts, isConstant: parts.station.service.latency.kind === 'constant' });
    this.unheard = new UnheardCalls(parts.calls, parts.owner, parts.position);
    this.isWhole = parts.isWhole;
    this.most = mostCalls(options.times);
    this.tally = new CallerTally(parts.window);
    this.timeout = options.timeout;
    this.isBackground = options.isBackground ?? false;
    this.hasDeadline = options.deadline !== undefined;
    this.share = options.share;
    this.retries = options.retries;
    this.options = options;
    this.budget = new RetryBudget(options.retries.budget);
    this.isShared = parts.pool !== null;
    const connections = limitOf(options.connections);
    this.pool = parts.pool ?? (connections < Infinity ? new ConnectionPool(connections, (call) => this.lend(call)) : null);
    this.restart();
  }

  /** Its process begins, or begins anew, and knows nothing of what was before. */
  restart(): void {
    const { options: { retries, breaker, rate }, events } = this;
    this.budget = new RetryBudget(retries.budget);
    this.breaker = breaker ? new BreakerState(breaker, () => events.now) : null;
    this.limiter = rate ? new RateLimiter(rate) : null;
    this.pool?.restart();
  }

  /** Its process dies over a call that is planned to be answered, or given up. */
  die(call: number): void {
    const { calls, station } = this;
    const flags = calls.get(call, CALL.flags);
    if (flags & (CALL_IS.answered | CALL_IS.abandoned | NEVER_MADE)) return;
    calls.set(call, CALL.flags, flags | CALL_IS.abandoned);
    if (flags & CALL_IS.waiting) return;
    if ((flags & TURNED_AWAY) === 0) this.goAway(call);
    station.disconnect();
  }

  /**
   * Begins a run.
   * @param owner row of what it is made for
   * @param request its index; negative while warming up
   * @param order its position in the order sent
   * @param number of its first call
   */
  run(owner: number, request: number, order: number, number: number): void {
    if (takesPart(this.draws.draws, this.share, request)) this.start(owner, request, order, number);
    else this.passOver(owner, request, order, number);
  }

  /** Begins what a request is known to make. */
  start(owner: number, request: number, order: number, number: number): void {
    if (this.isWhole && this.isLate(owner)) return this.passOver(owner, request, order, number, CALL_IS.late);
    if (this.retries.attempts > 1) this.budget.deposit();
    this.attempt(this.calls.begin(this.position, owner, request, order, number, 1));
  }

  /** What a request does not make, or what does not begin because it is late, is over at once. */
  passOver(owner: number, request: number, order: number, number: number, how: number = CALL_IS.skipped): void {
    this.over(this.calls.begin(this.position, owner, request, order, number, 1), how);
  }

  /** Whether the deadline of a request has passed. */
  isLate(owner: number): boolean {
    return this.hasDeadline && this.events.now >= this.owner.deadlineAt(owner);
  }

  /** A call is made: the first, or again once its backoff is over. */
  attempt(call: number): void {
    const { calls, events } = this;
    if (this.breaker) {
      const admission = this.breaker.admit();
      if (admission === 'refused') return this.refused(call);
      if (admission === 'trial') calls.mark(call, CALL_IS.trial);
    }
    const wait = this.limiter ? this.limiter.waitAt(events.now) : 0;
    if (wait > 0 && this.hasDeadline && events.now + wait >= this.owner.deadlineAt(calls.get(call, CALL.owner))) return this.over(call, CALL_IS.overdue);
    if (this.limiter) this.limiter.reserve(events.now);
    if (wait === 0) return this.make(call);
    if (calls.get(call, CALL.request) >= 0) this.tally.hold(wait);
    this.plans.makeAfter(wait, call, false);
  }

  /** A call is made, now that nothing holds it back. */
  make(call: number): void {
    const { calls, events } = this;
    if (calls.get(call, CALL.request) >= 0) this.tally.calls++;
    calls.setAt(call, CALL.timeoutAt, events.now + this.timeout);
    if (this.hasDeadline) calls.setAt(call, CALL.timeoutAt, Math.min(events.now + this.timeout, this.owner.deadlineAt(calls.get(call, CALL.owner))));
    if (!this.pool || this.pool.isFree) return this.connect(call);
    calls.mark(call, CALL_IS.waiting);
    // Until it is lent one: then it arrives at its service.
    calls.setAt(call, CALL.arrivedAt, events.now);
    this.pool.waitFor(call);
    this.plans.setTimeout(call);
  }

  /** The answer to a call has come. */
  answered(call: number): void {
    const { calls, station } = this;
    const flags = calls.get(call, CALL.flags);
    if (flags & NEVER_MADE) return this.passedOver(call, flags);
    station.disconnect();
    if (this.pool) this.pool.giveBack();
    if (flags & CALL_IS.rejected) this.failed(call, 'rejected');
    else if (flags & CALL_IS.limited) this.failed(call, 'limited');
    else if (flags & CALL_IS.failing) this.failed(call, 'errors');
    else this.succeeded(call, flags);
  }

  /** The timeout of a call has come. */
  timedOut(call: number): void {
    const { calls, station } = this;
    const flags = calls.get(call, CALL.flags);
    if (flags & CALL_IS.answered) return calls.give(call);
    // It is too late only because its process stood still: what it was turned away with is heard first.
    if (flags & TURNED_AWAY) return calls.unmark(call, CALL_IS.timed);
    calls.set(call, CALL.flags, flags | CALL_IS.abandoned);
    if (flags & CALL_IS.waiting) this.noteWait(call);
    else {
      this.goAway(call);
      station.disconnect();
      if (this.pool) this.pool.giveBack();
    }
    this.failed(call, 'timeouts');
  }

  /** Nobody waits for a call any more that its service has taken. */
  private goAway(call: number): void {
    const leaving = this.station.abandon(call);
    if (leaving === LEAVING.dropped) this.tally.addDropped(this.calls, call, this.events.now);
    else if (leaving === LEAVING.decided) this.unheard.note(call);
    else this.unheard.wait(call);
  }

  private connect(call: number): void {
    const { station, pool, calls, events } = this;
    if (pool) pool.take();
    station.connect();
    calls.setAt(call, CALL.arrivedAt, events.now);
    const arrival = station.admit(call);
    if (arrival >= ARRIVAL.rejected) {
      calls.mark(call, arrival === ARRIVAL.rejected ? CALL_IS.rejected : CALL_IS.limited);
      // It is never too late: nobody would know what else to make of it.
      const heardAt = Math.min(this.draws.heardAt(calls, call, events.now), calls.at(call, CALL.timeoutAt));
      return this.plans.answer(call, heardAt);
    }
    if (arrival === ARRIVAL.taken) return this.plans.setTimeout(call);
    this.tally.noteTimes(this.calls, call);
    this.plans.hear(call);
  }

  /** A service that could not tell ahead has done with a call: what it took is known, whoever hears of it. */
  served(call: number): void {
    this.tally.noteTimes(this.calls, call);
    if (!this.unheard.served(call)) this.plans.hear(call);
  }

  /** A connection is free for a call that has waited for one. */
  lend(call: number): void {
    const { calls } = this;
    if (calls.is(call, CALL_IS.abandoned)) return calls.give(call);
    calls.unmark(call, CALL_IS.waiting);
    this.noteWait(call);
    this.connect(call);
  }

  /** Counts how long a call has waited for a connection that others wait for, too. */
  private noteWait(call: number): void {
    const { calls, tally, isShared, events } = this;
    if (isShared && calls.get(call, CALL.request) >= 0) tally.wait(events.now - calls.at(call, CALL.arrivedAt));
  }

  private succeeded(call: number, flags: number): void {
    const { calls, tally } = this;
    const owner = calls.get(call, CALL.owner);
    if (this.breaker) this.breaker.record(true, flags & CALL_IS.trial ? 'trial' : 'admitted');
    if (this.isWhole) tally.countRun(calls.get(call, CALL.request), true);
    const follower = this.owner.passOn(owner, this.position);
    if (follower !== null && (flags & CALL_IS.timed) === 0) return follower.takeOver(call);
    this.giveAnswered(call, flags);
    if (follower !== null) follower.run(owner, calls.get(call, CALL.request), calls.get(call, CALL.order), 0);
    else this.owner.runEnded(owner, this.position, true);
  }

  /** Begins a run with the row of a call that has done its own. */
  private takeOver(call: number): void {
    this.calls.beginNext(call, this.position);
    if (this.retries.attempts > 1) this.budget.deposit();
    this.attempt(call);
  }

  /** An attempt came to nothing: it is tried again, or its run has failed. */
  private failed(call: number, how: 'timeouts' | 'errors' | 'rejected' | 'limited'): void {
    const { calls, tally } = this;
    const flags = calls.get(call, CALL.flags);
    const owner = calls.get(call, CALL.owner);
    const request = calls.get(call, CALL.request);
    const order = calls.get(call, CALL.order);
    const number = calls.get(call, CALL.number);
    const attempt = calls.get(call, CALL.attempt);
    const retryAfter = how === 'limited' ? calls.at(call, CALL.endAt) : 0;
    const opened = this.breaker?.record(false, flags & CALL_IS.trial ? 'trial' : 'admitted');
    // One that timed out may still be in a line, of the pool or of a service that drops it.
    if (how !== 'timeouts') this.giveAnswered(call, flags);
    else if (calls.is(call, CALL_IS.left)) calls.give(call);
    if (request >= 0) {
      tally[how]++;
      if (opened) tally.breakerOpened++;
    }
    if (attempt >= this.retries.attempts) return this.runFailed(owner, request);
    const wait = waitOf(this.retries, backoffOf(this.retries, attempt, this.draws.draws(request, number, 'jitter')), retryAfter);
    const isTooLate = this.hasDeadline && this.events.now + wait >= this.owner.deadlineAt(owner);
    if (isTooLate || !this.mayRetry(request)) return this.runFailed(owner, request);
    const again = calls.begin(this.position, owner, request, order, number + this.most, attempt + 1);
    this.plans.makeAfter(wait, again, true);
  }

  /** The row of a call is free again, unless its timeout is still planned. */
  private giveAnswered(call: number, flags: number): void {
    if (flags & CALL_IS.timed) this.calls.mark(call, CALL_IS.answered);
    else this.calls.give(call);
  }

  private mayRetry(request: number): boolean {
    if (this.budget.withdraw()) return true;
    if (request >= 0) this.tally.budgetExhausted++;
    return false;
  }

  private refused(call: number): void {
    if (this.calls.get(call, CALL.request) >= 0) this.tally.shortCircuited++;
    this.over(call, CALL_IS.refused);
  }

  /** A call is not made: that is over at once, in the turn of the answer that there would be. */
  private over(call: number, how: number): void {
    this.calls.mark(call, how);
    this.plans.answer(call, this.events.now);
  }

  private passedOver(call: number, flags: number): void {
    const owner = this.calls.get(call, CALL.owner);
    const request = this.calls.get(call, CALL.request);
    this.calls.give(call);
    if (flags & (CALL_IS.skipped | CALL_IS.late)) return this.owner.runEnded(owner, this.position, (flags & CALL_IS.skipped) !== 0);
    if (flags & CALL_IS.overdue && this.breaker?.record(false, flags & CALL_IS.trial ? 'trial' : 'admitted') && request >= 0) this.tally.breakerOpened++;
    this.runFailed(owner, request);
  }

  private runFailed(owner: number, request: number): void {
    if (this.isWhole) this.tally.countRun(request, false);
    this.owner.runEnded(owner, this.position, false);
  }
}
