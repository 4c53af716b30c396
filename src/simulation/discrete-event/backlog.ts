import type { BacklogResult } from '../../measurement/record.js';
import { SERIES_POINTS } from '../../measurement/backlog.js';
import type { VirtualWindow } from './model.js';
import { SortedMoments } from './sorted-moments.js';
import { Moments } from './tables.js';

type MeasuredWindow = Pick<VirtualWindow, 'startAt' | 'endAt'>;

/** What comes and leaves is put in order so many at a time, at least. */
const BATCH = 1024;

/**
 * Counts what waits, and keeps what `measurement/backlog.ts` would find in the history: peak, slope, count at the end of the
 * window, time to drain, and the curve. What happens at one moment is one change. It may be told long before that something
 * will leave: what has come and left is gone through in the order of time, a batch at a time.
 */
export class BacklogMeter {
  private readonly window: MeasuredWindow;
  /** What came, in order; what leaves, in any; and what came and left at once, in order. None of it has been gone through. */
  private readonly came = new Moments();
  private readonly leaves = new SortedMoments();
  private readonly passed = new Moments();
  private batch = BATCH;
  /** At the last moment gone through. */
  private waiting = 0;
  private at = 0;
  private readonly series: number[] = [];
  /** Time between two points of the curve: doubled whenever there are too many. */
  private step = 1;
  private nextPoint: number;
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
    this.nextPoint = window.startAt;
  }

  /** @param at not before any that came before */
  arrive(at: number): void {
    if (this.came.length + this.passed.length >= this.batch) this.passTo(at);
    this.came.push(at);
    this.addToMoment(at, 1);
    if (at >= this.window.startAt && at < this.window.endAt) this.arrivals++;
  }

  /** Nothing is lost where this is asked: see `WaitLog`. */
  lose(): void {}

  /**
   * @param at not before the last that came
   * @param since when it came
   * @param ok processed; otherwise given up
   */
  leave(at: number, since: number, ok: boolean): void {
    if (since === at) this.passed.push(this.came.pop());
    else this.leaves.push(at);
    this.addToMoment(at, -1);
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
    this.passTo(Infinity);
    this.goOn(endedAt);
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

  /** Goes through all that happens before a moment. */
  private passTo(until: number): void {
    const { items, length } = this.came;
    const leaves = this.leaves.take(this.at, until);
    let arrived = 0;
    let left = 0;
    let passed = 0;
    for (;;) {
      const arrival = arrived < length ? items[arrived]! : Infinity;
      const leave = left < leaves.length ? leaves[left]! : Infinity;
      const at = Math.min(arrival, leave, passed < this.passed.length ? this.passed.items[passed]! : Infinity);
      if (at >= until) break;
      const [arrivedBefore, leftBefore, passedBefore] = [arrived, left, passed];
      while (arrived < length && items[arrived] === at) arrived++;
      while (left < leaves.length && leaves[left] === at) left++;
      while (passed < this.passed.length && this.passed.items[passed] === at) passed++;
      this.goOn(at);
      this.happen(arrived - arrivedBefore, left - leftBefore, passed - passedBefore);
    }
    this.came.drop(arrived);
    this.passed.drop(passed);
    // Where much is still to leave, it is not gone through again for a few.
    this.batch = Math.max(BATCH, this.leaves.length);
  }

  /** Time goes on to `at`. */
  private goOn(at: number): void {
    const { window } = this;
    // What waits at the start of the window is within it, whenever it came.
    if (at > window.startAt && this.waiting > this.peak) this.peak = this.waiting;
    if (this.at <= window.endAt && at > window.endAt) this.atEnd = this.waiting;
    if (at > this.nextPoint) this.addPoints(at, false);
    this.at = at;
  }

  /** At this moment so many came, left, and came and left at once. */
  private happen(came: number, left: number, passed: number): void {
    const wasIdle = this.waiting === 0;
    this.waiting += came - left;
    if (came + left > 0) this.changedAt = this.at;
    if (came + left > 0 && wasIdle) {
      this.busyFrom = this.at;
      this.finished = 0;
    } else if (this.at > this.window.startAt) this.finished += left + passed;
  }

  /** So many more wait from a moment on: what that adds to the integral of t n(t), t from the middle of the window. */
  private addToMoment(at: number, more: number): void {
    const { startAt, endAt } = this.window;
    if (at >= endAt) return;
    const half = (endAt - startAt) / 2;
    const begin = Math.max(0, at - startAt) - half;
    this.moment += (more * (half ** 2 - begin ** 2)) / 2;
  }

  /** Points of the curve before a moment, or up to it. */
  private addPoints(at: number, isLast: boolean): void {
    const { series, window } = this;
    for (;;) {
      if (isLast ? this.nextPoint > at : this.nextPoint >= at) return;
      if (series.length === SERIES_POINTS) this.thin();
      else series.push(this.waiting);
      this.nextPoint = window.startAt + series.length * this.step;
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
