/** Holds calls back to a rate of their caller's own. */
import { wait, type Clock } from '../base/clock.js';
import type { RateLimit } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { RateLimiter } from '../services/rate-limiter.js';
import type { StepReport } from './architecture.js';
import type { Attempt } from './caller.js';

/** Calls beyond the rate wait in the order in which they came; their timeout begins when they are made. */
export function withPace(attempt: Attempt, rate: RateLimit, report: StepReport, clock: Clock, position: number): Attempt {
  const limiter = new RateLimiter(rate);
  return async (request, call) => {
    const ms = limiter.reserve(clock.now());
    if (ms > 0) {
      if (request >= 0) {
        report.paced++;
        report.pacedTime += ms;
      }
      await wait(clock, ms, turnOf(RANK.paced, request, position, call));
    }
    await attempt(request, call);
  };
}
