import { grown, FIRST_ROWS } from './tables.js';

/** Share that must have ended, or it is cheaper to keep them in order than to go through them all. */
const MANY = 1 / 8;

/** Times that are told apart where nobody asks for more than how many may not have ended. */
const SLOTS = 128;

/**
 * When the calls in progress at a service end. As long as some worker is free nobody asks which of them ends first: they stand in
 * no order, those that have ended among them, and are counted by slots of time until somebody has to know exactly how many are
 * left. While all workers are busy, or more and more, they are a binary heap, the earliest first.
 */
export class Departures {
  /** Calls that may be in progress still: no fewer than there are, and exact after a `passTo` that leaves as many as it was asked about. */
  length = 0;
  private moments = new Float64Array(FIRST_ROWS);
  /** How many stand there; more than `length` where some are known to have ended. */
  private stored = 0;
  private isHeap = false;
  /** Most that there have been since they were put in order. */
  private ordered = 0;
  /** Of those in no order: how many end in each slot, the first of which begins at `base`; what ends later is in none. */
  private readonly slots = new Int32Array(SLOTS);
  private slot = 0;
  private base = 0;
  private slotsPerMs = 0;

  /** The earliest, where all are in progress; there must be one. */
  get first(): number {
    if (!this.isHeap) this.order();
    return this.moments[0]!;
  }

  push(moment: number): void {
    if (this.stored === this.moments.length) this.moments = grown(this.moments);
    const place = this.stored++;
    this.length++;
    if (this.isHeap) return this.rise(place, moment);
    this.moments[place] = moment;
    const slot = (moment - this.base) * this.slotsPerMs;
    if (slot < SLOTS) this.slots[slot | 0]!++;
  }

  /** Takes out the earliest and puts in another; `first` must have been asked for. */
  replaceFirst(moment: number): void {
    this.sink(0, moment);
  }

  /** Takes out what has ended by now, where so many or more may be left. */
  passTo(now: number, many: number): void {
    if (this.isHeap) return this.shiftUpTo(now);
    const slot = Math.min(SLOTS, Math.floor((now - this.base) * this.slotsPerMs));
    while (this.slot < slot) this.length -= this.slots[this.slot++]!;
    if (this.length >= many || this.stored > 2 * many + SLOTS) this.sift(now);
  }

  private shiftUpTo(now: number): void {
    this.ordered = Math.max(this.ordered, this.length);
    while (this.length > 0 && this.moments[0]! <= now) {
      const last = this.moments[--this.length]!;
      if (this.length > 0) this.sink(0, last);
    }
    this.stored = this.length;
    if (this.length >= (1 - MANY) * this.ordered) return;
    this.isHeap = false;
    this.count(now);
  }

  private sift(now: number): void {
    const { moments, stored } = this;
    let left = 0;
    for (let i = 0; i < stored; i++) {
      const moment = moments[i]!;
      if (moment > now) moments[left++] = moment;
    }
    this.length = left;
    this.stored = left;
    if (stored - left < MANY * stored) this.order();
    else this.count(now);
  }

  /** Counts them by slots, as many as there may be until the last of them ends. */
  private count(now: number): void {
    const { moments, stored, slots } = this;
    let last = now;
    for (let i = 0; i < stored; i++) if (moments[i]! > last) last = moments[i]!;
    this.base = now;
    this.slotsPerMs = last > now ? (SLOTS - 1) / (last - now) : 0;
    this.slot = 0;
    slots.fill(0);
    for (let i = 0; i < stored; i++) slots[((moments[i]! - now) * this.slotsPerMs) | 0]!++;
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
