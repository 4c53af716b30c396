import { callCount, callNumber, mostCalls } from '../../scenarios/call-count.js';
import { takesPart } from '../../scenarios/draw.js';
import type { ServiceCall } from '../../scenarios/call-graph.js';
import { limitOf, type CallCount } from '../../scenarios/scenario.js';
import { CALL_IS } from './call-table.js';
import type { Caller } from './caller.js';
import type { Owner, RunOwner } from './owner.js';
import { Table } from './tables.js';
import { NO_EFFECT, type EffectSink } from './unheard-calls.js';

/** What is run for a request or a delivery: the one call of a step, or several of them. */
export interface Runner {
  /**
   * Begins a run.
   * @param owner row of what it is made for
   * @param request its index; negative while warming up
   * @param order its position in the order sent
   * @param attempt of what it is made for, from 0: deliveries count
   */
  run(owner: number, request: number, order: number, attempt: number): void;
}

/** Columns of a run. */
const RUN = {
  /** Row of what it is made for, and what `Runner.run` is told. */
  owner: 0,
  request: 1,
  order: 2,
  attempt: 3,
  /** Calls that it makes, has begun, and has done with. */
  count: 4,
  begun: 5,
  done: 6,
  /** Whether one of them has failed for good, and what comes of the run then. */
  failed: 7,
  /** Calls of it that may still fail. */
  mayFail: 8,
} as const;

/** Bits of the number of columns. */
const RUN_BITS = 4;

const FAILED = { not: 0, fallsBack: 1, over: 2, late: 3 } as const;

/**
 * Runs of a step that makes several calls, or has a fallback: so many at once, in order; with the first that fails for good, beyond those
 * that may, the run falls back, or has failed.
 */
export class StepRuns implements Owner, Runner {
  private readonly caller: Caller;
  private readonly owner: RunOwner;
  private readonly share: number;
  private readonly times: CallCount;
  private readonly concurrency: number;
  private readonly most: number;
  private readonly need: number;
  private readonly runs = new Table(RUN_BITS, 0);
  private fallback: Caller | null = null;

  /**
   * @param owner of the runs
   * @param callerFor who makes the calls, for an owner
   */
  constructor({ share, times = 1, concurrency = 1, need = Infinity }: ServiceCall, owner: RunOwner, callerFor: (owner: Owner) => Caller) {
    this.caller = callerFor(this);
    this.owner = owner;
    this.share = share;
    this.times = times;
    this.concurrency = limitOf(concurrency);
    this.need = need;
    this.most = mostCalls(times);
  }

  /** Who makes the one call that will do when a run has failed. */
  fallBackOn(fallback: Caller): void {
    this.fallback = fallback;
  }

  run(owner: number, request: number, order: number, attempt: number): void {
    const { runs, caller } = this;
    const { draws } = caller.draws;
    const count = takesPart(draws, this.share, request) ? callCount(draws, this.times, request) : 0;
    const run = runs.take();
    for (const [column, value] of [owner, request, order, attempt, count, 0, 0, FAILED.not, Math.max(0, count - this.need)].entries()) runs.set(run, column, value);
    if (count === 0) caller.passOver(run, request, order, attempt * this.most);
    else if (caller.isLate(run)) this.giveUp(run);
    else this.begin(run);
  }

  /** A call did what it was made for. The run goes on by itself. */
  passOn(run: number, caller: number): null {
    this.takesEffect(run, caller, this.caller.station.now);
    return null;
  }

  /** What is fallen back on only reads. */
  takesEffect(run: number, caller: number, at: number): void {
    if (caller === this.caller.position) this.owner.takesEffect(this.runs.get(run, RUN.owner), caller, at);
  }

  effectSink(run: number, caller: number): EffectSink {
    return caller === this.caller.position ? this.owner.effectSink(this.runs.get(run, RUN.owner), caller) : NO_EFFECT;
  }

  runEnded(run: number, caller: number, ok: boolean): void {
    const { runs } = this;
    if (caller !== this.caller.position) return this.fellBack(run, ok);
    if (runs.get(run, RUN.failed) === FAILED.late) return this.gaveUp(run);
    const count = runs.get(run, RUN.count);
    const done = runs.add(run, RUN.done, 1);
    if (count === 0) return this.passedOver(run);
    if (runs.get(run, RUN.failed) !== FAILED.not) return this.giveFailed(run);
    if (!ok && runs.add(run, RUN.mayFail, -1) < 0) return this.failed(run);
    if (done === count) return this.succeeded(run);
    this.begin(run);
  }

  private begin(run: number): void {
    const { runs, caller } = this;
    const [request, order, attempt] = [runs.get(run, RUN.request), runs.get(run, RUN.order), runs.get(run, RUN.attempt)];
    while (this.mayBegin(run)) {
      const item = runs.add(run, RUN.begun, 1) - 1;
      caller.start(run, request, order, callNumber(attempt, item, this.most));
    }
  }

  private mayBegin(run: number): boolean {
    const { runs } = this;
    const begun = runs.get(run, RUN.begun);
    return begun < runs.get(run, RUN.count) && begun - runs.get(run, RUN.done) < this.concurrency;
  }

  private passedOver(run: number): void {
    const owner = this.runs.get(run, RUN.owner);
    this.runs.give(run);
    this.owner.runEnded(owner, this.caller.position, true);
  }

  private succeeded(run: number): void {
    const { runs, owner, caller } = this;
    const [row, request, order] = [runs.get(run, RUN.owner), runs.get(run, RUN.request), runs.get(run, RUN.order)];
    runs.give(run);
    caller.tally.countRun(request, true);
    const follower = owner.passOn(row, caller.position);
    if (follower) follower.run(row, request, order, 0);
    else owner.runEnded(row, caller.position, true);
  }

  /** Its request is late: it does not begin, and is over at once. */
  private giveUp(run: number): void {
    const { runs, caller } = this;
    runs.set(run, RUN.failed, FAILED.late);
    caller.passOver(run, runs.get(run, RUN.request), runs.get(run, RUN.order), runs.get(run, RUN.attempt) * this.most, CALL_IS.late);
  }

  private gaveUp(run: number): void {
    const owner = this.runs.get(run, RUN.owner);
    this.runs.give(run);
    this.owner.runEnded(owner, this.caller.position, false);
  }

  deadlineAt(run: number): number {
    return this.owner.deadlineAt(this.runs.get(run, RUN.owner));
  }

  /** Calls that are under way run on, and their request is not forgotten until they have ended. */
  private failed(run: number): void {
    const { runs, owner, caller, fallback } = this;
    const request = runs.get(run, RUN.request);
    owner.hold(runs.get(run, RUN.owner));
    caller.tally.countRun(request, false);
    runs.set(run, RUN.failed, FAILED.fallsBack);
    if (fallback) fallback.start(run, request, runs.get(run, RUN.order), runs.get(run, RUN.attempt));
    else this.fellBack(run, false);
  }

  /** A run that has failed is over: well, when its fallback will do. */
  private fellBack(run: number, ok: boolean): void {
    this.runs.set(run, RUN.failed, FAILED.over);
    this.owner.runEnded(this.runs.get(run, RUN.owner), this.caller.position, ok);
    this.giveFailed(run);
  }

  private giveFailed(run: number): void {
    const { runs } = this;
    if (runs.get(run, RUN.failed) !== FAILED.over || runs.get(run, RUN.done) < runs.get(run, RUN.begun)) return;
    const row = runs.get(run, RUN.owner);
    runs.give(run);
    this.owner.release(row);
  }
}
