import type { Service } from '../../scenarios/scenario.js';
import { RANK } from '../../scenarios/turn.js';
import { CALL, CALL_IS } from './call-table.js';
import { turnNumber } from './event-queue.js';
import { EVENT } from './model.js';
import { ARRIVAL, LEAVING, Station, type StationParts } from './station.js';
import { Ring } from './tables.js';

/**
 * A service that cannot tell a call on arrival when it will begin: that depends on who goes away, where it drops calls whose callers
 * do, or on who else comes, where some are taken up before others.
 */
export class WaitingStation extends Station {
  private readonly first = new Ring();
  /** Taken up when nothing else waits. */
  private readonly last = new Ring();
  private readonly drops: boolean;
  private readonly hasPriority: boolean;
  private waiting = 0;
  private inProgress = 0;
  /** `inProgress` has been so since then. */
  private changedAt = 0;

  constructor(service: Service, parts: StationParts) {
    super(service, parts);
    this.drops = service.abandoned === 'drop';
    this.hasPriority = service.priority === 'replies';
  }

  protected arrive(call: number): number {
    if (this.inProgress < this.workers) this.start(call);
    else {
      if (this.waiting >= this.limit) return ARRIVAL.rejected;
      this.waiting++;
      this.lineOf(call).push(call);
    }
    return ARRIVAL.taken;
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
    else this.waiting--;
    return LEAVING.dropped;
  }

  override get utilisation(): number | null {
    this.passTime();
    return super.utilisation;
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

  /** Free workers take up what waits. */
  private takeUp(): void {
    const { first, last } = this;
    while (first.length + last.length > 0 && this.inProgress < this.workers) {
      const next = (first.length > 0 ? first : last).shift();
      if (this.calls.is(next, CALL_IS.dropped)) {
        // Everybody had done with it: only its place in the line was left.
        this.calls.give(next);
        continue;
      }
      this.waiting--;
      this.start(next);
    }
  }

  private start(call: number): void {
    const { calls, events } = this;
    const { now } = events;
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
export function isUndecided({ abandoned, priority }: Service): boolean {
  return abandoned === 'drop' || priority === 'replies';
}
