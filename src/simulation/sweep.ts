/** The same trial again and again with one thing changed: `email.workers=10,20,40`, `users=100,1000`. */
import { UserError } from '../base/errors.js';
import { exactDuration, nearest, parseDuration } from '../base/units.js';
import { peakOf, type Ramp } from '../scenarios/load.js';
import type { Service } from '../scenarios/scenario.js';
import { MOST_ATTEMPTS } from '../scenarios/request.js';
import { withAttempts } from '../scenarios/resolve.js';
import type { Subject } from '../scenarios/subject.js';
import type { TrialInput } from './trial.js';

/** What is changed, and what to. */
export interface Sweep {
  knob: string;
  values: number[];
}

/** What can be changed of the load, and of a service or step by its name. */
export const LOAD_KNOBS = ['users', 'rate', 'think', 'attempts'];
/** Those of them that are levels: each is a load of its own. */
export const LEVEL_KNOBS = ['users', 'rate'];
const NAMED_KNOBS = ['workers', 'queue', 'timeout', 'connections'] as const;

/**
 * Reads `knob=value,value`.
 * @throws UserError when it is not of that form
 */
export function parseSweep(text: string): Sweep {
  const [knob = '', list] = text.split('=', 2);
  const values = (list ?? '').split(',').map((value) => (/^\d+(?:\.\d+)?$/.test(value) ? Number(value) : timeIn(knob, value)));
  if (!/^[^=\s]+=[^=]+$/.test(text) || values.some(Number.isNaN)) {
    throw new UserError(`--sweep ${text}: expected one such as email.workers=10,20,40, users=100,1000 or email.timeout=500ms,3s.`);
  }
  return { knob, values };
}

/** A time, where the knob is one, ms; NaN otherwise. */
function timeIn(knob: string, text: string): number {
  return isTime(knob) ? (parseDuration(text) ?? NaN) : NaN;
}

function isTime(knob: string): boolean {
  return knob === 'think' || knob.endsWith('.timeout');
}

/** A value of a knob as it is read: `3s` of a timeout, `20` of workers. */
export function formatValue({ knob }: Pick<Sweep, 'knob'>, value: number): string {
  return isTime(knob) ? exactDuration(value) : String(value);
}

/**
 * The trial with one knob turned. `workers` of a name are those of the service and of every consumer that calls it:
 * capacity that one side has and the other has not would be of no use. A `timeout` is that of the step and of the consumer
 * of its name; `connections` are those of a step or of a pool. Of a load that changes in stages, users and rate are the highest level.
 * @throws UserError for a knob that the scenario does not have, or a value that it cannot take
 */
export function turned<I extends TrialInput>(input: I, knob: string, value: number): I {
  if (knob === 'think') return { ...input, think: value };
  if (knob === 'attempts') return turnedAttempts(input, value);
  // Nobody can be half a user or half a worker; requests per second may be any number.
  const isPossible = knob === 'rate' ? value > 0 : Number.isInteger(value) && value >= 1;
  if (!isPossible) throw new UserError(`--sweep: expected ${knob} to be ${knob === 'rate' ? 'above 0' : 'a whole number of 1 or more'}, got ${value}.`);
  if (knob === 'users' || knob === 'rate') return { ...input, load: turnedLoad(input.load, knob, value) };
  const dot = knob.lastIndexOf('.');
  const [name, which] = [knob.slice(0, dot), NAMED_KNOBS.find((candidate) => candidate === knob.slice(dot + 1))];
  const subject = which && dot > 0 ? turnedSubject(input.subject, name, which, value) : undefined;
  if (!subject) throw unknownKnob(input.subject, knob);
  return { ...input, subject };
}

/** Clients that send a request so often. @throws UserError for a number of attempts that there cannot be */
function turnedAttempts<I extends TrialInput>(input: I, attempts: number): I {
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > MOST_ATTEMPTS) {
    throw new UserError(`--sweep: expected attempts to be a whole number from 1 to ${MOST_ATTEMPTS}, got ${attempts}.`);
  }
  return withAttempts(input, attempts);
}

/** The load at another level: spaced, and moving through stages, as before. */
function turnedLoad({ ramp, ...load }: TrialInput['load'], knob: 'users' | 'rate', value: number): TrialInput['load'] {
  const shape = ramp ? { ramp: scaled(ramp, value / peakOf(ramp), knob === 'users') } : {};
  if (knob === 'users') return { model: 'closed', users: value, ...shape };
  const arrivals = load.model === 'open' && load.arrivals ? { arrivals: load.arrivals } : {};
  return { model: 'open', rate: value, ...arrivals, ...shape };
}

/** Every level so many times as high; of users, whole ones. */
function scaled({ from, stages }: Ramp, factor: number, whole: boolean): Ramp {
  const level = (before: number): number => (whole ? Math.round(before * factor) : before * factor);
  return { from: level(from), stages: stages.map(({ duration, target }) => ({ duration, target: level(target) })) };
}

function turnedSubject(
  subject: Subject,
  name: string,
  knob: (typeof NAMED_KNOBS)[number],
  value: number,
): Subject | undefined {
  const { services, steps, event } = subject;
  const isNamed = (one: { name: string }): boolean => one.name === name;
  if (knob === 'connections' && steps.some(({ pool }) => pool?.name === name)) {
    return { ...subject, steps: steps.map((step) => (step.pool?.name === name ? { ...step, pool: { name, connections: value } } : step)) };
  }
  const onServices = knob === 'workers' || knob === 'queue';
  const named = onServices ? services : knob === 'timeout' ? [...steps, ...event.consumers] : steps;
  if (!named.some(isNamed)) return undefined;
  if (!onServices) {
    const turnedOnes = <T extends { name: string }>(all: readonly T[]): T[] => all.map((one) => (isNamed(one) ? { ...one, [knob]: value } : one));
    return { ...subject, steps: turnedOnes(steps), event: knob === 'timeout' ? { ...event, consumers: turnedOnes(event.consumers) } : event };
  }
  const consumers = event.consumers.map((one) => (one.call === name && knob === 'workers' ? withLimit(one, knob, value) : one));
  return {
    ...subject,
    services: services.map((one) => (isNamed(one) ? withLimit(one, knob, value) : one)),
    event: { ...event, consumers },
  };
}

/** Workers that are so many no longer scale. */
function withLimit<T extends Pick<Service, 'scaling'>>({ scaling, ...one }: T, knob: 'workers' | 'queue', value: number): T {
  return { ...one, ...(scaling && knob === 'queue' && { scaling }), [knob]: value } as T;
}

function unknownKnob({ services, steps, event }: Subject, knob: string): UserError {
  const known = [
    ...LOAD_KNOBS,
    ...services.flatMap(({ name }) => [`${name}.workers`, `${name}.queue`]),
    ...steps.flatMap(({ name }) => [`${name}.timeout`, `${name}.connections`]),
    ...new Set(steps.flatMap(({ pool }) => (pool ? [`${pool.name}.connections`] : []))),
    ...event.consumers.filter(({ name }) => !steps.some((step) => step.name === name)).map(({ name }) => `${name}.timeout`),
  ];
  const near = nearest(knob, known);
  return new UserError(`--sweep: nothing is called ${knob}${near ? `; did you mean ${near}?` : '.'} There is: ${known.join(', ')}.`);
}
