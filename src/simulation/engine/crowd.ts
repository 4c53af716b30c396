import { doubled } from './grow.js';
import type { Kernel } from './kernel.js';

/** First length of the log; a power of two. */
const FIRST_MOMENTS = 1024;
/**
 * Bins for the square root of those present, which is what their number varies by: enough for few of them to hold a
 * peak, and few enough for the cache; eight times as many are a tenth slower at 50,000 users.
 */
const BINS_PER_ROOT = 32;
const FEWEST_BINS = 64;
/** More than so many at once that listen no more are not worth the trouble. */
const MOST_UNHEARD = 64;
/** Columns of a bin: its latest moment; comings; moments. */
const BIN_BITS = 2;
const LATEST = 0;
const COMINGS = 1;
const MOMENTS = 2;

/** A coming, or a going when it is below 0, and its number in the order told. */
interface Moment {
  at: number;
  told: number;
}

/**
 * Most that are present at once, where it is known ahead when each will come and go, and they are told in no order.
 * Comings and goings are counted by bins of time; only where a bin may hold a new peak are its moments put in order.
 */
export class Crowd {
  /** Most present from a moment on, and most of them whose caller still listened, up to the present bin. */
  peak = 0;
  peakHeard = 0;
  /** Longest time from now to a moment that is told. */
  readonly horizon: number;
  private readonly kernel: Kernel;
  private readonly since: number;
  private readonly width: number;
  private readonly perMs: number;
  private readonly bins: Int32Array;
  private readonly mask: number;
  /** The present bin, and its beginning. */
  private today = 0;
  private start = 0;
  private present = 0;
  /** Moments in the order told, the oldest overwritten: a going is below 0. And the moment of its bin told before. */
  private log = new Float64Array(FIRST_MOMENTS).fill(NaN);
  private before = new Int32Array(FIRST_MOMENTS);
  private told = 0;
  /** Those whose caller listens no more, and what had been told by then. */
  private unheard: { from: number; to: number; told: number }[] = [];

  /**
   * @param longest moment told ahead, ms
   * @param present about how many at once
   * @param since this moment the peak is counted
   */
  constructor(kernel: Kernel, longest: number, present: number, since = 0) {
    this.kernel = kernel;
    this.since = since;
    let bins = FEWEST_BINS;
    while (bins < BINS_PER_ROOT * Math.sqrt(present)) bins *= 2;
    // A power of two, so that no rounding puts a moment into another bin.
    this.width = 2 ** Math.ceil(Math.log2(longest / (bins - 1)));
    this.perMs = 1 / this.width;
    this.horizon = (bins - 1) * this.width;
    this.bins = new Int32Array(bins << BIN_BITS);
    this.mask = bins - 1;
  }

  /** One will come and go. @param moments of its coming at i, and of its going next to it; neither before now */
  add(moments: Float64Array, i: number): void {
    if (this.kernel.now >= this.start + this.width) this.pass();
    // The oldest one may not be overwritten as long as it has not gone.
    if (-this.log[(this.told & (this.log.length - 1)) + 1]! >= this.start) this.grow();
    const { log, bins } = this;
    const place = this.told & (log.length - 1);
    log[place] = moments[i]!;
    log[place + 1] = -moments[i + 1]!;
    bins[this.note(place) + COMINGS]! += 1;
    this.note(place + 1);
  }

  /** The caller of one that stays will listen no more. @returns false when there are too many of those */
  unhear(from: number, to: number): boolean {
    this.unheard = this.unheard.filter((one) => one.to >= this.start);
    this.unheard.push({ from, to, told: this.told });
    return this.unheard.length <= MOST_UNHEARD;
  }

  /** Nothing comes after now. */
  close(): void {
    this.pass();
    this.order(this.kernel.now);
  }

  /** Puts the moment that was told last at the head of its bin. @returns the place of the bin */
  private note(place: number): number {
    const { bins } = this;
    const day = ((Math.abs(this.log[place]!) - this.start) * this.perMs) | 0;
    const bin = ((this.today + day) & this.mask) << BIN_BITS;
    this.before[place] = bins[bin + LATEST]!;
    bins[bin + LATEST] = this.told;
    bins[bin + MOMENTS]! += 1;
    this.told = (this.told + 1) | 0;
    return bin;
  }

  private pass(): void {
    const { bins, mask, width } = this;
    const { now } = this.kernel;
    for (let left = mask; left >= 0 && now >= this.start + width; left--) {
      const bin = this.today << BIN_BITS;
      if (this.present + bins[bin + COMINGS]! > this.peakHeard && this.start + width > this.since) this.order(Infinity);
      // Comings less goings, which are the other moments.
      this.present += 2 * bins[bin + COMINGS]! - bins[bin + MOMENTS]!;
      bins.fill(0, bin, bin + (1 << BIN_BITS));
      this.today = (this.today + 1) & mask;
      this.start += width;
    }
    if (now >= this.start + width) this.start = Math.floor(now / width) * width;
  }

  /** Finds the peak of the present bin, up to a moment. */
  private order(until: number): void {
    let { present } = this;
    for (const moment of this.momentsOfToday()) {
      const at = Math.abs(moment.at);
      if (at > until) return;
      const counts = at >= this.since;
      // Those who had come before, and are still there.
      if (counts) this.peak = Math.max(this.peak, present);
      if (moment.at < 0) present--;
      else {
        present++;
        if (!counts) continue;
        this.peak = Math.max(this.peak, present);
        this.peakHeard = Math.max(this.peakHeard, present - this.unheardAt(moment));
      }
    }
  }

  /** Of a coming and a timeout at one moment, what was told first has happened first. */
  private unheardAt(coming: Moment): number {
    const hasLeft = ({ from, told }: { from: number; told: number }): boolean =>
      from < coming.at || (from === coming.at && ((coming.told - told) | 0) >= 0);
    return this.unheard.filter((one) => coming.at < one.to && hasLeft(one)).length;
  }

  /** In order of time; of those at one moment goings first. */
  private momentsOfToday(): Moment[] {
    const bin = this.today << BIN_BITS;
    const moments: Moment[] = [];
    let told = this.bins[bin + LATEST]!;
    for (let left = this.bins[bin + MOMENTS]!; left > 0; left--) {
      const place = told & (this.log.length - 1);
      moments.push({ at: this.log[place]!, told });
      told = this.before[place]!;
    }
    return moments.toSorted((a, b) => Math.abs(a.at) - Math.abs(b.at) || a.at - b.at);
  }

  /** Room for twice as many moments that have not passed. */
  private grow(): void {
    const { log, before, told } = this;
    const mask = log.length - 1;
    this.log = doubled(log).fill(NaN);
    this.before = doubled(before);
    for (let i = 1; i <= log.length; i++) {
      const place = (told - i) & (2 * mask + 1);
      this.log[place] = log[(told - i) & mask]!;
      this.before[place] = before[(told - i) & mask]!;
    }
  }
}
