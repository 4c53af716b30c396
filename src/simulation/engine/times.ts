import type { Times } from '../../measurement/record.js';
import { atLeast, PERCENTILES, summarise } from '../../measurement/times.js';
import { doubled, FIRST_ROWS } from './tables.js';

/** Values kept as they are; beyond it they go to a histogram, so that memory does not grow with the run. */
export const EXACT_VALUES = 1 << 17;

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
  /** Of the values in bins. */
  private binned = { count: 0, sum: 0, min: Infinity, max: 0 };
  private censored = 0;

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

  get times(): Times {
    if (!this.bins && this.length + this.zeros <= EXACT_VALUES) return summarise(this.exact(), this.censored);
    const bins = (this.bins ??= newBins());
    this.putIntoBins(bins);
    const { count, sum, min, max } = this.binned;
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
      this.values = doubled(this.values);
      return;
    }
    this.bins ??= newBins();
    this.putIntoBins(this.bins);
    if (this.values.length > BATCH) this.values = new Float64Array(BATCH);
  }

  private putIntoBins(bins: Float64Array): void {
    const { values, length, zeros, binned } = this;
    let { sum, min, max } = binned;
    bins[0]! += zeros;
    if (zeros > 0) min = 0;
    for (let i = 0; i < length; i++) {
      const ms = values[i]!;
      bins[binOf(ms)]!++;
      sum += ms;
      if (ms < min) min = ms;
      if (ms > max) max = ms;
    }
    this.binned = { count: binned.count + length + zeros, sum, min, max };
    this.length = 0;
    this.zeros = 0;
  }

  private quantile(bins: Float64Array, thousandths: number): number {
    const { count, min, max } = this.binned;
    let left = Math.max(1, Math.ceil((count * thousandths) / 1000));
    let bin = 0;
    for (; bin < bins.length - 1; bin++) {
      left -= bins[bin]!;
      if (left <= 0) break;
    }
    return Math.min(max, Math.max(min, middleOf(bin)));
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
