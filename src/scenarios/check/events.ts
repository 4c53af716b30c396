/** What a draft with several events says that cannot be meant. */
import { stepName } from '../change.js';
import { eventDrafts } from '../resolve-events.js';
import type { ScenarioDraft } from '../format/file.js';
import { describe, type Problem } from '../problem.js';
import { problem, unknownName } from './transaction.js';

/** What the streams of events are called that are not of the scenario. */
const OTHERS = /^(submissions|replies|(after|before)-.*)$/;

/** One event or several; names that tell them apart from all else; each consumer hears one of them. */
export function eventsProblems(draft: ScenarioDraft): Problem[] {
  const { event, events, variants } = draft;
  const changes = [...(variants ?? [])];
  if (!events) {
    return changes.flatMap(([name, variant]) =>
      variant.events ? [problem(['variants', name, 'events'], 'expected changes of `event`: the scenario has no `events`', 'key')] : [],
    );
  }
  const known = [...events.keys()];
  return [
    ...(event ? [problem(['event'], 'expected either `event` or `events`, got both', 'key')] : []),
    ...(known.length === 0 ? [problem(['events'], 'expected events by name, got none')] : []),
    ...known.flatMap((name) => nameProblems(name, draft)),
    ...heardTwice(draft),
    ...changes.flatMap(([name, variant]) => [
      ...(variant.event ? [problem(['variants', name, 'event'], 'expected changes of `events` by name: the scenario has several', 'key')] : []),
      ...[...(variant.events?.keys() ?? [])].filter((one) => !events.has(one)).map((one) => unknownName(['variants', name, 'events', one], 'an event', one, known, 'key')),
    ]),
  ];
}

function nameProblems(name: string, { steps, events }: ScenarioDraft): Problem[] {
  const consumers = [...(events?.values() ?? [])].flatMap((one) => [...(one.consumers?.keys() ?? [])]);
  const isTaken = steps.some((step) => stepName(step) === name) || consumers.includes(name);
  return [
    ...(OTHERS.test(name) ? [problem(['events', name], `expected another name for an event than ${describe(name)}: those that the tool itself publishes are called like that`, 'key')] : []),
    ...(isTaken ? [problem(['events', name], `expected a name that no step and no consumer has, got ${describe(name)}`, 'key')] : []),
  ];
}

function heardTwice(draft: ScenarioDraft): Problem[] {
  const heard = new Map<string, string>();
  return eventDrafts(draft).flatMap(({ name: event = '', draft: { consumers } }) =>
    [...(consumers?.keys() ?? [])].flatMap((name) => {
      const before = heard.get(name);
      heard.set(name, before ?? event);
      if (before === undefined) return [];
      return [problem(['events', event, 'consumers', name], `hears ${describe(before)} already: give the one of this event a name of its own, with \`call: ${name}\``, 'key')];
    }),
  );
}
