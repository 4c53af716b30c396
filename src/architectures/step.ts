/** One step (or consumer) as the server runs it: calls, retries, breaker, and its account. */
import type { Causes } from '../base/causes.js';
import { inTurn, realClock, type Clock, wait } from '../base/clock.js';
import { callCount, callNumber, mostCalls } from '../scenarios/call-count.js';
import type { ServiceCall } from '../scenarios/call-graph.js';
import { drawsOf, takesPart } from '../scenarios/draw.js';
import { limitOf, type RateLimit } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { RateLimiter } from '../services/rate-limiter.js';
import type { Scaler } from '../services/scaling.js';
import { NO_COUNTS, type StepReport } from './architecture.js';
import { Batches } from './batches.js';
import { BreakerState, withBreaker } from './breaker.js';
import { Caller, type Attempt, type Origin } from './caller.js';
import { CallFailure } from './failure.js';
import { Pool } from './pool.js';
import { withRetries } from './retries.js';
import type { SpanLog } from './span-log.js';
import type { TraceBook } from './trace-book.js';

/** Where a step runs. */
export interface StepSurroundings {
  seed: number;
  /** Place among the steps and consumers of its process. */
  position?: number;
  clock?: Clock;
  traces?: TraceBook;
  spans?: SpanLog | null;
  /** Counts why its calls failed. */
  causes?: Causes;
  /** The pool that it shares with other steps; without it, it has one of its own. */
  pool?: Pool;
}

/** Runs a step for one request after the other, or for many at once. */
export class StepRunner {
  readonly report: StepReport;
  private readonly caller: Caller;
  private readonly execute: Attempt;
  private readonly takesPart: (request: number) => boolean;
  /** What is not done is over at once, in the turn of the answer that there would be. */
  private readonly passedOver: (request: number, attempt: number) => Promise<void>;
  private readonly isBestEffort: boolean;
  private readonly deadline: number;
  private readonly clock: Clock;
  private fallback: StepRunner | null = null;
  /** What counts its workers, where it works on batches and these scale. */
  readonly scaler: Scaler | undefined;

  constructor(options: ServiceCall, origin: Origin, surroundings: StepSurroundings) {
    const { seed, position = 0, clock = realClock, pool: shared } = surroundings;
    const { name, timeout, connections, retries, breaker, rate, share, onError, times, concurrency = 1, batch, need = Infinity, deadline = Infinity, isBackground = false } = options;
    const draws = drawsOf(seed, name);
    const most = mostCalls(times);
    const callsOf = (request: number): number => (takesPart(draws, share, request) ? callCount(draws, times ?? 1, request) : 0);
    const repeated = (one: Attempt): Attempt => (request, attempt, until) => {
      const count = callsOf(request);
      return fanOut(count, Math.min(count, need), limitOf(concurrency), (item) => one(request, callNumber(attempt, item, most), until));
    };
    this.passedOver = (request, attempt) => inTurn(clock, turnOf(RANK.answer, request, position, attempt * most));
    this.takesPart = (request) => callsOf(request) > 0;
    this.isBestEffort = onError === 'continue';
    this.deadline = deadline;
    this.clock = clock;
    this.report = { name, runs: 0, ...NO_COUNTS };
    const pool = shared ?? new Pool(limitOf(connections));
    this.caller = new Caller({ ...surroundings, name, origin, timeout, isBackground, pool, isShared: shared !== undefined, position, clock }, this.report);
    // The plain path stays plain: a policy is only in the way of steps that have one.
    let execute = this.caller.attempt;
    if (rate) execute = withPace(execute, rate, this.report, clock, position);
    if (breaker) execute = withBreaker(execute, name, new BreakerState(breaker, () => clock.now()), this.report, { clock, position });
    if (retries.attempts > 1) execute = withRetries(execute, retries, draws, this.report, { clock, position, most });
    const batches = batch && new Batches(batch, execute, clock, position);
    this.scaler = batches?.scaler;
    if (batches) execute = batches.join;
    this.execute = times === undefined ? execute : repeated(execute);
  }

  /** What is run in its place once it has failed for good. */
  fallBackOn(fallback: StepRunner): void {
    this.fallback = fallback;
  }

  get name(): string {
    return this.report.name;
  }

  /**
   * Runs the step for a request that makes it; rejects with a CallFailure when it failed for good and the request with it.
   * @param attempt of what it is run for, from 0: deliveries count
   * @param begunAt when its request began, ms
   * @returns whether it did what it is there for: its request made it, and it succeeded by itself
   */
  async run(request: number, attempt = 0, begunAt = 0): Promise<boolean> {
    const until = begunAt + this.deadline;
    const isLate = until < Infinity && this.clock.now() >= until;
    if (isLate || !this.takesPart(request)) {
      await this.passedOver(request, attempt);
      if (isLate && this.takesPart(request) && !this.isBestEffort) throw new CallFailure(this.name, 'deadline', request);
      return false;
    }
    const counted = request >= 0 ? 1 : 0;
    this.report.runs += counted;
    try {
      await this.execute(request, attempt, until);
      this.report.ok += counted;
      return true;
    } catch (failure) {
      this.report.failed += counted;
      if (!(await this.fallsBack(request, attempt, begunAt)) && !this.isBestEffort) throw failure;
      return false;
    }
  }

  /** Whether there is a fallback, and it does. */
  private async fallsBack(request: number, attempt: number, begunAt: number): Promise<boolean> {
    if (!this.fallback) return false;
    return this.fallback.run(request, attempt, begunAt).then(() => true, () => false);
  }

  close(): Promise<void> {
    return this.caller.close();
  }
}

/**
 * Runs so many things, a few at once and in order. Resolves when all have ended; rejects with the failure beyond which fewer can
 * succeed than have to: what is under way then runs on, and no more begin. Written out because what begins next has to begin at the very moment at which something ends.
 * @param need how many have to succeed
 * @param limit at once; Infinity is no limit
 * @param run one of them, by its position
 */
function fanOut(count: number, need: number, limit: number, run: (item: number) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let [begun, done, left, mayFail] = [0, 0, count, count - need];
    const begin = (): void => {
      while (begun < left && begun - done < limit) run(begun++).then(ended, failed);
    };
    const ended = (): void => {
      if (++done === count) resolve();
      else begin();
    };
    const failed = (failure: Error): void => {
      if (mayFail-- > 0) return ended();
      left = 0;
      reject(failure);
    };
    begin();
  });
}

/**
 * Calls beyond the rate wait in the order in which they came; their timeout begins when they are made. One that could not be made
 * before the deadline of its request is not waited for: it fails at once, and takes nothing of the rate.
 */
function withPace(attempt: Attempt, rate: RateLimit, report: StepReport, clock: Clock, position: number): Attempt {
  const limiter = new RateLimiter(rate);
  return async (request, call, until = Infinity) => {
    const ms = limiter.waitAt(clock.now());
    if (ms > 0 && clock.now() + ms >= until) {
      await inTurn(clock, turnOf(RANK.answer, request, position, call));
      throw new CallFailure(report.name, 'deadline', request);
    }
    limiter.reserve(clock.now());
    if (ms > 0) {
      if (request >= 0) {
        report.paced++;
        report.pacedTime += ms;
      }
      await wait(clock, ms, turnOf(RANK.paced, request, position, call));
    }
    await attempt(request, call, until);
  };
}
