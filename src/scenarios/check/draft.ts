/** What a draft says that cannot be meant, in the scenario itself and in its variants. */
import { changed, stepName } from '../change.js';
import { contradiction, type Fault } from '../fault.js';
import type { ScenarioDraft, VariantDraft } from '../format/file.js';
import { describe, type Path, type Problem } from '../problem.js';
import { ARCHITECTURES } from '../architectures.js';
import { problem, transactionProblems, unknownName, type Places } from './transaction.js';

/** Where the parts of a scenario stand. */
export const placesInScenario: Places = {
  step: (index) => ['steps', index],
  services: ['services'],
  event: ['event'],
};

/**
 * Every mistake of meaning in a draft.
 * @param services names that count as services, also when their own description is wrong
 */
export function draftProblems(draft: ScenarioDraft, services: readonly string[]): Problem[] {
  const variants = [...(draft.variants ?? [])];
  const own = [
    ...loadProblems(draft),
    ...noSteps(draft),
    ...subjectProblems(draft),
    ...doubleSteps(draft),
    ...unusedConsumers(draft),
    ...faultProblems(draft.faults, ['faults']),
    ...variants.flatMap(([name, { faults }]) => faultProblems(faults, ['variants', name, 'faults'])),
    ...transactionProblems(draft, services, placesInScenario),
    ...variants.flatMap(([name, variant]) => strangers(name, variant, draft, services)),
  ];
  // What is wrong with the scenario is wrong with every variant, too, and is said once.
  if (own.length > 0) return own;
  return variants.flatMap(([name, variant]) => {
    return transactionProblems(changed(draft, variant), services, placesInVariant(name, draft.steps.map(stepName)));
  });
}

/** Where the parts of a variant stand. @param steps names of the scenario's steps */
export function placesInVariant(name: string, steps: readonly string[]): Places {
  const at = ['variants', name];
  return {
    step: (index): Path => [...at, 'steps', steps[index] ?? index],
    services: [...at, 'services'],
    event: [...at, 'event'],
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
function noSteps({ steps, targets }: ScenarioDraft): Problem[] {
  return steps.length > 0 || targets?.size ? [] : [problem(['steps'], 'expected steps (a list of 1 to 100), got none')];
}

function subjectProblems({ subjects = [], variants = new Map<string, VariantDraft>(), targets, steps }: ScenarioDraft): Problem[] {
  const architectures: readonly string[] = ARCHITECTURES;
  const targetNames = [...(targets?.keys() ?? [])];
  const known = [...targetNames, ...variants.keys(), ...(steps.length > 0 ? architectures : [])];
  return [
    ...subjects.flatMap((subject, index) =>
      known.includes(subject) ? [] : [unknownName(['subjects', index], 'an architecture or a variant', subject, known)],
    ),
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
  return [...(draft.event?.consumers?.keys() ?? [])]
    .filter((name) => versions.every(({ steps }) => steps.some((step) => stepName(step) === name && step.critical)))
    .map((name) => {
      const message = 'the step of this name is critical, so that the reply does its work and no consumer';
      return problem(['event', 'consumers', name], message, 'key');
    });
}
