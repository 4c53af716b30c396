import type { BacklogResult } from '../../measurement/record.js';
import { seriesStep, type Backlog } from './backlog-meter.js';
import { Crowd } from './crowd.js';
import { doubled, FIRST_ROWS } from './grow.js';
import type { Kernel } from './kernel.js';
import type { VirtualWindow } from './model.js';

/** What a backlog is like: the longest that anything waits, ms, and about how much waits at once. */
interface Expected {
  longest: number;
  waiting: number;
}

/**
 * What a `BacklogMeter` finds, where it is known of each as it comes when it will be done: they are told as they come,
 * each with its going.
 */
export class ForeseenBacklog implements Backlog {
  /** When the last one will be done. */
  endsAt = 0;
  private readonly window: VirtualWindow;
  private readonly step: number;
  private readonly crowd: Crowd;
  /** By point of the curve: those that have come by then, less those that had by the point before; and the same of goings. */
  private readonly changes: Int32Array;
  private arrivals = 0;
  private processed = 0;
  private atEnd = 0;
  /** Goings after the window: the trial may end before. */
  private late = new Float64Array(FIRST_ROWS);
  private lateCount = 0;
  /** What waits has done so since then; and those that came since and go within or after the window. */
  private busyFrom = 0;
  private busyCount = 0;
  /** Integral of t n(t) over the window, t from its middle. */
  private moment = 0;

  /** @param longest time from the start of the window to the end of the trial, at most */
  constructor(kernel: Kernel, window: VirtualWindow, longest: number, expected: Expected) {
    this.window = window;
    this.step = seriesStep(longest);
    this.crowd = new Crowd(kernel, expected.longest, expected.waiting, window.startAt);
    this.changes = new Int32Array(Math.ceil(longest / this.step) + 2);
  }

  /** One comes and will be done. @param moments of both, at `i` and next to it */
  add(moments: Float64Array, i: number): void {
    const from = moments[i]!;
    const to = moments[i + 1]!;
    const { startAt, endAt } = this.window;
    this.crowd.add(moments, i);
    this.change(from, 1);
    this.change(to, -1);
    this.keepBusy(from, to);
    if (from >= startAt && from < endAt) this.arrivals++;
    if (to >= startAt && to < endAt) this.processed++;
    if (from <= endAt && to > endAt) this.atEnd++;
    if (to > endAt) this.addLate(to);
    if (to > startAt && from < endAt) this.addMoment(Math.max(from, startAt), Math.min(to, endAt));
  }

  get rates(): Backlog['rates'] {
    const seconds = (this.window.endAt - this.window.startAt) / 1000;
    return { arrivalRate: this.arrivals / seconds, processingRate: this.processed / seconds };
  }

  result(endedAt: number): BacklogResult {
    const { startAt, endAt } = this.window;
    this.crowd.close();
    const waiting = this.curve(endedAt);
    return {
      peak: this.crowd.peak,
      end: this.atEnd,
      slopePerSecond: ((12 * this.moment) / (endAt - startAt) ** 3) * 1000,
      drainSeconds: this.drainSeconds(endedAt),
      series: { at: waiting.map((_, i) => i * this.step), waiting },
    };
  }

  /** How much waits at each point up to the end. */
  private curve(endedAt: number): number[] {
    const points = Math.floor((endedAt - this.window.startAt) / this.step) + 1;
    let waiting = 0;
    return Array.from(this.changes.subarray(0, points), (change) => (waiting += change));
  }

  private keepBusy(from: number, to: number): void {
    // What comes at the moment at which the last one goes finds the consumer busy.
    if (from > this.endsAt) {
      this.busyFrom = from;
      this.busyCount = 0;
    }
    if (to > this.window.startAt) this.busyCount++;
    if (to > this.endsAt) this.endsAt = to;
  }

  private addLate(to: number): void {
    if (this.lateCount === this.late.length) this.late = doubled(this.late);
    this.late[this.lateCount++] = to;
  }

  private drainSeconds(endedAt: number): number | null {
    const { startAt, endAt } = this.window;
    const waiting = this.late.subarray(0, this.lateCount).filter((to) => to > endedAt).length;
    if (waiting === 0) return Math.max(0, this.endsAt - endAt) / 1000;
    const finished = this.busyCount - waiting;
    if (finished === 0) return null;
    const busy = endedAt - Math.max(startAt, this.busyFrom);
    return (endedAt - endAt + (waiting * busy) / finished) / 1000;
  }

  private change(at: number, by: number): void {
    const point = Math.ceil((at - this.window.startAt) / this.step);
    // What happens after the last point is of no curve.
    if (point < this.changes.length) this.changes[Math.max(0, point)]! += by;
  }

  private addMoment(from: number, to: number): void {
    const middle = (this.window.startAt + this.window.endAt) / 2;
    this.moment += ((to - middle) ** 2 - (from - middle) ** 2) / 2;
  }
}
