import { Moments } from './tables.js';

/** More than so many in one bucket are too many for an insertion sort. */
const CROWDED = 32;

/** Moments noted in any order and taken out in order, many at a time. */
export class SortedMoments {
  /** Those not taken out, in no order. */
  private readonly later = new Moments();
  private latest = 0;
  private isSorted = true;
  private buckets = new Int32Array(0);
  private taken = new Float64Array(0);

  get length(): number {
    return this.later.length;
  }

  push(moment: number): void {
    if (moment < this.latest) this.isSorted = false;
    else this.latest = moment;
    this.later.push(moment);
  }

  /**
   * Takes out those from one moment to before another; there are none before the first of these.
   * @returns them, earliest first, good until the next are taken out
   */
  take(from: number, until: number): Float64Array {
    const count = this.partition(until);
    const due = this.taken.subarray(0, count);
    if (this.isSorted) return due;
    this.isSorted = this.later.length === 0;
    return sorted(due, from, until, this.buckets) ? due : due.toSorted();
  }

  /** Copies those before a moment into `taken`, and closes the gaps. @returns how many */
  private partition(until: number): number {
    const { later } = this;
    if (this.taken.length < later.length) {
      this.taken = new Float64Array(later.items.length);
      this.buckets = new Int32Array(later.items.length + 1);
    }
    const { items, length } = later;
    const { taken } = this;
    let count = 0;
    let left = 0;
    for (let i = 0; i < length; i++) {
      const moment = items[i]!;
      if (moment < until) taken[count++] = moment;
      else items[left++] = moment;
    }
    later.length = left;
    return count;
  }
}

/**
 * Distributes moments over as many even buckets, then sorts by insertion: linear where they are spread as evenly as what leaves a
 * queue. @returns false, and nothing is done, where they are not
 */
function sorted(moments: Float64Array, from: number, until: number, buckets: Int32Array): boolean {
  const { length } = moments;
  const perMs = length / (until - from);
  if (!(perMs > 0 && perMs < Infinity)) return false;
  buckets.fill(0, 0, length + 1);
  const last = length - 1;
  let most = 0;
  for (let i = 0; i < length; i++) {
    const bucket = Math.min(last, ((moments[i]! - from) * perMs) | 0);
    const count = ++buckets[bucket + 1]!;
    if (count > most) most = count;
  }
  if (most > CROWDED) return false;
  for (let i = 1; i <= length; i++) buckets[i]! += buckets[i - 1]!;
  const source = moments.slice();
  for (let i = 0; i < length; i++) {
    const moment = source[i]!;
    moments[buckets[Math.min(last, ((moment - from) * perMs) | 0)]!++] = moment;
  }
  insert(moments);
  return true;
}

function insert(moments: Float64Array): void {
  for (let i = 1; i < moments.length; i++) {
    const moment = moments[i]!;
    let place = i;
    for (; place > 0 && moments[place - 1]! > moment; place--) moments[place] = moments[place - 1]!;
    moments[place] = moment;
  }
}
