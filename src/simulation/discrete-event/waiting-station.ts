import type { StepResult } from '../../measurement/record.js';
import { limitOf, type Service } from '../../scenarios/scenario.js';
import { RANK } from '../../scenarios/turn.js';
import { busyShare, Scaler, type ScaledWorkers } from '../../services/scaling.js';
import { CALL, CALL_IS } from './call-table.js';
import { turnNumber } from './event-queue.js';
import { EVENT } from './model.js';
import { ARRIVAL, LEAVING, Station, type StationParts } from './station.js';
import { Ring } from './tables.js';

/**
 * A service that cannot tell a call on arrival when it will begin: that depends on who goes away, where it drops calls whose callers
 * do, on who else comes, where some are taken up before others, or on how many workers there will be, where they scale.
 */
export class WaitingStation extends Station implements ScaledWorkers {
  private readonly first = new Ring();
  /** Taken up when nothing else waits. */
  private readonly last = new Ring();
  private readonly drops: boolean;
  private readonly hasPriority: boolean;
  private readonly scaler: Scaler | null;
  private coldStarts = 0;
  private waiting = 0;
  private inProgress = 0;
  /** `inProgress` has been so since then. */
  private changedAt = 0;

  constructor(service: Service, parts: StationParts) {
    super(service, parts);
    this.drops = service.abandoned === 'drop';
    this.hasPriority = service.priority === 'replies';
    this.scaler = service.scaling ? new Scaler(service.scaling, limitOf(service.workers), parts.scalers.timersFor('service', 0, this)) : null;
    this.scaler?.observe(parts.window);
  }

  protected arrive(call: number): number {
    const isFull = this.inProgress >= this.workersUpNow;
    const isTaken = !isFull || this.waiting < this.limit;
    if (!isFull) this.start(call, false);
    else if (isTaken) this.join(call);
    this.scaler?.note(this.load + (isTaken ? 0 : 1));
    return isTaken ? ARRIVAL.taken : ARRIVAL.rejected;
  }

  /** The work on a call is done: its worker takes up the next, and the caller is answered. */
  served(call: number): void {
    const { calls } = this;
    if (calls.is(call, CALL_IS.dropped)) return calls.give(call);
    this.freeWorker();
    this.answer(call);
  }

  abandon(call: number): number {
    const { calls } = this;
    if (calls.is(call, CALL_IS.served)) return LEAVING.decided;
    if (!this.drops) return LEAVING.undecided;
    calls.mark(call, CALL_IS.dropped);
    if (calls.is(call, CALL_IS.inProgress)) this.freeWorker();
    else {
      this.waiting--;
      this.scaler?.note(this.load);
    }
    return LEAVING.dropped;
  }

  workersUp(): void {
    this.takeUp(this.scaler?.started());
  }

  stopSpare(): void {
    this.scaler?.stopSpare(this.inProgress, this.load);
  }

  override get utilisation(): number | null {
    this.passTime();
    return this.scaler ? busyShare(this.busy, this.scaler.counts().time) : super.utilisation;
  }

  override get scaled(): StepResult['scaled'] | null {
    if (!this.scaler) return null;
    return { ...this.scaler.figures(), coldStarts: this.coldStarts };
  }

  private get workersUpNow(): number {
    return this.scaler?.up ?? this.workers;
  }

  /** Calls in progress, or waiting. */
  private get load(): number {
    return this.inProgress + this.waiting;
  }

  private join(call: number): void {
    this.waiting++;
    this.lineOf(call).push(call);
  }

  private lineOf(call: number): Ring {
    return this.hasPriority && this.callerOf(call).isBackground ? this.last : this.first;
  }

  private passTime(): void {
    this.countBusy(this.changedAt, this.events.now, this.inProgress);
    this.changedAt = this.events.now;
  }

  private freeWorker(): void {
    this.passTime();
    this.inProgress--;
    this.takeUp();
  }

  /** Free workers take up what waits. @param fresh workers that have just been started: the first call of each has waited for it */
  private takeUp(fresh = 0): void {
    const { first, last } = this;
    let taken = 0;
    while (first.length + last.length > 0 && this.inProgress < this.workersUpNow) {
      const next = (first.length > 0 ? first : last).shift();
      if (this.calls.is(next, CALL_IS.dropped)) {
        // Everybody had done with it: only its place in the line was left.
        this.calls.give(next);
        continue;
      }
      this.waiting--;
      this.start(next, taken++ < fresh);
    }
    this.scaler?.note(this.load);
  }

  private start(call: number, isCold: boolean): void {
    const { calls, events } = this;
    const { now } = events;
    if (isCold && calls.get(call, CALL.request) >= 0) this.coldStarts++;
    const { ms, fails } = this.callOutcomeOf(call, now);
    calls.setAt(call, CALL.startedAt, now);
    if (fails) calls.mark(call, CALL_IS.failing);
    this.peakInProgress.note(now, this.inProgress + 1);
    // What takes no time holds no worker.
    if (ms === 0) return this.answer(call);
    this.passTime();
    this.inProgress++;
    calls.mark(call, CALL_IS.inProgress);
    events.plan(now + ms, turnNumber(RANK.served, calls.get(call, CALL.order), 0, calls.get(call, CALL.number)), EVENT.served, call);
  }

  private answer(call: number): void {
    const { calls, events } = this;
    calls.setAt(call, CALL.endAt, events.now);
    calls.mark(call, CALL_IS.served);
    this.callerOf(call).served(call);
  }
}

/** Whether what becomes of a call is not known when it arrives at a service. */
export function isUndecided({ abandoned, priority, scaling }: Service): boolean {
  return abandoned === 'drop' || priority === 'replies' || scaling !== undefined;
}
