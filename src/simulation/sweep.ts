/** The same trial again and again with one thing changed: `email.workers=10,20,40`, `users=100,1000`. */
import { UserError } from '../base/errors.js';
import { nearest } from '../base/units.js';
import type { Subject } from '../scenarios/subject.js';
import type { TrialInput } from './trial.js';

/** What is changed, and what to. */
export interface Sweep {
  knob: string;
  values: number[];
}

/** What can be changed of the load, and of a service or step by its name. */
export const LOAD_KNOBS = ['users', 'rate', 'think'];
const NAMED_KNOBS = ['workers', 'queue', 'timeout', 'connections'] as const;

/**
 * Reads `knob=value,value`.
 * @throws UserError when it is not of that form
 */
export function parseSweep(text: string): Sweep {
  const match = /^([^=\s]+)=(\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?)*)$/.exec(text);
  if (!match) throw new UserError(`Expected a sweep such as email.workers=10,20,40 or users=100,1000, got ${text}.`);
  return { knob: match[1] ?? '', values: (match[2] ?? '').split(',').map(Number) };
}

/**
 * The trial with one knob turned. `workers` of a name are those of the service and of every consumer that calls it:
 * capacity that one side has and the other has not would be of no use.
 * @throws UserError for a knob that the scenario does not have, or a value that it cannot take
 */
export function turned<I extends TrialInput>(input: I, knob: string, value: number): I {
  if (knob === 'think') return { ...input, think: value };
  // Nobody can be half a user or half a worker; requests per second may be any number.
  const isPossible = knob === 'rate' ? value > 0 : Number.isInteger(value) && value >= 1;
  if (!isPossible) throw new UserError(`Expected ${knob} to be ${knob === 'rate' ? 'above 0' : 'a whole number of 1 or more'}, got ${value}.`);
  if (knob === 'users') return { ...input, load: { model: 'closed', users: value } };
  if (knob === 'rate') return { ...input, load: { model: 'open', rate: value } };
  const dot = knob.lastIndexOf('.');
  const [name, which] = [knob.slice(0, dot), NAMED_KNOBS.find((candidate) => candidate === knob.slice(dot + 1))];
  const subject = which && dot > 0 ? turnedSubject(input.subject, name, which, value) : undefined;
  if (!subject) throw unknownKnob(input.subject, knob);
  return { ...input, subject };
}

function turnedSubject(
  subject: Subject,
  name: string,
  knob: (typeof NAMED_KNOBS)[number],
  value: number,
): Subject | undefined {
  const { services, steps, event } = subject;
  const isNamed = (one: { name: string }): boolean => one.name === name;
  const onServices = knob === 'workers' || knob === 'queue';
  if (!(onServices ? services.some(isNamed) : steps.some(isNamed))) return undefined;
  if (!onServices) return { ...subject, steps: steps.map((one) => (isNamed(one) ? { ...one, [knob]: value } : one)) };
  const consumers = event.consumers.map((one) => (one.call === name && knob === 'workers' ? { ...one, workers: value } : one));
  return {
    ...subject,
    services: services.map((one) => (isNamed(one) ? { ...one, [knob]: value } : one)),
    event: { ...event, consumers },
  };
}

function unknownKnob({ services, steps }: Subject, knob: string): UserError {
  const known = [
    ...LOAD_KNOBS,
    ...services.flatMap(({ name }) => [`${name}.workers`, `${name}.queue`]),
    ...steps.flatMap(({ name }) => [`${name}.timeout`, `${name}.connections`]),
  ];
  const near = nearest(knob, known);
  return new UserError(`Nothing is called ${knob}${near ? `; did you mean ${near}?` : '.'} There is: ${known.join(', ')}.`);
}
