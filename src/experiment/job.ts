/** What the load generator is asked, for a trial or for a block. */
import { longestRequest } from '../load/attempts.js';
import type { LoadJob } from '../load/load.js';
import { idealSummary } from '../measurement/ideal.js';
import type { TrialLoad } from '../measurement/record.js';
import { ANSWERS_WITHIN } from '../processes/child.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';
import type { SystemRequest } from './system.js';

/** The load and its times, ms. */
export type JobShape = Pick<LoadJob, 'warmup' | 'duration' | 'entry' | 'think' | 'timeout' | 'retries' | 'seed' | 'warmed'> & { load: TrialLoad };

/** A load that warms up as soon as the generator hears of it. */
export function jobOf(request: SystemRequest, shape: JobShape): LoadJob {
  const { load, warmup, duration, entry, think, timeout, retries, seed, warmed = 0 } = shape;
  return {
    ...request,
    shape: load.model === 'closed' ? load : { arrivals: 'even', ...load },
    warmup,
    duration,
    entry,
    think,
    timeout,
    ...(retries && { retries }),
    seed,
    warmed,
  };
}

/** How long a generator may take to answer at the most, ms: its load, the last answers, and what any process may take. */
export function answersWithin({ warmup, duration, timeout, retries }: Pick<LoadJob, 'warmup' | 'duration' | 'timeout' | 'retries'>): number {
  return warmup + duration + longestRequest({ timeout, retries }) + ANSWERS_WITHIN;
}

/** What the unloaded response time of a server of one's own is taken for, ms. */
const UNKNOWN_RESPONSE = 1000;

/** Mean response time with nothing waiting, ms: what users are let in over, and warm up for. */
export function unloadedResponse(measurable: Measurable, seed: number): number {
  return isTarget(measurable) ? UNKNOWN_RESPONSE : idealSummary(measurable, seed).mean;
}
