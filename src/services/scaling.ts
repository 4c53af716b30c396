/**
 * Workers that scale, as an autoscaler does that is told of every arrival and every end: how many there are to be, when another is
 * started, and when one is stopped. Pure: the same live and simulated, for services and consumers.
 */
import type { Clock } from '../base/clock.js';
import type { Scaling } from '../scenarios/scenario.js';
import { RANK, scalingCalls, turnOf, type ScalingOwner } from '../scenarios/turn.js';

/** 21 calls at a target of 70 % are 30 workers, whatever 21 / 0.7 is in binary. */
const ROUNDING = 1e-9;

/** Workers that so many calls, in progress or waiting, take: so many that these keep a share of them busy, within the bounds. */
export function workersWanted({ min, target }: Pick<Scaling, 'min' | 'target'>, most: number, load: number): number {
  return Math.min(most, Math.max(min, Math.ceil(load / target - ROUNDING)));
}

/** Share of the workers' time that was busy. @param time of workers, ms */
export function busyShare(busy: number, time: number): number {
  return time > 0 ? busy / time : 0;
}

/** What a scaler has done for it at moments of a clock, ms. */
export interface ScalerTimers {
  now(): number;
  /** `started` is to be called. */
  startAt(moment: number): void;
  /** `stopSpare` is to be called. */
  lookAt(moment: number): void;
}

/** Whoever has workers that scale. */
export interface ScaledWorkers {
  /** Workers are up that were started: they take up what waits. */
  workersUp(): void;
  /** It is time to look whether there have been more than there was work for. */
  stopSpare(): void;
}

/** Timers on a clock. @param place of the consumer among those of its process; 0 for a service */
export function timersOn(clock: Clock, owner: ScalingOwner, place: number, workers: ScaledWorkers): ScalerTimers {
  const { started, look } = scalingCalls(owner);
  return {
    now: () => clock.now(),
    startAt: (moment) => void clock.at(moment, () => workers.workersUp(), turnOf(RANK.delivery, 0, place, started)),
    lookAt: (moment) => void clock.at(moment, () => workers.stopSpare(), turnOf(RANK.delivery, 0, place, look)),
  };
}

/** What workers that scale have been, within the time in which they are counted. */
export interface ScalingFigures {
  /** At once, those that were starting among them, and since when, ms from the start of that time. */
  most: number;
  mostAt: number;
  mean: number;
  /** Workers that something had waited for when they had started. */
  coldStarts: number;
}

/** A stretch of time in which workers are counted, ms. */
interface Counted {
  startAt: number;
  endAt: number;
}

/** The number of workers over time. A worker that is starting takes nothing up, and is there to be paid. */
export class Scaler {
  /** Workers that take up what there is. */
  up: number;
  private readonly scaling: Scaling;
  private readonly most: number;
  private readonly timers: ScalerTimers;
  /** Workers that were started at one moment, the earliest first; and all of these. */
  private readonly batches: number[] = [];
  private starting = 0;
  /** There are more than wanted since then, and so many were wanted at most; null: there are not. */
  private spareSince: number | null = null;
  private wantedSince = 0;
  /** As was last told, and when: what was wanted for no time at all does not count. */
  private wanted = 0;
  private notedAt = 0;
  private isWatched = false;
  private window: Counted = { startAt: Infinity, endAt: Infinity };
  private changedAt = 0;
  private area = 0;
  private peak = 0;
  private peakAt = 0;
  private cold = 0;

  /** @param most workers at most */
  constructor(scaling: Scaling, most: number, timers: ScalerTimers) {
    this.scaling = scaling;
    this.most = most;
    this.timers = timers;
    this.up = scaling.min;
  }

  /** Something has arrived, ended or gone away. @param load what is in progress or waits now */
  note(load: number): void {
    this.passWanted();
    this.wanted = workersWanted(this.scaling, this.most, load);
    if (this.wanted > this.all) this.start(this.wanted - this.all);
    if (this.wanted >= this.all) this.spareSince = null;
    else if (this.spareSince === null) this.beSpare();
  }

  /**
   * Workers are up that were started. They take up what waits; then `note` is to be told.
   * @param waiting how much waits
   * @returns how many
   */
  started(waiting = 0): number {
    const count = this.batches.shift() ?? 0;
    this.starting -= count;
    this.up += count;
    const at = this.timers.now();
    if (at >= this.window.startAt && at < this.window.endAt) this.cold += Math.min(count, waiting);
    return count;
  }

  /** Stops those that nothing has been there for. @param busy workers that are at something @param load as for `note` */
  stopSpare(busy: number, load: number): void {
    this.isWatched = false;
    if (this.spareSince === null) return;
    if (this.timers.now() < this.spareSince + this.scaling.idle) return this.watch(this.spareSince);
    this.passTime();
    this.passWanted();
    // One that is starting is not stopped.
    this.up -= Math.max(0, Math.min(this.all - this.wantedSince, this.up - busy));
    this.spareSince = null;
    this.note(load);
  }

  /** Its process has died, or begins anew: nothing is there, and nothing of what was counted is known. */
  reset(): void {
    this.area = 0;
    this.peak = 0;
    this.peakAt = 0;
    this.cold = 0;
    this.changedAt = this.timers.now();
    this.up = this.scaling.min;
    this.batches.length = 0;
    this.starting = 0;
    this.spareSince = null;
    this.isWatched = false;
  }

  /** The time in which workers are counted; it may lie ahead. Told again with another end, it goes on counting. */
  observe(window: Counted): void {
    this.passTime();
    const isSame = window.startAt === this.window.startAt;
    this.window = window;
    if (isSame) return;
    this.area = 0;
    this.peak = 0;
    this.cold = 0;
    this.changedAt = this.timers.now();
  }

  /** Time of workers in the window so far, those that were starting among them, ms; how many there were at most, and on average. */
  counts(): { time: number; most: number; mean: number } {
    this.passTime();
    const { area, peak, window: { startAt, endAt } } = this;
    const observed = Math.min(this.timers.now(), endAt) - startAt;
    return { time: area, most: peak, mean: observed > 0 ? area / observed : 0 };
  }

  /** The same in the words of a record. */
  figures(): ScalingFigures {
    const { most, mean } = this.counts();
    return { most, mostAt: this.peakAt, mean, coldStarts: this.cold };
  }

  private get all(): number {
    return this.up + this.starting;
  }

  private start(count: number): void {
    this.passTime();
    this.starting += count;
    this.batches.push(count);
    this.timers.startAt(this.timers.now() + this.scaling.start);
  }

  private beSpare(): void {
    this.spareSince = this.timers.now();
    this.wantedSince = 0;
    if (!this.isWatched) this.watch(this.spareSince);
  }

  private passWanted(): void {
    const at = this.timers.now();
    if (at > this.notedAt) this.wantedSince = Math.max(this.wantedSince, this.wanted);
    this.notedAt = at;
  }

  private watch(since: number): void {
    this.isWatched = true;
    this.timers.lookAt(since + this.scaling.idle);
  }

  /** Counts the time since the last change, as far as it lies within the window. */
  private passTime(): void {
    const at = this.timers.now();
    const from = Math.max(this.changedAt, this.window.startAt);
    const overlap = Math.min(at, this.window.endAt) - from;
    this.changedAt = at;
    if (!(overlap > 0)) return;
    this.area += overlap * this.all;
    if (this.all <= this.peak) return;
    this.peak = this.all;
    this.peakAt = from - this.window.startAt;
  }
}
