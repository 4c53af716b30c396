import type { BacklogResult } from '../../measurement/record.js';

const SERIES_POINTS = 200;

/** What is told of a backlog once the trial is over. */
export interface Backlog {
  /** What came and what was processed, per second, within the window. */
  readonly rates: { arrivalRate: number; processingRate: number };
  /** @param endedAt end of the trial */
  result(endedAt: number): BacklogResult;
}

/** Time between two points of the curve, ms. @param longest time from the start of the window to the end of the trial */
export function seriesStep(longest: number): number {
  return Math.max(1, Math.ceil(longest / (SERIES_POINTS - 1)));
}

/**
 * Counts what waits while it comes and goes, and keeps what `measurement/backlog.ts` would find in the history: peak,
 * slope, count at the end of the window, time to drain, and the curve.
 */
export class BacklogMeter implements Backlog {
  /** Now. */
  waiting = 0;
  private readonly startAt: number;
  private readonly endAt: number;
  private readonly step: number;
  private readonly series: number[] = [];
  private changedAt = 0;
  private peak = 0;
  private atEnd = 0;
  /** Integral of t n(t) over the window, t from its middle. */
  private moment = 0;
  /** What waits has done so since then. */
  private busyFrom = 0;
  /** When nothing was left waiting, the last time. */
  private emptyAt = -Infinity;
  /** Finished since both the start of the window and `busyFrom`. */
  private finished = 0;
  /** Came and were done within the window. */
  private arrivals = 0;
  private processed = 0;

  /** @param longest time from the start of the window to the end of the trial, at most */
  constructor(startAt: number, endAt: number, longest: number) {
    this.startAt = startAt;
    this.endAt = endAt;
    this.step = seriesStep(longest);
  }

  arrive(at: number): void {
    this.pass(at);
    // What comes at the moment at which the last one leaves finds the consumer busy.
    if (this.waiting === 0 && at > this.emptyAt) {
      this.busyFrom = at;
      this.finished = 0;
    }
    this.waiting++;
    if (at >= this.startAt && this.waiting > this.peak) this.peak = this.waiting;
    if (at >= this.startAt && at < this.endAt) this.arrivals++;
  }

  /** @param ok processed; otherwise given up */
  leave(at: number, ok: boolean): void {
    this.pass(at);
    this.waiting--;
    if (this.waiting === 0) this.emptyAt = at;
    if (at > this.startAt) this.finished++;
    if (ok && at >= this.startAt && at < this.endAt) this.processed++;
  }

  get rates(): Backlog['rates'] {
    const seconds = (this.endAt - this.startAt) / 1000;
    return { arrivalRate: this.arrivals / seconds, processingRate: this.processed / seconds };
  }

  result(endedAt: number): BacklogResult {
    const lastChange = this.changedAt;
    this.pass(endedAt);
    const { startAt, endAt, step, series } = this;
    while (startAt + series.length * step <= endedAt) series.push(this.waiting);
    if (endedAt <= endAt) this.atEnd = this.waiting;
    return {
      peak: this.peak,
      end: this.atEnd,
      slopePerSecond: ((12 * this.moment) / (endAt - startAt) ** 3) * 1000,
      drainSeconds: this.drainSeconds(lastChange, endedAt),
      series: { at: series.map((_, i) => i * step), waiting: series },
    };
  }

  /** Time goes on to `at` with as many waiting as there are. */
  private pass(at: number): void {
    const { waiting, startAt, endAt, changedAt } = this;
    if (at === changedAt) return;
    // What waits at the start of the window is within it, whenever it came.
    if (changedAt <= startAt && at > startAt && waiting > this.peak) this.peak = waiting;
    if (changedAt <= endAt && at > endAt) this.atEnd = waiting;
    if (waiting > 0) this.addMoment(Math.max(changedAt, startAt), Math.min(at, endAt));
    for (let point = startAt + this.series.length * this.step; point < at; point += this.step) this.series.push(waiting);
    this.changedAt = at;
  }

  private addMoment(from: number, to: number): void {
    if (to <= from) return;
    const middle = (this.startAt + this.endAt) / 2;
    this.moment += (this.waiting * ((to - middle) ** 2 - (from - middle) ** 2)) / 2;
  }

  private drainSeconds(lastChange: number, endedAt: number): number | null {
    if (this.waiting === 0) return Math.max(0, lastChange - this.endAt) / 1000;
    if (this.finished === 0) return null;
    const busy = endedAt - Math.max(this.startAt, this.busyFrom);
    return (endedAt - this.endAt + (this.waiting * busy) / this.finished) / 1000;
  }
}
