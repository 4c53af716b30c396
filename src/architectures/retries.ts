/** Tries failed calls again: exponential backoff, full jitter, a budget. */
import { realClock, wait, type Turn } from '../base/clock.js';
import type { Draws } from '../scenarios/draw.js';
import type { Retries } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { StepReport } from './architecture.js';
import type { Attempt } from './caller.js';
import { CallFailure } from './failure.js';
import { RetryBudget } from './retry-budget.js';

/** Waits between attempts. */
export type Sleep = (ms: number, turn: Turn) => Promise<unknown>;

const sleepReally: Sleep = (ms, turn) => wait(realClock, ms, turn);

/**
 * A run of a step with retries: attempt n is call n of the step for its request, or n times `most` calls further where it makes several. A run that the breaker refused is not
 * tried again. Written out because the wait is drawn from the scenario's seed and the budget is shared by all
 * requests, which libraries' retry policies know nothing of.
 */
export function withRetries(
  attempt: Attempt,
  retries: Retries,
  draws: Draws,
  report: StepReport,
  { sleep = sleepReally, position = 0, most = 1 }: { sleep?: Sleep; position?: number; most?: number } = {},
): Attempt {
  const budget = new RetryBudget(retries.budget);
  const mayRetry = (failure: unknown, made: number): boolean => {
    if (!(failure instanceof CallFailure) || failure.kind === 'shortCircuited' || made >= retries.attempts) return false;
    if (budget.withdraw()) return true;
    if (failure.request >= 0) report.budgetExhausted++;
    return false;
  };
  return async (request, firstCall) => {
    budget.deposit();
    for (let made = 1; ; made++) {
      const call = firstCall + (made - 1) * most;
      try {
        return await attempt(request, call);
      } catch (failure) {
        if (!mayRetry(failure, made)) throw failure;
        const backoff = backoffOf(retries, made, draws(request, call, 'jitter'));
        await sleep(waitOf(retries, backoff, retryAfterOf(failure)), turnOf(RANK.retry, request, position, call + most));
      }
    }
  };
}

function retryAfterOf(failure: unknown): number {
  return failure instanceof CallFailure ? failure.retryAfter : 0;
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
