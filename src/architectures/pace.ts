/** Holds calls back to a rate of their caller's own. */
import { inTurn, wait, type Clock } from '../base/clock.js';
import type { RateLimit } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { RateLimiter } from '../services/rate-limiter.js';
import type { StepReport } from './architecture.js';
import type { Attempt } from './caller.js';
import { CallFailure } from './failure.js';

/**
 * Calls beyond the rate wait in the order in which they came; their timeout begins when they are made. One that could not be made
 * before the deadline of its request is not waited for: it fails at once, and takes nothing of the rate.
 */
export function withPace(attempt: Attempt, rate: RateLimit, report: StepReport, clock: Clock, position: number): Attempt {
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
