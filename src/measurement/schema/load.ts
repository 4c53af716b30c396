/** How a trial was loaded, and how its requests ended. */
import * as v from 'valibot';
import { count, described, list, ms, object, oneOf, optional, perSecond, plainNumber, section, variants, type Part } from '../../base/described.js';
import { OUTCOMES, type Outcome } from '../../load/load.js';
import { ARRIVALS, type Ramp } from '../../scenarios/load.js';

const ramp = section('Ramp', 'A load that changes within the window.', {
  from: plainNumber('Users, or requests a second, at the start of the window.', 10),
  stages: list(
    object('One stage.', { duration: ms('Its length.', 10_000), target: plainNumber('Users, or requests a second, when it ends: the level moves there evenly.', 200) }),
    'In their order; together they are the window.',
  ),
}) as Part<Ramp>;

const closed = v.object({
  model: described(v.literal('closed'), 'So many users, each of whom sends the next request when the last is answered.', { example: 'closed' }),
  users: count('Users; with a ramp the most there are.', 100),
  ramp: optional(ramp),
});
const open = v.object({
  model: described(v.literal('open'), 'Requests start on a schedule, whatever the server does.', { example: 'open' }),
  rate: perSecond('Requests that start; with a ramp the highest rate.', 50),
  arrivals: optional(oneOf(ARRIVALS, 'How they are spaced: evenly, or with exponential gaps. `even` when left out.')),
  ramp: optional(ramp),
});

/** How a trial was loaded. With a ramp, `users` and `rate` are its highest level; arrivals are even when nothing is said. */
export type TrialLoad = v.InferOutput<typeof closed> | v.InferOutput<typeof open>;

export const load: Part<TrialLoad> = v.pipe(variants<TrialLoad>('model', [closed, open]), v.title('TrialLoad'), v.description('The load of a trial.'));

/** What each outcome of a request means. */
const MEANINGS: Record<Outcome, string> = {
  ok: 'A good answer: any 2xx or 3xx, or what a target expects.',
  http4xx: 'Answered with a 4xx.',
  http5xx: 'Answered with a 5xx.',
  timeout: 'No whole answer within the timeout of the client.',
  connection: 'Refused, reset, or no connection was left to send it on.',
  hangup: 'The connection was closed before a whole answer, or what came was no HTTP.',
  cutOff: 'In flight when the load was stopped from outside.',
  mismatch: 'A whole answer, and not the one that a target expects.',
  stale: 'The server had closed the idle connection, and the request may not be sent again.',
};

export const outcomes = section('Outcomes', 'The requests sent in the window, each in exactly one outcome: `sent` is the sum of the others.', {
  sent: count('Requests begun in the window.', 952),
  ...(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count(MEANINGS[outcome], outcome === 'ok' ? 952 : 0)])) as Record<Outcome, Part<number>>),
});
/** Requests sent in the window, each in exactly one outcome. */
export type Outcomes = v.InferOutput<typeof outcomes>;
