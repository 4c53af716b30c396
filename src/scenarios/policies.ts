/** Policies that steps and consumers have alike, filled in. */
import { DEFAULTS } from './defaults.js';
import type { RateDraft } from './format/rate.js';
import type { StepDraft } from './format/step.js';
import type { WorkersDraft } from './format/workers.js';
import type { Limit, RateLimit, Scaling, Step } from './scenario.js';

/** A rate limit where there is one. */
export function limited(rate: RateDraft | undefined): { rate?: RateLimit } {
  return rate === undefined || rate === 'unlimited' ? {} : { rate };
}

export type Policies = Pick<Step, 'rate' | 'times' | 'concurrency' | 'need'>;

/** Policies of a step or consumer that it has: none of those that change nothing. */
export function policiesOf({ rate, times = 1, concurrency = 1, need }: Pick<StepDraft, keyof Policies>): Policies {
  return { ...limited(rate), ...(times !== 1 && { times }), ...(concurrency !== 1 && { concurrency }), ...(need !== undefined && { need }) };
}

/** Workers, where something is said of them. */
export function resolveWorkers(workers: WorkersDraft | undefined): { workers?: Limit; scaling?: Scaling } {
  if (workers === undefined) return {};
  if (typeof workers !== 'object') return { workers };
  const { max, start, min = DEFAULTS.scaling.min, target = DEFAULTS.scaling.target, idle = DEFAULTS.scaling.idle } = workers;
  return { workers: max, scaling: { min, start, target, idle } };
}
