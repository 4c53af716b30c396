/** What a search for capacity has found, and what the model says between and beyond the loads that were measured. */
import type * as v from 'valibot';
import { count, described, flag, list, ms, object, oneOf, optional, orNull, perSecond, plainNumber, section, share, text } from '../../base/described.js';
import { load } from './load.js';

const LIMITS = ['p95', 'failureRate', 'backlogGrowth', 'throughput'] as const;
/** What a load must stay within to be carried. */
export type CapacityLimit = (typeof LIMITS)[number];

const probe = section('CapacityProbe', 'One load of a search, tried once.', {
  load: described(load, 'The load tried.'),
  round: count('The trial of this load and subject with this round.', 1),
  passed: orNull(oneOf(LIMITS, 'The limit that was passed; null when it was carried, or when nobody knows.')),
  known: flag('Whether the trial could tell: no, when it is not valid, or has too few answers.', true),
  reason: optional(text('Why it could not tell, as a sentence; left out where it could.', 'Only 12 requests were answered.')),
});
/** One load of a search, tried once. */
export type CapacityProbe = v.InferOutput<typeof probe>;

export const capacityAnswer = section('CapacityAnswer', 'The most that a subject carries within limits.', {
  architecture: text('Name of the subject.', 'hybrid'),
  model: oneOf(['closed', 'open'], '`closed`: levels are users; `open`: requests a second.'),
  most: plainNumber('Highest level carried; 0 when not even one was.', 240),
  perSecond: optional(orNull(perSecond('Good answers at that level; null when none was carried.', 228))),
  beyond: orNull(plainNumber('Lowest level not carried; null when none is known.', 250)),
  end: oneOf(['limit', 'asked', 'machine', 'unknown', 'interrupted'], 'Why it ends there: a limit; as far as was asked; the machine, which had no time left; trials that could not tell for another reason; by Ctrl-C.'),
  reason: optional(text('What the trials beyond had, as a sentence, where these ended it.', 'The load generator was busy 97% of the time.')),
  limit: orNull(oneOf(LIMITS, 'The limit passed beyond; null when there was none.')),
  step: orNull(text('Step or consumer whose service limits it; null when it is not known.', 'email')),
  knee: orNull(count('Users from which more of them only wait longer: most good answers a second times the unloaded time of one; null when it is not known.', 52)),
  unloaded: ms('p95 with nothing waiting.', 503),
  limits: object('What had to be stayed within.', {
    p95: ms('Of the response times.', 1500),
    failureRate: share('Requests without a good answer.', 0.01),
    backlogGrowth: perSecond('Growth of the backlog, events.', 0.5),
  }),
  probes: list(probe, 'In the order tried.'),
});
/** The most that a subject carries within limits. */
export type CapacityAnswer = v.InferOutput<typeof capacityAnswer>;

export const sameOrdersRow = section('SameOrdersRow', 'One subject at a rate that all subjects get: the other half of what a closed loop says. Simulated.', {
  rate: perSecond('Orders; they come independently of each other (Poisson).', 91),
  load: described(load, 'The closed load that the rate is taken from.'),
  from: oneOf(['carried', 'sent', 'users'], 'What the chain of requests carried of it, what was sent to it where more than 1 % failed, or what its users would order if nothing made them wait.'),
  architecture: text('Name of the subject.', 'hybrid'),
  p50: orNull(ms('Median response time; null without any.', 501)),
  p95: orNull(ms('95th percentile; null without any.', 504)),
  isLonger: flag('Whether some timed out: then the times are at least those.'),
  failureRate: share('Requests without a good answer.', 0),
  throughput: perSecond('Good answers.', 91),
  publishes: flag('Whether it publishes events.', true),
  backlog: orNull(object('The backlog that grows fastest; null: none grows.', {
    consumer: text('Whose it is.', 'email'),
    slope: perSecond('Events by which it grows.', 41),
    workers: orNull(count('Workers there are; null without a limit.', 20)),
    workersNeeded: orNull(count('Workers that would keep up; null when that is not known.', 37)),
    scales: optional(flag('There and true: the workers scale, and are so many at most.')),
  })),
});
/** One subject at a rate that all subjects get. Simulated. */
export type SameOrdersRow = v.InferOutput<typeof sameOrdersRow>;

export const curvePoint = section('CurvePoint', 'What the model says of a subject at one load, beside and between those that were measured.', {
  architecture: text('Name of the subject.', 'hybrid'),
  load: described(load, 'The load.'),
  p50: orNull(ms('Median response time; null without any.', 501)),
  p95: orNull(ms('95th percentile; null without any.', 504)),
  p99: optional(orNull(ms('99th percentile; null without any, and not there in older records.', 505))),
  failureRate: share('Requests without a good answer.', 0),
  orders: perSecond('Requests sent.', 199),
});
/** What the model says of a subject at one load. */
export type CurvePoint = v.InferOutput<typeof curvePoint>;
