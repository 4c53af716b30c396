/** A circuit breaker around the calls of a step. Its states are those of the simulation too. */
import { inTurn, realClock, type Clock } from '../base/clock.js';
import type { Breaker } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { StepReport } from './architecture.js';
import type { Attempt } from './caller.js';
import { CallFailure } from './failure.js';

const BUCKETS = 10;

/** What a breaker says to a call: no; yes; yes, to try whether the service is back. */
export type Admission = 'refused' | 'admitted' | 'trial';

/**
 * A circuit breaker (Nygard, "Release It!"): closed, it counts; once `trip` of at least `minimum` calls in `window` failed
 * it is open and refuses; after `reset` it is half open: one call is let through to try, all others are refused until that
 * one has come back, and closes it or opens it again.
 */
export class BreakerState {
  private readonly rate: FailureRate;
  private readonly reset: number;
  private readonly clock: () => number;
  private state: 'closed' | 'open' | 'half-open' = 'closed';
  private openedAt = 0;

  /** @param clock ms, for window and reset */
  constructor(breaker: Breaker, clock: () => number) {
    this.rate = new FailureRate(breaker, clock);
    this.reset = breaker.reset;
    this.clock = clock;
  }

  /** Whether a call may be made now. */
  admit(): Admission {
    if (this.state === 'closed') return 'admitted';
    if (this.state === 'half-open' || this.clock() - this.openedAt < this.reset) return 'refused';
    this.state = 'half-open';
    return 'trial';
  }

  /** A call came back. @returns whether the breaker opens at it */
  record(ok: boolean, admission: Admission): boolean {
    // A late failure may have opened it again before its trial came back.
    const isTrial = admission === 'trial' && this.state === 'half-open';
    if (ok && isTrial) this.rate.reset();
    this.rate.record(ok);
    if (ok) {
      if (isTrial) this.state = 'closed';
      return false;
    }
    // A late failure opens a breaker that is being tried as well, but not one that is open.
    if (this.state === 'open' || !(isTrial || this.rate.tripped())) return false;
    this.state = 'open';
    this.openedAt = this.clock();
    return true;
  }
}

/** Refuses calls while the breaker is open, and, while one call tries whether the service is back, all others. */
export function withBreaker(
  attempt: Attempt,
  name: string,
  state: BreakerState,
  report: StepReport,
  { clock = realClock, position = 0 }: { clock?: Clock; position?: number } = {},
): Attempt {
  return async (request, call, until) => {
    const admission = state.admit();
    if (admission === 'refused') {
      if (request >= 0) report.shortCircuited++;
      await inTurn(clock, turnOf(RANK.answer, request, position, call));
      throw new CallFailure(name, 'shortCircuited', request);
    }
    try {
      await attempt(request, call, until);
    } catch (error) {
      if (state.record(false, admission) && request >= 0) report.breakerOpened++;
      throw error;
    }
    state.record(true, admission);
  };
}

/** Share of failed calls within a sliding window of time. Pure; the clock is an argument. */
interface Bucket {
  /** Number of the bucket's stretch of time since the first call. */
  period: number;
  calls: number;
  failures: number;
}

/**
 * Counts calls in ten buckets of a tenth of the window each; a bucket is forgotten as a whole. They begin with the first call: by a clock
 * that has its zero elsewhere in each process, no two trials would open alike where it is a close thing.
 */
export class FailureRate {
  private readonly breaker: Breaker;
  private readonly clock: () => number;
  private buckets: Bucket[] = [];
  private begunAt: number | undefined;

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
    const now = this.clock();
    this.begunAt ??= now;
    const period = Math.floor((now - this.begunAt) / (this.breaker.window / BUCKETS));
    const last = this.buckets.at(-1);
    if (last?.period === period) return last;
    const bucket: Bucket = { period, calls: 0, failures: 0 };
    this.buckets = [...this.buckets.filter((old) => old.period > period - BUCKETS), bucket];
    return bucket;
  }
}
