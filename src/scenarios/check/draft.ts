/** What a draft says that cannot be meant, in the scenario itself and in its variants. */
import { ARCHITECTURES } from '../architectures.js';
import { changed, stepName } from '../change.js';
import { contradiction, type Fault } from '../fault.js';
import type { ScenarioDraft, TransactionDraft, VariantDraft } from '../format/file.js';
import { describe, type Path, type Problem } from '../problem.js';
import { eventDrafts } from '../resolve-events.js';
import { weightsOf } from '../resolve-kinds.js';
import { sharedProblems } from './shared.js';
import { problem, transactionProblems, unknownName, type Places } from './transaction.js';

/** Where the one event stands, or one of several by its name. */
const eventPath = (at: Path) => (name?: string): Path => (name === undefined ? [...at, 'event'] : [...at, 'events', name]);

/** Where the parts of a scenario stand. */
export const placesInScenario: Places = {
  step: (index) => ['steps', index],
  services: ['services'],
  event: eventPath([]),
};
/** What the streams of events are called that are not of the scenario. */
const OTHERS = /^(submissions|replies|(after|before)-.*)$/;

/**
 * Every mistake of meaning in a draft.
 * @param services names that count as services, also when their own description is wrong
 */
export function draftProblems(draft: ScenarioDraft, services: readonly string[]): Problem[] {
  const variants = [...(draft.variants ?? [])];
  const about = [
    ...loadProblems(draft),
    ...noSteps(draft),
    ...subjectProblems(draft),
    ...kindProblems(draft),
    ...sharedProblems(draft, 'pools', 'pool', 'of those that share it'),
    ...sharedProblems(draft, 'groups', 'group', 'of its steps'),
    ...faultProblems(draft.faults, ['faults']),
    ...variants.flatMap(([name, { faults }]) => faultProblems(faults, ['variants', name, 'faults'])),
  ];
  const kinds = [...(draft.transactions?.keys() ?? [])];
  if (kinds.length === 0) return [...about, ...stepsProblems(draft, services)];
  return [...about, ...kinds.flatMap((kind) => stepsProblems(draftOfKind(draft, kind), services).map((one) => ({ ...one, path: pathOfKind(kind, one.path) })))];
}

/** What is wrong with the steps and the event of a draft, and with what its variants change of them. */
function stepsProblems(draft: ScenarioDraft, services: readonly string[]): Problem[] {
  const variants = [...(draft.variants ?? [])];
  const own = [
    ...doubleSteps(draft),
    ...unusedConsumers(draft),
    ...eventsProblems(draft),
    ...transactionProblems(draft, services, placesInScenario),
    ...variants.flatMap(([name, variant]) => strangers(name, variant, draft, services)),
  ];
  // What is wrong with the scenario is wrong with every variant, too, and is said once.
  if (own.length > 0) return own;
  return variants.flatMap(([name, variant]) => {
    return transactionProblems(changed(draft, variant), services, placesInVariant(name, draft.steps.map(stepName)));
  });
}

/** The draft with one kind of request in place of all. */
function draftOfKind({ transactions, variants, event: _own, events: _several, ...draft }: ScenarioDraft, kind: string): ScenarioDraft {
  const { steps = [], event, events } = transactions?.get(kind) ?? {};
  const changes = [...(variants ?? [])].map(([name, variant]): [string, VariantDraft] => {
    const { transactions: kinds, steps: _steps, event: _event, events: _events, ...others } = variant;
    const { weight: _weight, deadline: _deadline, ...change } = kinds?.get(kind) ?? {};
    return [name, { ...others, ...change }];
  });
  return { ...draft, steps, ...(events ? { events, ...(event && { event }) } : { event: event ?? {} }), variants: new Map(changes) };
}

/** Where a path of a kind's own draft, or scenario, stands in that of all kinds. */
export function pathOfKind(kind: string, path: Path): Path {
  const at = path[0] === 'variants' ? 2 : 0;
  const isOwn = path[at] === 'steps' || path[at] === 'event' || path[at] === 'events';
  return isOwn ? [...path.slice(0, at), 'transactions', kind, ...path.slice(at)] : path;
}

/** How far the weights of kinds may be from 1 together. */
const WEIGHT_TOLERANCE = 1e-6;

function kindProblems(draft: ScenarioDraft): Problem[] {
  const { steps, event, events, transactions } = draft;
  const variants = [...(draft.variants ?? [])];
  if (!transactions) {
    return variants.flatMap(([name, variant]) =>
      variant.transactions ? [problem(['variants', name, 'transactions'], 'expected changes of steps and event: the scenario has no transactions', 'key')] : [],
    );
  }
  const known = [...transactions.keys()];
  const mixed = (path: Path): Problem => problem(path, 'expected it within the transactions, beside which there is none of its own', 'key');
  return [
    ...(steps.length > 0 ? [mixed(['steps'])] : []),
    ...(event ? [mixed(['event'])] : []),
    ...(events ? [mixed(['events'])] : []),
    ...(known.length === 0 ? [problem(['transactions'], 'expected transactions by name, got none')] : []),
    ...weightProblems(transactions, undefined, ['transactions']),
    ...variants.flatMap(([name, variant]) => [
      ...(['steps', 'event', 'events'] as const).flatMap((part) => (variant[part] ? [mixed(['variants', name, part])] : [])),
      ...[...(variant.transactions?.keys() ?? [])]
        .filter((kind) => !transactions.has(kind))
        .map((kind) => unknownName(['variants', name, 'transactions', kind], 'a transaction', kind, known, 'key')),
      ...(variant.transactions ? weightProblems(transactions, variant, ['variants', name, 'transactions']) : []),
    ]),
  ];
}

function weightProblems(transactions: ReadonlyMap<string, TransactionDraft>, variant: VariantDraft | undefined, path: Path): Problem[] {
  if (transactions.size === 0) return [];
  const sum = weightsOf(transactions, variant).reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) <= WEIGHT_TOLERANCE) return [];
  return [problem(path, `expected weights of 100 % together, got ${Number((100 * sum).toPrecision(6))} %`, 'key')];
}

/** Where the parts of a variant stand. @param steps names of the scenario's steps */
export function placesInVariant(name: string, steps: readonly string[]): Places {
  const at = ['variants', name];
  return {
    step: (index): Path => [...at, 'steps', steps[index] ?? index],
    services: [...at, 'services'],
    event: eventPath(at),
  };
}

function loadProblems({ load }: ScenarioDraft): Problem[] {
  const both = load?.users && load.rate;
  const twice = load?.stages && load.duration;
  const endless = load?.maxDuration !== undefined && load.until === undefined;
  return [
    ...(both ? [problem(['load', 'rate'], 'expected either users or rate, got both', 'key')] : []),
    ...(twice ? [problem(['load', 'duration'], 'expected no duration beside stages, whose lengths make the window', 'key')] : []),
    ...(endless ? [problem(['load', 'maxDuration'], 'expected until beside it: without that no window goes on', 'key')] : []),
    ...(load?.until && load.stages ? [problem(['load', 'until'], 'expected no until beside stages, which end by themselves', 'key')] : []),
  ];
}

/** Without servers of one's own there must be something to do. */
function noSteps({ steps, targets, transactions }: ScenarioDraft): Problem[] {
  return steps.length > 0 || targets?.size || transactions ? [] : [problem(['steps'], 'expected steps (a list of 1 to 100), got none')];
}

function subjectProblems({ subjects = [], baseline, variants = new Map<string, VariantDraft>(), targets, steps, transactions }: ScenarioDraft): Problem[] {
  const architectures: readonly string[] = ARCHITECTURES;
  const targetNames = [...(targets?.keys() ?? [])];
  const known = [...targetNames, ...variants.keys(), ...(steps.length > 0 || transactions ? architectures : [])];
  return [
    ...subjects.flatMap((subject, index) =>
      known.includes(subject) ? [] : [unknownName(['subjects', index], 'an architecture or a variant', subject, known)],
    ),
    ...(baseline === undefined || known.includes(baseline) ? [] : [unknownName(['baseline'], 'an architecture, a variant or a target', baseline, known)]),
    ...[...variants.keys()]
      .filter((name) => architectures.includes(name) || targetNames.includes(name))
      .map((name) => {
        const whose = architectures.includes(name) ? 'an architecture' : 'a target';
        return problem(['variants', name], `expected a name of its own, got that of ${whose}`, 'key');
      }),
  ];
}

function doubleSteps({ steps }: ScenarioDraft): Problem[] {
  const names = steps.map(stepName);
  return names.flatMap((name, index) => {
    if (names.indexOf(name) === index) return [];
    return [problem(['steps', index], `a second step named ${describe(name)}; give it a \`name\` of its own`)];
  });
}

function faultProblems(faults: readonly Fault[] = [], path: Path): Problem[] {
  const found = contradiction(faults);
  return found ? [problem([...path, found.position], found.message)] : [];
}

/** Names in a variant that the scenario does not have. */
function strangers(name: string, variant: VariantDraft, draft: ScenarioDraft, services: readonly string[]): Problem[] {
  const missing = (kind: 'services' | 'steps', what: string, known: readonly string[]): Problem[] =>
    [...(variant[kind]?.keys() ?? [])]
      .filter((stranger) => !known.includes(stranger))
      .map((stranger) => unknownName(['variants', name, kind, stranger], what, stranger, known, 'key'));
  return [
    ...missing('services', 'a service', services),
    ...missing('steps', 'a step', draft.steps.map(stepName)),
  ];
}

/** Settings for consumers of steps that are critical in the scenario and in every variant: no consumer has them. */
function unusedConsumers(draft: ScenarioDraft): Problem[] {
  const variants = [...(draft.variants?.values() ?? [])];
  const versions = [draft, ...variants.map((variant) => changed(draft, variant))];
  const isUnused = (name: string): boolean => versions.every(({ steps }) => steps.some((step) => stepName(step) === name && step.critical));
  return eventDrafts(draft).flatMap(({ name: event, draft: { consumers } }) =>
    [...(consumers?.keys() ?? [])].filter(isUnused).map((name) => {
      const message = 'the step of this name is critical, so that the reply does its work and no consumer';
      return problem([...placesInScenario.event(event), 'consumers', name], message, 'key');
    }),
  );
}

/** One event or several; names that tell them apart from all else; each consumer hears one of them. */
function eventsProblems(draft: ScenarioDraft): Problem[] {
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
