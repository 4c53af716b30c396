/** A circuit breaker around the calls of a step, on cockatiel's. */
import { circuitBreaker, CircuitState, handleAll, BrokenCircuitError, type IBreaker } from 'cockatiel';
import { now } from '../base/clock.js';
import type { Breaker } from '../scenarios/scenario.js';
import type { StepReport } from './architecture.js';
import type { Attempt } from './caller.js';
import { CallFailure } from './failure.js';
import { FailureRate } from './failure-rate.js';

/**
 * Refuses calls while the breaker is open, and, while one call tries whether the service is back, all others. The
 * states are cockatiel's; when to open is ours, because its own sampling counts in calls per second and cannot say
 * "at least `minimum` calls in `window`".
 */
export function withBreaker(attempt: Attempt, name: string, breaker: Breaker, report: StepReport): Attempt {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: breaker.reset, breaker: tripWire(breaker) });
  policy.onBreak((reason) => {
    const failure = 'error' in reason ? reason.error : undefined;
    if (failure instanceof CallFailure && failure.request >= 0) report.breakerOpened++;
  });
  const refuse = (request: number): never => {
    if (request >= 0) report.shortCircuited++;
    throw new CallFailure(name, 'shortCircuited', request);
  };
  return async (request, call) => {
    if (policy.state === CircuitState.HalfOpen) return refuse(request);
    try {
      return await policy.execute(() => attempt(request, call));
    } catch (error) {
      if (error instanceof BrokenCircuitError) return refuse(request);
      throw error;
    }
  };
}

function tripWire(breaker: Breaker): IBreaker {
  const rate = new FailureRate(breaker, now);
  return {
    // Kept in this process only.
    state: null,
    success: (state) => {
      if (state === CircuitState.HalfOpen) rate.reset();
      rate.record(true);
    },
    failure: (state) => {
      rate.record(false);
      return state !== CircuitState.Closed || rate.tripped();
    },
  };
}
