/** One step or consumer: the caller's counts and the service's times (measured requests only). */
import type * as v from 'valibot';
import { count, described, ms, object, optional, orNull, plainNumber, section, share, text } from '../../base/described.js';
import { times } from './times.js';

export const stepResult = section('StepResult', 'One step or consumer: what its caller counted, and the times of the service it called, for the measured requests.', {
  service: text('The service called.', 'payment'),
  calls: count('Calls made, those tried again included.', 952),
  ok: count('Runs of the step that succeeded.', 952),
  failed: count('Runs that failed for good.', 0),
  timeouts: count('Calls that took longer than the step allows.', 0),
  errors: count('Calls answered with a 500.', 0),
  rejected: count('Calls answered with a 503, because the queue of the service was full.', 0),
  connection: count('Calls whose connection was refused or reset.', 0),
  shortCircuited: count('Calls not made because the circuit breaker was open.', 0),
  limited: optional(count('Calls refused with a 429; left out without any.', 12)),
  paced: optional(count("Calls held back by the step's own rate; left out without any.", 40)),
  pacedTime: optional(ms('For how long these were held back, together.', 8100)),
  pooled: optional(count('Calls that waited for a connection of a pool shared with other steps; left out without any.', 31)),
  pooledTime: optional(ms('For how long these waited, together.', 1240)),
  budgetExhausted: count('Retries not made because the retry budget was used up.', 0),
  breakerOpened: count('Times that the circuit breaker opened.', 0),
  utilisation: orNull(share("Share of the time of the service's workers that was busy in the window; null without a limit to them.", 0.42)),
  workers: orNull(count('Calls that the service works on at once; null without a limit.', 20)),
  scaled: optional(object('Workers of a service that scale, within the window; left out where they do not.', {
    most: count('How many there were at once, those that were starting among them; `workers` is how many there may be.', 14),
    mostAt: optional(ms('Since when there were, from the start of the window.', 3200)),
    mean: plainNumber('How many there were on average.', 6.2),
    coldStarts: count('Calls of measured requests, of whatever step, that had waited for a worker to start and were its first.', 9),
  })),
  peakInProgress: count('Most calls in progress at any moment.', 17),
  peakConnections: count('Most connections open at any moment.', 17),
  queueTime: described(times, 'Waiting for a worker of the service.'),
  serviceTime: described(times, 'Worked on by the service.'),
});
/** The calls of one step: how many, how they ended, and what they waited and took. */
export type StepResult = v.InferOutput<typeof stepResult>;
