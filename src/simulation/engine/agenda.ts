import { doubled } from './grow.js';

const NONE = -1;
const MIN_DAYS = 64;
/** Days to an entry: finding the next one costs nothing, so most days may well be empty and few hold more than one. */
const DAYS_PER_ENTRY = 4;
/** Later days are one, and so are those as long before the first: all are cut anew before their time comes. */
const LAST_DAY = 2 ** 30;
/** Operations between two looks at how much work they were. */
const CHECK_EVERY = 4096;
/** Entries passed over per operation above which the days are cut anew. */
const TOO_MUCH = 0.5;
/** Next entries whose spacing tells the width of a day. */
const SAMPLE = 256;

/**
 * What happens when: a calendar queue, which takes and gives in constant time on average, however much is planned.
 * Entries of equal time come out in the order in which they were put in, on every machine.
 * Source: R. Brown, Communications of the ACM 31 (1988). A day is a sorted list; days of all years share one array.
 */
export class Agenda {
  size = 0;
  private at = new Float64Array(64);
  /** By entry: the next one of its day (or of those that are free), and what is planned. */
  private entries = new Int32Array(128);
  private free = NONE;
  private used = 0;
  /** By day: its first and its last entry. */
  private days = new Int32Array(2 * MIN_DAYS).fill(NONE);
  /** A bit for each day that has entries. */
  private filled = new Int32Array(MIN_DAYS / 32);
  private mask = MIN_DAYS - 1;
  /** Days are counted from this moment. */
  private origin = 0;
  private perMs = 1;
  /** No entry is before this day. */
  private today = 0;
  private work = 0;
  private operations = 0;

  /** Puts in an entry. @param at ms, not before the last one taken */
  schedule(at: number, what: number): void {
    const entry = this.free === NONE ? this.newEntry() : this.free;
    const { entries } = this;
    this.free = entries[entry << 1]!;
    entries[(entry << 1) + 1] = what;
    this.at[entry] = at;
    this.insert(entry, at);
    if (++this.size * 2 > this.mask || ++this.operations >= CHECK_EVERY) this.check();
  }

  /** Time of the next entry; Infinity when there is none. */
  peek(): number {
    if (this.size === 0) return Infinity;
    const { days, at, mask, filled } = this;
    let day = this.today;
    const nextYear = day + mask;
    for (;;) {
      const bits = filled[(day & mask) >> 5]! >>> (day & 31);
      if (bits === 0) day += 32 - (day & 31);
      else {
        day += 31 - Math.clz32(bits & -bits);
        const time = at[days[(day & mask) << 1]!]!;
        if (this.dayOf(time) <= day) {
          this.today = day;
          return time;
        }
        day++;
        this.work++;
      }
      if (day > nextYear) day = this.earliestDay();
    }
  }

  /** Takes out the entry that `peek` has just told the time of. */
  take(): number {
    const { days, entries } = this;
    const bucket = this.today & this.mask;
    const entry = days[bucket << 1]!;
    const after = entries[entry << 1]!;
    days[bucket << 1] = after;
    if (after === NONE) this.filled[bucket >> 5]! &= ~(1 << bucket);
    entries[entry << 1] = this.free;
    this.free = entry;
    this.size--;
    return entries[(entry << 1) + 1]!;
  }

  private dayOf(time: number): number {
    return Math.max(-LAST_DAY, Math.min(LAST_DAY, (time - this.origin) * this.perMs)) | 0;
  }

  /** An entry that has never been used, as if it were the only free one. */
  private newEntry(): number {
    if (this.used === this.at.length) {
      this.at = doubled(this.at);
      this.entries = doubled(this.entries);
    }
    this.entries[this.used << 1] = NONE;
    return this.used++;
  }

  private insert(entry: number, time: number): void {
    const { at, entries, days } = this;
    const day = this.dayOf(time);
    // Looking for the next entry may have passed this day while it was empty.
    if (day < this.today) this.today = day;
    const bucket = day & this.mask;
    if (days[bucket << 1] === NONE) {
      entries[entry << 1] = NONE;
      days[bucket << 1] = days[(bucket << 1) + 1] = entry;
      this.filled[bucket >> 5]! |= 1 << bucket;
      return;
    }
    const last = days[(bucket << 1) + 1]!;
    if (at[last]! > time) return this.insertBeforeLast(entry, time, bucket);
    entries[entry << 1] = NONE;
    entries[last << 1] = days[(bucket << 1) + 1] = entry;
  }

  private insertBeforeLast(entry: number, time: number, bucket: number): void {
    const { at, entries, days } = this;
    let previous = NONE;
    let current = days[bucket << 1]!;
    while (at[current]! <= time) {
      previous = current;
      current = entries[current << 1]!;
      this.work++;
    }
    entries[entry << 1] = current;
    if (previous === NONE) days[bucket << 1] = entry;
    else entries[previous << 1] = entry;
  }

  /** The day of the earliest entry, when a whole year from today is empty. */
  private earliestDay(): number {
    let earliest = Infinity;
    for (let bucket = 0; bucket <= this.mask; bucket++) {
      const entry = this.days[bucket << 1]!;
      if (entry !== NONE) earliest = Math.min(earliest, this.at[entry]!);
    }
    return this.dayOf(earliest);
  }

  private check(): void {
    const isCrowded = this.size * 2 > this.mask;
    const isEmpty = this.size * DAYS_PER_ENTRY * 8 < this.mask && this.mask >= MIN_DAYS;
    const isOld = this.today > LAST_DAY / 2;
    if (isCrowded || isEmpty || isOld || this.work > this.operations * TOO_MUCH) this.rebuild();
    this.operations = 0;
    this.work = 0;
  }

  /** Cuts the days anew: a few to an entry, by how far the next entries are apart. */
  private rebuild(): void {
    const sorted = this.entriesInOrder();
    let days = MIN_DAYS;
    while (days < sorted.length * DAYS_PER_ENTRY) days *= 2;
    this.days = new Int32Array(2 * days).fill(NONE);
    this.filled = new Int32Array(days / 32);
    this.mask = days - 1;
    this.perMs = this.daysPerMs(sorted);
    // An entry may still come in between the one taken last and the next: days before the origin are below 0.
    this.origin = this.at[sorted[0] ?? 0]!;
    this.today = LAST_DAY;
    for (const entry of sorted) this.insert(entry, this.at[entry]!);
  }

  private entriesInOrder(): number[] {
    const all: number[] = [];
    for (let bucket = 0; bucket <= this.mask; bucket++) {
      for (let entry = this.days[bucket << 1]!; entry !== NONE; entry = this.entries[entry << 1]!) all.push(entry);
    }
    // The sort is stable: entries of equal time, all on one day, keep their order.
    return all.toSorted((a, b) => this.at[a]! - this.at[b]!);
  }

  private daysPerMs(sorted: readonly number[]): number {
    const sample = Math.min(SAMPLE, sorted.length);
    const from = this.at[sorted[0] ?? 0]!;
    const to = this.at[sorted[sample - 1] ?? 0]!;
    return to > from ? (DAYS_PER_ENTRY * (sample - 1)) / (to - from) : this.perMs;
  }
}
