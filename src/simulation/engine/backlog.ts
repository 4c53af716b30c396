import type { BacklogResult } from '../../measurement/record.js';
import type { VirtualWindow } from './model.js';

const SERIES_POINTS = 200;

/** What waits when the trial ends, and how it came to that. */
interface Remainder {
  waiting: number;
  /** Finished since both the start of the window and `busyFrom`. */
  finished: number;
  /** What waits has done so since then. */
  busyFrom: number;
  /** The last coming or going. */
  lastChange: number;
}

/** What is told of a backlog once the trial is over: what `measurement/backlog.ts` would find in the history. Times in ms. */
export abstract class Backlog {
  protected readonly window: VirtualWindow;
  /** Time between two points of the curve. */
  protected readonly step: number;
  /** Came and were done within the window. */
  private arrivals = 0;
  private processed = 0;
  /** Integral of t n(t) over the window, t from its middle. */
  private moment = 0;

  /** @param longest time from the start of the window to the end of the trial, at most */
  constructor(window: VirtualWindow, longest: number) {
    this.window = window;
    this.step = Math.max(1, Math.ceil(longest / (SERIES_POINTS - 1)));
  }

  /** @param endedAt end of the trial */
  abstract result(endedAt: number): BacklogResult;

  /** Per second, within the window. */
  get rates(): { arrivalRate: number; processingRate: number } {
    const seconds = (this.window.endAt - this.window.startAt) / 1000;
    return { arrivalRate: this.arrivals / seconds, processingRate: this.processed / seconds };
  }

  protected countArrival(at: number): void {
    if (at >= this.window.startAt && at < this.window.endAt) this.arrivals++;
  }

  protected countProcessed(at: number): void {
    if (at >= this.window.startAt && at < this.window.endAt) this.processed++;
  }

  /** So many wait from one moment to another, as far as the window goes. */
  protected addWaiting(count: number, from: number, to: number): void {
    const { startAt, endAt } = this.window;
    const begin = Math.max(from, startAt);
    const end = Math.min(to, endAt);
    if (end <= begin) return;
    const middle = (startAt + endAt) / 2;
    this.moment += (count * ((end - middle) ** 2 - (begin - middle) ** 2)) / 2;
  }

  /** Least-squares slope of what waits over the window, a second. */
  protected get slopePerSecond(): number {
    return ((12 * this.moment) / (this.window.endAt - this.window.startAt) ** 3) * 1000;
  }

  /** Time after the window in which all is done, or would be as fast as before, s; null when nothing was done. */
  protected drainSeconds({ waiting, finished, busyFrom, lastChange }: Remainder, endedAt: number): number | null {
    const { startAt, endAt } = this.window;
    if (waiting === 0) return Math.max(0, lastChange - endAt) / 1000;
    if (finished === 0) return null;
    const busy = endedAt - Math.max(startAt, busyFrom);
    return (endedAt - endAt + (waiting * busy) / finished) / 1000;
  }
}
