import { backlogOfWaits, type Wait } from '../../measurement/backlog.js';
import type { LedgerCounts, BacklogResult } from '../../measurement/record.js';
import { BacklogMeter } from './backlog.js';
import type { VirtualWindow } from './model.js';
import { TimesCollector } from './times.js';

/** The account of messages, of one consumer or of all together; counts and lags are of measured requests. */
export class EventTally {
  readonly meter: BacklogMeter | WaitLog;
  readonly lag = new TimesCollector();
  acknowledged = 0;
  processed = 0;
  deadLettered = 0;
  outOfOrder = 0;
  lost = 0;
  duplicated = 0;
  appliedTwice = 0;

  /** @param loses whether anything may be lost: only afterwards is it known what has waited */
  constructor(window: VirtualWindow, loses = false) {
    this.meter = loses ? new WaitLog(window) : new BacklogMeter(window);
  }

  /** A message is lost, which was due at a moment: nobody will ever begin with it. */
  lose(dueAt: number, isMeasured: boolean): void {
    this.meter.lose(dueAt);
    if (isMeasured) this.lost++;
  }

  /** The simulated bus acknowledges everything. */
  get counts(): LedgerCounts {
    const { acknowledged, processed, deadLettered, outOfOrder, lost, duplicated, appliedTwice } = this;
    return {
      attempted: acknowledged,
      acknowledged,
      processed,
      lost,
      duplicated,
      unexpected: 0,
      recovered: 0,
      deadLettered,
      outOfOrder,
      pending: acknowledged - processed - deadLettered - lost,
      appliedTwice,
    };
  }
}

/**
 * Keeps when each event came and left, and finds the backlog in it afterwards as it is found in a history: what is lost has
 * never waited, and that is known only once it is lost. Its memory grows with the events; `BacklogMeter` does without.
 */
export class WaitLog {
  private readonly window: Pick<VirtualWindow, 'startAt' | 'endAt'>;
  private readonly done: Wait[] = [];
  /** By the moment at which they came: how many wait. */
  private readonly open = new Map<number, number>();
  private arrivals = 0;
  private processed = 0;

  constructor(window: Pick<VirtualWindow, 'startAt' | 'endAt'>) {
    this.window = window;
  }

  arrive(at: number): void {
    this.open.set(at, (this.open.get(at) ?? 0) + 1);
    if (this.isWithin(at)) this.arrivals++;
  }

  /** @param since when it came */
  leave(at: number, since: number, ok: boolean): void {
    this.take(since);
    this.done.push({ from: since, until: at });
    if (ok && this.isWithin(at)) this.processed++;
  }

  /** It has not waited at all, though it may have come. */
  lose(since: number): void {
    if (this.open.has(since)) this.take(since);
  }

  /** Per second, within the window. */
  get rates(): { arrivalRate: number; processingRate: number } {
    const seconds = (this.window.endAt - this.window.startAt) / 1000;
    return { arrivalRate: this.arrivals / seconds, processingRate: this.processed / seconds };
  }

  /** @param endedAt end of the trial */
  result(endedAt: number): BacklogResult {
    const waits = [...this.open].flatMap(([from, count]) => Array.from({ length: count }, () => ({ from, until: Infinity })));
    return backlogOfWaits([...this.done, ...waits], { ...this.window, endedAt });
  }

  private take(since: number): void {
    this.open.set(since, (this.open.get(since) ?? 0) - 1);
    if (this.open.get(since) === 0) this.open.delete(since);
  }

  private isWithin(at: number): boolean {
    return at >= this.window.startAt && at < this.window.endAt;
  }
}
