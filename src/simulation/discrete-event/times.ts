import type { Times } from '../../measurement/record.js';
import { atLeast, PERCENTILES, summarise } from '../../measurement/times.js';
import { grown, FIRST_ROWS, Moments } from './tables.js';

/** Values kept as they are; beyond it they go to a histogram, so that memory does not grow with the run. */
export const EXACT_VALUES = 1 << 16;

/** Bits of the mantissa that tell the bins of one octave apart: bins 0.2 % wide, so that a percentile is within 0.1 %. */
const BIN_BITS = 9;
const DROPPED_BITS = 20 - BIN_BITS;
/** Shorter times count as none, ms. */
const LEAST = 2 ** -10;
const OCTAVES = 44;

/** The higher half of a double's bits, wherever this machine keeps it. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
double[0] = 1;
const HIGH = halves[1] === 0 ? 0 : 1;

function bitsOf(ms: number): number {
  double[0] = ms;
  return halves[HIGH]! >>> DROPPED_BITS;
}

const FIRST_BIN = bitsOf(LEAST);

/** Values that are put into bins at a time. */
const BATCH = 512;

/** Times collected one by one: exact while they are few, then with percentiles within 0.1 %; mean, min, max are exact. */
export class TimesCollector {
  /** Times of 0, of which there are many: most calls find a worker at once. */
  private zeros = 0;
  /** Values that are not in bins. */
  private values: Float64Array = new Float64Array(FIRST_ROWS);
  private length = 0;
  private bins: Float64Array | null = null;
  /** Count, sum, least and largest of the values in bins. */
  private readonly binned = Float64Array.of(0, 0, Infinity, 0);
  private censored = 0;
  /** Since when times run that go on until the trial is over. */
  private readonly running = new Moments();

  add(ms: number): void {
    if (ms === 0) {
      this.zeros++;
      return;
    }
    if (this.length === this.values.length) this.makeRoom();
    this.values[this.length++] = ms;
  }

  /** A time that is only known to be at least so long. */
  addAtLeast(ms: number): void {
    this.censored++;
    this.add(-atLeast(ms));
  }

  /** A time that runs since a moment, until the trial is over. */
  addSince(moment: number): void {
    this.running.push(moment);
  }

  /** The trial is over. */
  endAt(moment: number): void {
    for (const since of this.running.take()) this.addAtLeast(moment - since);
  }

  get times(): Times {
    if (!this.bins && this.length + this.zeros <= EXACT_VALUES) return summarise(this.exact(), this.censored);
    const bins = (this.bins ??= newBins());
    this.putIntoBins(bins);
    const [count = 0, sum = 0, min = 0, max = 0] = this.binned;
    const percentiles = Object.entries(PERCENTILES).map(([name, rank]) => [name, this.quantile(bins, rank)]);
    return { count, mean: sum / count, min, max, censored: this.censored, ...Object.fromEntries(percentiles) } as Times;
  }

  private exact(): Float64Array {
    const all = new Float64Array(this.zeros + this.length);
    all.set(this.values.subarray(0, this.length), this.zeros);
    return all;
  }

  private makeRoom(): void {
    if (!this.bins && this.values.length < EXACT_VALUES) {
      this.values = grown(this.values, EXACT_VALUES);
      return;
    }
    this.bins ??= newBins();
    this.putIntoBins(this.bins);
    if (this.values.length > BATCH) this.values = new Float64Array(BATCH);
  }

  private putIntoBins(bins: Float64Array): void {
    const { values, length, zeros, binned } = this;
    bins[0]! += zeros;
    binned[COUNT]! += length + zeros;
    if (zeros > 0) binned[MIN] = 0;
    putAll(values, length, bins, binned);
    this.length = 0;
    this.zeros = 0;
  }

  private quantile(bins: Float64Array, thousandths: number): number {
    const [count = 0, , min = 0, max = 0] = this.binned;
    let left = Math.max(1, Math.ceil((count * thousandths) / 1000));
    let bin = 0;
    for (; bin < bins.length - 1; bin++) {
      left -= bins[bin]!;
      if (left <= 0) break;
    }
    return Math.min(max, Math.max(min, middleOf(bin)));
  }
}

const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;

/** A function of its own: the loop is compiled while it runs, and what came after it would be compiled again and again. */
function putAll(values: Float64Array, length: number, bins: Float64Array, binned: Float64Array): void {
  for (let i = 0; i < length; i++) {
    const ms = values[i]!;
    bins[binOf(ms)]!++;
    binned[SUM]! += ms;
    if (ms < binned[MIN]!) binned[MIN] = ms;
    if (ms > binned[MAX]!) binned[MAX] = ms;
  }
}

function newBins(): Float64Array {
  return new Float64Array((OCTAVES << BIN_BITS) + 1);
}

/** Bin 0 holds what counts as none. */
function binOf(ms: number): number {
  if (ms < LEAST) return 0;
  return Math.min(OCTAVES << BIN_BITS, bitsOf(ms) - FIRST_BIN + 1);
}

function middleOf(bin: number): number {
  if (bin === 0) return 0;
  const octave = LEAST * 2 ** ((bin - 1) >> BIN_BITS);
  const step = (bin - 1) & ((1 << BIN_BITS) - 1);
  return octave * (1 + (step + 0.5) / (1 << BIN_BITS));
}
