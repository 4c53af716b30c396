/** Policies that steps and consumers have alike, filled in. */
import type { RateDraft } from './format/rate.js';
import type { StepDraft } from './format/step.js';
import type { RateLimit, Step } from './scenario.js';

/** A rate limit where there is one. */
export function limited(rate: RateDraft | undefined): { rate?: RateLimit } {
  return rate === undefined || rate === 'unlimited' ? {} : { rate };
}

export type Policies = Pick<Step, 'rate' | 'times' | 'concurrency' | 'need'>;

/** Policies of a step or consumer that it has: none of those that change nothing. */
export function policiesOf({ rate, times = 1, concurrency = 1, need }: Pick<StepDraft, keyof Policies>): Policies {
  return { ...limited(rate), ...(times !== 1 && { times }), ...(concurrency !== 1 && { concurrency }), ...(need !== undefined && { need }) };
}
