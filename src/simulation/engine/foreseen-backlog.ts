import type { BacklogResult } from '../../measurement/record.js';
import { Backlog } from './backlog.js';
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
export class ForeseenBacklog extends Backlog {
  /** When the last one will be done. */
  endsAt = 0;
  private readonly crowd: Crowd;
  /** By point of the curve: those that have come by then, less those that had by the point before; and the same of goings. */
  private readonly changes: Int32Array;
  private atEnd = 0;
  /** Goings after the window: the trial may end before. */
  private late = new Float64Array(FIRST_ROWS);
  private lateCount = 0;
  /** What waits has done so since then; and those that came since and go within or after the window. */
  private busyFrom = 0;
  private busyCount = 0;

  /** @param longest time from the start of the window to the end of the trial, at most */
  constructor(kernel: Kernel, window: VirtualWindow, longest: number, expected: Expected) {
    super(window, longest);
    this.crowd = new Crowd(kernel, expected.longest, expected.waiting, window.startAt);
    this.changes = new Int32Array(Math.ceil(longest / this.step) + 2);
  }

  /** One comes and will be done. @param moments of both, at `i` and next to it */
  add(moments: Float64Array, i: number): void {
    const from = moments[i]!;
    const to = moments[i + 1]!;
    const { endAt } = this.window;
    this.crowd.add(moments, i);
    this.change(from, 1);
    this.change(to, -1);
    this.keepBusy(from, to);
    this.countArrival(from);
    this.countProcessed(to);
    this.addWaiting(1, from, to);
    if (from <= endAt && to > endAt) this.atEnd++;
    if (to > endAt) this.addLate(to);
  }

  result(endedAt: number): BacklogResult {
    this.crowd.close();
    const curve = this.curve(endedAt);
    const waiting = this.late.subarray(0, this.lateCount).filter((to) => to > endedAt).length;
    const { busyFrom, busyCount, endsAt } = this;
    return {
      peak: this.crowd.peak,
      end: this.atEnd,
      slopePerSecond: this.slopePerSecond,
      drainSeconds: this.drainSeconds({ waiting, finished: busyCount - waiting, busyFrom, lastChange: endsAt }, endedAt),
      series: { at: curve.map((_, i) => i * this.step), waiting: curve },
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

  private change(at: number, by: number): void {
    const point = Math.ceil((at - this.window.startAt) / this.step);
    // What happens after the last point is of no curve.
    if (point < this.changes.length) this.changes[Math.max(0, point)]! += by;
  }
}
