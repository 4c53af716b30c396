import type { BacklogResult } from '../../measurement/record.js';
import { Backlog } from './backlog.js';

/**
 * Counts what waits while it comes and goes, and keeps what `measurement/backlog.ts` would find in the history: peak,
 * slope, count at the end of the window, time to drain, and the curve.
 */
export class BacklogMeter extends Backlog {
  /** Now. */
  waiting = 0;
  private readonly series: number[] = [];
  private changedAt = 0;
  private peak = 0;
  private atEnd = 0;
  /** What waits has done so since then. */
  private busyFrom = 0;
  /** When nothing was left waiting, the last time. */
  private emptyAt = -Infinity;
  /** Finished since both the start of the window and `busyFrom`. */
  private finished = 0;

  arrive(at: number): void {
    this.pass(at);
    // What comes at the moment at which the last one leaves finds the consumer busy.
    if (this.waiting === 0 && at > this.emptyAt) {
      this.busyFrom = at;
      this.finished = 0;
    }
    this.waiting++;
    if (at >= this.window.startAt && this.waiting > this.peak) this.peak = this.waiting;
    this.countArrival(at);
  }

  /** @param ok processed; otherwise given up */
  leave(at: number, ok: boolean): void {
    this.pass(at);
    this.waiting--;
    if (this.waiting === 0) this.emptyAt = at;
    if (at > this.window.startAt) this.finished++;
    if (ok) this.countProcessed(at);
  }

  result(endedAt: number): BacklogResult {
    const { waiting, finished, busyFrom, changedAt: lastChange, step, series } = this;
    const { startAt, endAt } = this.window;
    this.pass(endedAt);
    while (startAt + series.length * step <= endedAt) series.push(waiting);
    if (endedAt <= endAt) this.atEnd = waiting;
    return {
      peak: this.peak,
      end: this.atEnd,
      slopePerSecond: this.slopePerSecond,
      drainSeconds: this.drainSeconds({ waiting, finished, busyFrom, lastChange }, endedAt),
      series: { at: series.map((_, i) => i * step), waiting: series },
    };
  }

  /** Time goes on to `at` with as many waiting as there are. */
  private pass(at: number): void {
    const { waiting, changedAt } = this;
    const { startAt, endAt } = this.window;
    if (at === changedAt) return;
    // What waits at the start of the window is within it, whenever it came.
    if (changedAt <= startAt && at > startAt && waiting > this.peak) this.peak = waiting;
    if (changedAt <= endAt && at > endAt) this.atEnd = waiting;
    if (waiting > 0) this.addWaiting(waiting, changedAt, at);
    for (let point = startAt + this.series.length * this.step; point < at; point += this.step) this.series.push(waiting);
    this.changedAt = at;
  }
}
