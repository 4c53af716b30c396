import { RetryBudget } from '../../architectures/retry-budget.js';
import { backoffOf } from '../../architectures/retries.js';
import type { StepOptions } from '../../architectures/step.js';
import { limitOf, type Retries } from '../../scenarios/scenario.js';
import { BreakerState } from '../../architectures/breaker.js';
import { CALL, CALL_BITS, CALL_IS, CALL_MOMENT_BITS, type CallTable } from './call-table.js';
import { CallerTally } from './caller-tally.js';
import { Connections } from './connections.js';
import type { Lane } from './deadlines.js';
import type { CallDraws } from './draws.js';
import type { Kernel } from './kernel.js';
import { isPlain } from './lookahead.js';
import { EVENT } from './model.js';
import type { Owner } from './owner.js';
import { REJECTED, type Station } from './station.js';

/** What a caller works with. */
export interface CallerParts {
  kernel: Kernel;
  calls: CallTable;
  station: Station;
  draws: CallDraws;
  owner: Owner;
  /** Its own number. */
  position: number;
}

/** Makes the calls of one step or consumer: connections, timeouts, retries, breaker. */
export class Caller {
  readonly tally = new CallerTally();
  readonly draws: CallDraws;
  readonly station: Station;
  readonly timeouts: Lane;
  /** Who calls next for the same owner when all goes well; null: the owner decides. */
  follower: Caller | null = null;
  private readonly kernel: Kernel;
  private readonly calls: CallTable;
  private readonly owner: Owner;
  private readonly position: number;
  private readonly retries: Retries;
  private readonly budget: RetryBudget;
  private readonly breaker: BreakerState | null;
  private readonly connections: Connections;
  /** Every call is made at once, and only once. */
  private readonly isPlain: boolean;

  constructor(options: StepOptions, parts: CallerParts) {
    this.kernel = parts.kernel;
    this.calls = parts.calls;
    this.station = parts.station;
    this.draws = parts.draws;
    this.owner = parts.owner;
    this.position = parts.position;
    this.timeouts = parts.kernel.lane(EVENT.callTimeout, options.timeout, parts.calls);
    this.retries = options.retries;
    this.budget = new RetryBudget(options.retries.budget);
    this.breaker = options.breaker ? new BreakerState(options.breaker, () => parts.kernel.now) : null;
    this.connections = new Connections(limitOf(options.connections));
    this.isPlain = isPlain(options);
  }

  /**
   * Begins a run.
   * @param owner row of what it is made for
   * @param number of its first call
   */
  run(owner: number, request: number, number: number): void {
    const call = this.newCall(owner, request, number, 1);
    if (this.isPlain) return this.callPlainly(call, request);
    if (this.retries.attempts > 1) this.budget.deposit();
    this.attempt(call);
  }

  /** The service is done with a call. */
  served(call: number): void {
    const { calls, tally, kernel } = this;
    const { ints, moments } = calls;
    const row = call << CALL_BITS;
    const flags = ints[row + CALL.flags]!;
    if (flags & CALL_IS.dropped) return calls.settle(call);
    const times = call << CALL_MOMENT_BITS;
    const startedAt = moments[times + CALL.startedAt]!;
    if (ints[row + CALL.request]! >= 0) {
      tally.queueTime.add(flags & CALL_IS.queued ? startedAt - moments[times + CALL.arrivedAt]! : 0);
      tally.serviceTime.add(kernel.now - startedAt);
    }
    this.station.leave(startedAt);
    if (flags & ~(CALL_IS.inProgress | CALL_IS.queued)) this.servedOddly(call, flags);
    else if (this.isPlain && this.follower?.isPlain) this.passOn(call, this.follower);
    else this.succeeded(call);
  }

  /** The next step of a sequence takes over the row of the call: what `succeeded` and `run` would come to, in short. */
  private passOn(call: number, follower: Caller): void {
    const { ints } = this.calls;
    const row = call << CALL_BITS;
    const request = ints[row + CALL.request]!;
    this.station.disconnect();
    if (request >= 0) this.tally.ok++;
    ints[row + CALL.stamp] = ints[row + CALL.stamp]! + 1;
    ints[row + CALL.caller] = follower.position;
    ints[row + CALL.flags] = 0;
    this.owner.passedOn(ints[row + CALL.owner]!);
    follower.callPlainly(call, request);
  }

  /** The timeout of a call has come. */
  timedOut(call: number): void {
    const { calls, station } = this;
    const flags = calls.get(call, CALL.flags);
    calls.set(call, CALL.flags, flags | CALL_IS.abandoned);
    if ((flags & CALL_IS.waiting) === 0) {
      if (!station.abandon(call)) this.owner.leftBehind(calls.get(call, CALL.owner));
      else this.tally.addDropped(calls, call, flags, this.kernel.now);
      this.hangUp();
    }
    this.failed(call, 'timeouts');
  }

  /** The backoff of a call is over. */
  attempt(call: number): void {
    if (this.breaker) {
      const answer = this.breaker.admit();
      if (answer === 'refused') return this.refused(call);
      if (answer === 'trial') this.calls.mark(call, CALL_IS.trial);
    }
    if (this.calls.get(call, CALL.request) >= 0) this.tally.calls++;
    if (this.connections.isFree) return this.connect(call, true);
    this.calls.mark(call, CALL_IS.waiting);
    this.connections.waitFor(call);
    this.timeouts.set(this.kernel.now, call);
  }

  private newCall(owner: number, request: number, number: number, attempt: number): number {
    const { calls } = this;
    const call = calls.take();
    const { ints } = calls;
    const row = call << CALL_BITS;
    ints[row + CALL.caller] = this.position;
    ints[row + CALL.owner] = owner;
    ints[row + CALL.request] = request;
    ints[row + CALL.number] = number;
    ints[row + CALL.attempt] = attempt;
    ints[row + CALL.flags] = 0;
    return call;
  }

  /** @param flags something is out of the common: it failed, its caller has gone away, or a breaker waits for it */
  private servedOddly(call: number, flags: number): void {
    const { calls, owner } = this;
    if (flags & CALL_IS.abandoned) {
      const row = calls.get(call, CALL.owner);
      if ((flags & CALL_IS.failing) === 0) owner.worked(row, this.position);
      calls.settle(call);
      return owner.forgotten(row);
    }
    if ((flags & CALL_IS.failing) === 0) return this.succeeded(call);
    this.hangUp();
    this.failed(call, 'errors');
  }

  private callPlainly(call: number, request: number): void {
    if (request >= 0) this.tally.calls++;
    const ms = this.station.arrive(call);
    if (ms > this.timeouts.delay) this.timeouts.set(this.kernel.now, call);
    else if (ms === REJECTED) {
      this.station.disconnect();
      this.failed(call, 'rejected');
    }
  }

  /** @param fresh its timeout has not been set */
  private connect(call: number, fresh: boolean): void {
    this.connections.take();
    const ms = this.station.arrive(call);
    if (ms === REJECTED) {
      this.hangUp();
      return this.failed(call, 'rejected');
    }
    // No timeout can strike a call that is sure to be answered before.
    if (fresh && ms > this.timeouts.delay) this.timeouts.set(this.kernel.now, call);
  }

  /** Gives a connection back: the next in line takes it. */
  private hangUp(): void {
    this.station.disconnect();
    if (!this.isPlain) this.connections.giveBack(this.lend);
  }

  private readonly lend = (call: number): void => {
    const { calls } = this;
    if (calls.is(call, CALL_IS.abandoned)) return calls.settle(call);
    calls.unmark(call, CALL_IS.waiting);
    this.connect(call, false);
  };

  private succeeded(call: number): void {
    const { calls } = this;
    const { ints } = calls;
    const row = call << CALL_BITS;
    const owner = ints[row + CALL.owner]!;
    this.hangUp();
    if (this.breaker) this.breaker.record(true, ints[row + CALL.flags]! & CALL_IS.trial ? 'trial' : 'admitted');
    if (ints[row + CALL.request]! >= 0) this.tally.ok++;
    calls.settle(call);
    this.owner.runEnded(owner, this.position, true);
  }

  /** An attempt came to nothing: it is tried again, or its run has failed. */
  private failed(call: number, how: 'timeouts' | 'errors' | 'rejected'): void {
    const { calls, tally } = this;
    const owner = calls.get(call, CALL.owner);
    const request = calls.get(call, CALL.request);
    const number = calls.get(call, CALL.number);
    const attempt = calls.get(call, CALL.attempt);
    const opened = this.breaker?.record(false, calls.is(call, CALL_IS.trial) ? 'trial' : 'admitted');
    // A call that timed out is still in a line, or at the service.
    if (how !== 'timeouts') calls.settle(call);
    if (request >= 0) {
      tally[how]++;
      if (opened) tally.breakerOpened++;
    }
    if (attempt >= this.retries.attempts || !this.mayRetry(request)) return this.runFailed(owner, request);
    const backoff = backoffOf(this.retries, attempt, this.draws.jitter(request, number));
    const again = this.newCall(owner, request, number + 1, attempt + 1);
    this.kernel.plan(this.kernel.now + backoff, EVENT.retry, again);
  }

  private mayRetry(request: number): boolean {
    if (this.budget.withdraw()) return true;
    if (request >= 0) this.tally.budgetExhausted++;
    return false;
  }

  private refused(call: number): void {
    const owner = this.calls.get(call, CALL.owner);
    const request = this.calls.get(call, CALL.request);
    if (request >= 0) this.tally.shortCircuited++;
    this.calls.settle(call);
    this.runFailed(owner, request);
  }

  private runFailed(owner: number, request: number): void {
    if (request >= 0) this.tally.failed++;
    this.owner.runEnded(owner, this.position, false);
  }
}
