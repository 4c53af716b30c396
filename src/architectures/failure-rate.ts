/** Share of failed calls within a sliding window of time. Pure; the clock is an argument. */
import type { Breaker } from '../scenarios/scenario.js';

interface Bucket {
  /** Number of the bucket's stretch of time since the clock's zero. */
  period: number;
  calls: number;
  failures: number;
}

const BUCKETS = 10;

/** Counts calls in ten buckets of a tenth of the window each; a bucket is forgotten as a whole. */
export class FailureRate {
  private readonly breaker: Breaker;
  private readonly clock: () => number;
  private buckets: Bucket[] = [];

  constructor(breaker: Breaker, clock: () => number) {
    this.breaker = breaker;
    this.clock = clock;
  }

  record(ok: boolean): void {
    const bucket = this.current();
    bucket.calls++;
    if (!ok) bucket.failures++;
  }

  /** At least `trip` of at least `minimum` calls in the window failed. */
  tripped(): boolean {
    this.current();
    const calls = this.buckets.reduce((sum, bucket) => sum + bucket.calls, 0);
    const failures = this.buckets.reduce((sum, bucket) => sum + bucket.failures, 0);
    return calls >= this.breaker.minimum && failures > 0 && failures >= this.breaker.trip * calls;
  }

  reset(): void {
    this.buckets = [];
  }

  private current(): Bucket {
    const period = Math.floor(this.clock() / (this.breaker.window / BUCKETS));
    const last = this.buckets.at(-1);
    if (last?.period === period) return last;
    const bucket: Bucket = { period, calls: 0, failures: 0 };
    this.buckets = [...this.buckets.filter((old) => old.period > period - BUCKETS), bucket];
    return bucket;
  }
}
