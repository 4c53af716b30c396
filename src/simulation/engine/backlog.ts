import type { BacklogResult } from '../../measurement/record.js';
import { SERIES_POINTS } from '../../measurement/backlog.js';
import type { VirtualWindow } from './model.js';

type MeasuredWindow = Pick<VirtualWindow, 'startAt' | 'endAt'>;

/**
 * Counts what waits while it comes and goes, and keeps what `measurement/backlog.ts` would find in the history: peak,
 * slope, count at the end of the window, time to drain, and the curve. What happens at one moment is one change.
 */
export class BacklogMeter {
  /** Now. */
  waiting = 0;
  private readonly window: MeasuredWindow;
  private readonly series: number[] = [];
  /** Time between two points of the curve: doubled whenever there are too many. */
  private step = 1;
  /** The moment that is under way: what came at it and still waits, whether something older left, and what was finished. */
  private at = 0;
  private fresh = 0;
  private hasLeft = false;
  private finishedNow = 0;
  /** Before that moment. */
  private waitingBefore = 0;
  private peak = 0;
  private atEnd = 0;
  /** The last moment at which something came or left, but for what came and left at once. */
  private changedAt = 0;
  /** What waits has done so since then. */
  private busyFrom = 0;
  /** Finished since both the start of the window and `busyFrom`. */
  private finished = 0;
  /** Came and were done within the window. */
  private arrivals = 0;
  private processed = 0;
  /** Integral of t n(t) over the window, t from its middle. */
  private moment = 0;

  constructor(window: MeasuredWindow) {
    this.window = window;
  }

  arrive(at: number): void {
    if (at !== this.at) this.passTo(at);
    this.waiting++;
    this.fresh++;
    if (at >= this.window.startAt && at < this.window.endAt) this.arrivals++;
  }

  /**
   * @param since when it came
   * @param ok processed; otherwise given up
   */
  leave(at: number, since: number, ok: boolean): void {
    if (at !== this.at) this.passTo(at);
    this.waiting--;
    this.finishedNow++;
    if (since === at) this.fresh--;
    else this.hasLeft = true;
    if (ok && at >= this.window.startAt && at < this.window.endAt) this.processed++;
  }

  /** Per second, within the window. */
  get rates(): { arrivalRate: number; processingRate: number } {
    const seconds = (this.window.endAt - this.window.startAt) / 1000;
    return { arrivalRate: this.arrivals / seconds, processingRate: this.processed / seconds };
  }

  /** @param endedAt end of the trial */
  result(endedAt: number): BacklogResult {
    const { series, window } = this;
    this.passTo(endedAt);
    this.endMoment();
    this.addPoints(endedAt, true);
    if (endedAt <= window.endAt) this.atEnd = this.waiting;
    return {
      peak: Math.max(this.peak, this.waiting),
      end: this.atEnd,
      slopePerSecond: ((12 * this.moment) / (window.endAt - window.startAt) ** 3) * 1000,
      drainSeconds: this.drainSeconds(endedAt),
      series: { at: series.map((_, i) => i * this.step), waiting: series },
    };
  }

  /** Time goes on to `at`. */
  private passTo(at: number): void {
    const { window } = this;
    this.endMoment();
    // What waits at the start of the window is within it, whenever it came.
    if (at > window.startAt && this.waiting > this.peak) this.peak = this.waiting;
    if (this.at <= window.endAt && at > window.endAt) this.atEnd = this.waiting;
    if (this.waiting > 0) this.addWaiting(this.at, at);
    this.addPoints(at, false);
    this.at = at;
  }

  /** All is known of what happened at the moment that was under way. */
  private endMoment(): void {
    if (this.fresh > 0 || this.hasLeft) {
      this.changedAt = this.at;
      if (this.waitingBefore === 0) {
        this.busyFrom = this.at;
        this.finished = 0;
      } else this.countFinished();
    } else this.countFinished();
    this.fresh = 0;
    this.hasLeft = false;
    this.finishedNow = 0;
    this.waitingBefore = this.waiting;
  }

  private countFinished(): void {
    if (this.at > this.window.startAt) this.finished += this.finishedNow;
  }

  /** What waits has done so from one moment to another, as far as the window goes. */
  private addWaiting(from: number, to: number): void {
    const { startAt, endAt } = this.window;
    const begin = Math.max(from, startAt);
    const end = Math.min(to, endAt);
    if (end <= begin) return;
    const middle = (startAt + endAt) / 2;
    this.moment += (this.waiting * ((end - middle) ** 2 - (begin - middle) ** 2)) / 2;
  }

  /** Points of the curve before a moment, or up to it. */
  private addPoints(at: number, isLast: boolean): void {
    const { series, window } = this;
    for (;;) {
      const point = window.startAt + series.length * this.step;
      if (isLast ? point > at : point >= at) return;
      if (series.length === SERIES_POINTS) this.thin();
      else series.push(this.waiting);
    }
  }

  /** Every second point is left out. */
  private thin(): void {
    const { series } = this;
    for (let i = 0; 2 * i < series.length; i++) series[i] = series[2 * i]!;
    series.length = Math.ceil(series.length / 2);
    this.step *= 2;
  }

  /** Time after the window in which all is done, or would be as fast as before, s; null when nothing was done. */
  private drainSeconds(endedAt: number): number | null {
    const { startAt, endAt } = this.window;
    if (this.waiting === 0) return Math.max(0, this.changedAt - endAt) / 1000;
    if (this.finished === 0) return null;
    const busy = endedAt - Math.max(startAt, this.busyFrom);
    return (endedAt - endAt + (this.waiting * busy) / this.finished) / 1000;
  }
}
