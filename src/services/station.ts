/**
 * The queue discipline of a service: so many workers, a queue in order of arrival, and a limit to the queue; what nobody waits for
 * stands behind all else. No timers and no sockets; the clock is an argument.
 */
import { Line, type Place } from './line.js';
import type { ScaledWorkers, Scaler } from './scaling.js';

/** Capacities; Infinity is no limit. */
export interface StationLimits {
  workers: number;
  queue: number;
  /** Says how many workers there are, where they scale. */
  scaler?: Scaler | undefined;
}

/** A call that waits for a worker or has one. `place` belongs to the station. */
export interface Job {
  place: Place<Job> | null;
  /** It is taken up when nothing else waits. */
  isLast: boolean;
}

/** A stretch of time, ms. */
export interface Span {
  startAt: number;
  endAt: number;
}

/** Serves jobs in order of arrival, those that are last when no others wait; as many at once as there are workers. */
export class Station<J extends Job> implements ScaledWorkers {
  readonly peak = { inProgress: 0, queue: 0 };
  private readonly limits: StationLimits;
  private readonly begin: (job: J, isCold: boolean) => boolean;
  private readonly clock: () => number;
  private readonly first = new Line<Job>();
  private readonly last = new Line<Job>();
  private inProgress = 0;
  private window: Span = { startAt: 0, endAt: 0 };
  private busy = 0;
  private changedAt = 0;

  /**
   * @param begin a worker takes the job up, which may have waited for it to start; returns false when it is done with it at once, so
   * that it holds no worker
   */
  constructor(limits: StationLimits, begin: (job: J, isCold: boolean) => boolean, clock: () => number) {
    this.limits = limits;
    this.begin = begin;
    this.clock = clock;
  }

  get now(): { inProgress: number; queue: number } {
    return { inProgress: this.inProgress, queue: this.waiting };
  }

  private get workers(): number {
    return this.limits.scaler?.up ?? this.limits.workers;
  }

  private get waiting(): number {
    return this.first.length + this.last.length;
  }

  private lineOf({ isLast }: J): Line<Job> {
    return isLast ? this.last : this.first;
  }

  /** A job arrives; false when it is turned away because the queue is full. */
  arrive(job: J): boolean {
    const isFull = this.inProgress >= this.workers;
    const isTaken = !isFull || this.waiting < this.limits.queue;
    if (!isFull) this.start(job);
    else if (isTaken) this.join(job);
    this.scale(isTaken ? 0 : 1);
    return isTaken;
  }

  /** A job in progress has ended: its worker takes the next one. */
  end(): void {
    this.passTime();
    this.inProgress--;
    this.takeUp();
    this.scale();
  }

  /** Workers are up that were started: they take up what waits. */
  workersUp(): void {
    this.takeUp(this.limits.scaler?.started(this.waiting));
    this.scale();
  }

  /** It is time to look whether there have been more workers than there was work for. */
  stopSpare(): void {
    this.limits.scaler?.stopSpare(this.inProgress, this.inProgress + this.waiting);
  }

  /** Takes a waiting job out of the queue; false when it does not wait. */
  leave(job: J): boolean {
    if (!job.place) return false;
    this.lineOf(job).leave(job.place);
    job.place = null;
    this.scale();
    return true;
  }

  /** The time within which `busyTime` counts; it may lie ahead. Told again with another end, it goes on counting. */
  observe(window: Span): void {
    this.passTime();
    const isSame = window.startAt === this.window.startAt;
    this.window = window;
    if (isSame) return;
    this.busy = 0;
    this.changedAt = this.clock();
  }

  /** Time of workers that was spent on jobs within the window so far, ms. */
  busyTime(): number {
    this.passTime();
    return this.busy;
  }

  private join(job: J): void {
    job.place = this.lineOf(job).join(job);
    this.peak.queue = Math.max(this.peak.queue, this.waiting);
  }

  /** @param fresh workers that have just been started: the first call of each has waited for it */
  private takeUp(fresh = 0): void {
    for (let taken = 0; this.inProgress < this.workers; taken++) {
      const next = (this.first.next() ?? this.last.next()) as J | undefined;
      if (!next) return;
      this.start(next, taken < fresh);
    }
  }

  /** @param turnedAway jobs that have just been, for which there ought to be workers, too */
  private scale(turnedAway = 0): void {
    this.limits.scaler?.note(this.inProgress + this.waiting + turnedAway);
  }

  private start(job: J, isCold = false): void {
    this.passTime();
    this.inProgress++;
    this.peak.inProgress = Math.max(this.peak.inProgress, this.inProgress);
    job.place = null;
    if (!this.begin(job, isCold)) this.inProgress--;
  }

  /** Adds the time since the last change, as far as it lies within the window. */
  private passTime(): void {
    const at = this.clock();
    const overlap = Math.min(at, this.window.endAt) - Math.max(this.changedAt, this.window.startAt);
    if (overlap > 0) this.busy += overlap * this.inProgress;
    this.changedAt = at;
  }
}
