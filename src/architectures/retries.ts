/** Tries failed calls again: exponential backoff, full jitter, a budget. */
import { type Clock, realClock, type Turn, wait } from '../base/clock.js';
import type { Draws } from '../scenarios/draw.js';
import type { Retries } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { StepReport } from './architecture.js';
import type { Attempt } from './caller.js';
import { CallFailure } from './failure.js';

/** Waits between attempts. */
export type Sleep = (ms: number, turn: Turn) => Promise<unknown>;

/**
 * A run of a step with retries: attempt n is call n of the step for its request, or n times `most` calls further where it makes several. A run that the breaker refused is not
 * tried again, and neither is one whose next attempt could not begin before the deadline of its request. Written out because the wait is drawn from the scenario's seed and the budget is shared by all
 * requests, which libraries' retry policies know nothing of.
 */
export function withRetries(
  attempt: Attempt,
  retries: Retries,
  draws: Draws,
  report: StepReport,
  { clock = realClock, sleep = (ms, turn) => wait(clock, ms, turn), position = 0, most = 1 }: { clock?: Clock; sleep?: Sleep; position?: number; most?: number } = {},
): Attempt {
  const budget = new RetryBudget(retries.budget);
  const isTried = (failure: unknown, made: number): failure is CallFailure =>
    failure instanceof CallFailure && failure.kind !== 'shortCircuited' && failure.kind !== 'deadline' && made < retries.attempts;
  const mayRetry = (failure: CallFailure): boolean => {
    if (budget.withdraw()) return true;
    if (failure.request >= 0) report.budgetExhausted++;
    return false;
  };
  return async (request, firstCall, until = Infinity) => {
    budget.deposit();
    for (let made = 1; ; made++) {
      const call = firstCall + (made - 1) * most;
      try {
        return await attempt(request, call, until);
      } catch (failure) {
        if (!isTried(failure, made)) throw failure;
        const ms = waitOf(retries, backoffOf(retries, made, draws(request, call, 'jitter')), failure.retryAfter);
        const isTooLate = until < Infinity && clock.now() + ms >= until;
        if (isTooLate || !mayRetry(failure)) throw failure;
        await sleep(ms, turnOf(RANK.retry, request, position, call + most));
      }
    }
  };
}

/** Wait before the next attempt, ms: the backoff, or as long as the service says where that is longer and heeded. */
export function waitOf({ retryAfter }: Pick<Retries, 'retryAfter'>, backoff: number, said: number): number {
  return retryAfter === 'ignore' ? backoff : Math.max(backoff, said);
}

/**
 * Wait after the attempt numbered `made` (from 1), ms: `backoff`, doubled with each further one. Full jitter
 * (Brooker, "Exponential Backoff And Jitter", 2015) takes an evenly distributed part `u` of it.
 */
export function backoffOf(retries: Pick<Retries, 'backoff' | 'jitter'>, made: number, u: number): number {
  const longest = retries.backoff * 2 ** (made - 1);
  return retries.jitter === 'full' ? longest * u : longest;
}

/**
 * Holds retries down to a share of the first calls (a retry budget, as in Finagle and in the SRE book's chapter on
 * overload): each first call deposits `share` of a token, each retry takes a whole one.
 */
export class RetryBudget {
  private readonly share: number;
  private tokens = 0;

  /** @param share retries allowed per first call; 1 or more is no limit */
  constructor(share: number) {
    this.share = share;
  }

  deposit(): void {
    this.tokens = Math.min(MAX_TOKENS, this.tokens + this.share);
  }

  /** Takes a token for one retry; false when there is none. */
  withdraw(): boolean {
    if (this.share >= 1) return true;
    // A tenth added ten times is a little less than one.
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens--;
    return true;
  }
}

/** A long quiet time must not save up for a storm. */
const MAX_TOKENS = 100;
