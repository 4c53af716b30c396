/**
 * Numbers in typed arrays that grow: the simulation keeps no object per event. Positions are always in range here, which
 * `noUncheckedIndexedAccess` cannot know: hence the exclamation marks.
 */

type NumberArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Rows that every table and ring begins with. */
export const FIRST_ROWS = 64;

/**
 * What is filled from its beginning grows so many times: the system gives memory to an array where it is written to, and
 * nowhere else, so that room to spare costs nothing. What has been outgrown does, until V8 looks for it.
 */
const GROWTH = 8;

/**
 * The same numbers in an array that has room for many more, for what is filled from its beginning.
 * @param most numbers that there ever are
 */
export function grown<T extends NumberArray>(numbers: T, most = Infinity): T {
  return lengthened(numbers, Math.min(most, numbers.length * GROWTH));
}

/** The same numbers in an array twice as long, for what goes round in it and so writes to all of it. */
export function doubled<T extends NumberArray>(numbers: T): T {
  return lengthened(numbers, numbers.length * 2);
}

function lengthened<T extends NumberArray>(numbers: T, length: number): T {
  const longer = new (numbers.constructor as new (length: number) => T)(length);
  longer.set(numbers);
  return longer;
}

/** Column of every table that timeouts are set for: it changes whenever a row's timeout is void. */
export const STAMP = 0;

/**
 * Rows of numbers, used again when they are given back: as many as are in use at once, however long a trial runs. The
 * numbers of a row lie side by side, which is worth a third of its speed: events come in no order, and a row is
 * one line of the processor's cache.
 */
export class Table {
  /** Whole numbers, and moments in ms: those of row r begin at r << bits. Read directly where every nanosecond counts. */
  ints: Int32Array;
  moments: Float64Array;
  private readonly intBits: number;
  private readonly momentBits: number;
  private free = new Int32Array(FIRST_ROWS);
  private freeCount = 0;
  private used = 0;
  private capacity = FIRST_ROWS;

  /** @param bits of the number of whole numbers in a row, and of moments */
  constructor(intBits: number, momentBits: number) {
    this.intBits = intBits;
    this.momentBits = momentBits;
    this.ints = new Int32Array(FIRST_ROWS << intBits);
    this.moments = new Float64Array(FIRST_ROWS << momentBits);
  }

  /** Rows up to this one have been in use. */
  get rows(): number {
    return this.used;
  }

  /** A row of its own; it holds what was left in it. */
  take(): number {
    if (this.freeCount > 0) return this.free[--this.freeCount]!;
    if (this.used === this.capacity) {
      this.capacity *= GROWTH;
      this.free = grown(this.free);
      this.ints = grown(this.ints);
      this.moments = grown(this.moments);
    }
    return this.used++;
  }

  give(row: number): void {
    this.free[this.freeCount++] = row;
  }

  get(row: number, column: number): number {
    return this.ints[(row << this.intBits) + column]!;
  }

  set(row: number, column: number, value: number): void {
    this.ints[(row << this.intBits) + column] = value;
  }

  /** Adds to a number. @returns the sum */
  add(row: number, column: number, value: number): number {
    return (this.ints[(row << this.intBits) + column]! += value);
  }

  at(row: number, column: number): number {
    return this.moments[(row << this.momentBits) + column]!;
  }

  setAt(row: number, column: number, moment: number): void {
    this.moments[(row << this.momentBits) + column] = moment;
  }
}

/** First in, first out. */
export class Ring {
  length = 0;
  private items = new Int32Array(FIRST_ROWS);
  private head = 0;

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length++) & (this.items.length - 1)] = item;
  }

  /** The oldest item; the ring must not be empty. */
  get first(): number {
    return this.items[this.head]!;
  }

  /** The latest item; the ring must not be empty. */
  get last(): number {
    return this.items[(this.head + this.length - 1) & (this.items.length - 1)]!;
  }

  /** The oldest item, taken out; the ring must not be empty. */
  shift(): number {
    const item = this.items[this.head]!;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length--;
    return item;
  }

  /** Items in order, oldest first. */
  *[Symbol.iterator](): Generator<number> {
    for (let i = 0; i < this.length; i++) yield this.items[(this.head + i) & (this.items.length - 1)]!;
  }

  private grow(): void {
    const { length } = this.items;
    // What had wrapped around to the front goes behind what is before it.
    this.items = doubled(this.items).copyWithin(length, 0, this.head);
  }
}

/** Moments in the order noted. */
export class Moments {
  length = 0;
  /** Those beyond `length` mean nothing. */
  items = new Float64Array(FIRST_ROWS);

  push(moment: number): void {
    if (this.length === this.items.length) this.items = grown(this.items);
    this.items[this.length++] = moment;
  }

  /** The latest, taken out; there must be one. */
  pop(): number {
    return this.items[--this.length]!;
  }

  /** The first of them are left out. */
  drop(count: number): void {
    this.items.copyWithin(0, count, this.length);
    this.length -= count;
  }

  countUpTo(moment: number): number {
    return this.items.subarray(0, this.length).filter((item) => item <= moment).length;
  }

  /** All of them; none are left. */
  take(): Float64Array {
    const all = this.items.slice(0, this.length);
    this.length = 0;
    return all;
  }
}

/** Moments, first in, first out. */
export class MomentRing {
  length = 0;
  private items = new Float64Array(FIRST_ROWS);
  private head = 0;

  /** The oldest moment; the ring must not be empty. */
  get first(): number {
    return this.items[this.head]!;
  }

  push(moment: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length++) & (this.items.length - 1)] = moment;
  }

  /** Takes out those up to a moment, where they stand in order. */
  passTo(moment: number): void {
    while (this.length > 0 && this.items[this.head]! <= moment) this.shift();
  }

  /** Takes out the oldest moment and puts in another. */
  replaceFirst(moment: number): void {
    this.shift();
    this.push(moment);
  }

  private shift(): void {
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length--;
  }

  private grow(): void {
    const { length } = this.items;
    this.items = doubled(this.items).copyWithin(length, 0, this.head);
  }
}

/** The most of something at any moment. */
export class Peak {
  most = 0;
  private readonly certain: number;
  /** Moments after which the trial may be over, and how many there are then, if it is not. */
  private readonly later = new Moments();

  /** @param certain the trial is not over before that moment */
  constructor(certain: number) {
    this.certain = certain;
  }

  note(at: number, count: number): void {
    if (count <= this.most) return;
    if (at <= this.certain) this.most = count;
    else {
      this.later.push(at);
      this.later.push(count);
    }
  }

  /** @param endedAt end of the trial */
  until(endedAt: number): number {
    const later = this.later.take();
    for (let i = 0; i < later.length; i += 2) if (later[i]! <= endedAt) this.most = Math.max(this.most, later[i + 1]!);
    return this.most;
  }
}
