import { doubled, FIRST_ROWS } from './tables.js';

/** Share that must have ended, or it is cheaper to keep them in order than to go through them all. */
const MANY = 1 / 8;

/**
 * When the calls in progress at a service end. As long as some worker is free nobody asks which of them ends first, and they
 * stand in no order, those that have ended among them until somebody has to know how many are left. While all workers are
 * busy, or more and more, they are a binary heap, the earliest first.
 */
export class Departures {
  /** Calls that may be in progress still; exact after `passTo`. */
  length = 0;
  private moments = new Float64Array(FIRST_ROWS);
  private isHeap = false;
  /** How many there were when they were put in order. */
  private ordered = 0;

  /** The earliest, where all are in progress; there must be one. */
  get first(): number {
    if (!this.isHeap) this.order();
    return this.moments[0]!;
  }

  push(moment: number): void {
    if (this.length === this.moments.length) this.moments = doubled(this.moments);
    const place = this.length++;
    if (this.isHeap) this.rise(place, moment);
    else this.moments[place] = moment;
  }

  /** Takes out the earliest and puts in another; `first` must have been asked for. */
  replaceFirst(moment: number): void {
    this.sink(0, moment);
  }

  /** Takes out what has ended by now. */
  passTo(now: number): void {
    if (this.isHeap) this.shiftUpTo(now);
    else this.sift(now);
  }

  private shiftUpTo(now: number): void {
    while (this.length > 0 && this.moments[0]! <= now) {
      const last = this.moments[--this.length]!;
      if (this.length > 0) this.sink(0, last);
    }
    if (this.length < (1 - MANY) * this.ordered) this.isHeap = false;
  }

  private sift(now: number): void {
    const { moments, length } = this;
    let left = 0;
    for (let i = 0; i < length; i++) {
      const moment = moments[i]!;
      if (moment > now) moments[left++] = moment;
    }
    this.length = left;
    if (length - left < MANY * length) this.order();
  }

  private order(): void {
    this.isHeap = true;
    this.ordered = this.length;
    for (let place = (this.length >> 1) - 1; place >= 0; place--) this.sink(place, this.moments[place]!);
  }

  private rise(from: number, moment: number): void {
    const { moments } = this;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (moments[parent]! <= moment) break;
      moments[place] = moments[parent]!;
      place = parent;
    }
    moments[place] = moment;
  }

  private sink(from: number, moment: number): void {
    const { moments, length } = this;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      if (child + 1 < length && moments[child + 1]! < moments[child]!) child++;
      if (moments[child]! >= moment) break;
      moments[place] = moments[child]!;
      place = child;
    }
    moments[place] = moment;
  }
}
