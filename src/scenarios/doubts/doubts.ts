/**
 * What a scenario says that can be run and is hardly meant: a timeout that calls cannot keep, a load that no service
 * stands. Told as warnings, each at its place.
 */
import { exactDuration } from '../../base/units.js';
import { pathOfKind, placesInScenario, placesInVariant } from '../check/draft.js';
import { problem } from '../check/transaction.js';
import type { Problem } from '../problem.js';
import type { Scenario } from '../scenario.js';
import { subjectOf } from '../subject.js';
import { loadDoubts } from './load.js';
import { onlyKind } from '../kinds.js';
import { idlePriorities, transactionDoubts, uncalled, type Version } from './transaction.js';

/** Every doubt about a scenario, thresholds left out. */
export function doubtsAbout(written: Scenario): Problem[] {
  const scenario = { ...withoutReal(written), variants: written.variants.map(withoutReal) };
  const { steps, subjects, variants, load } = scenario;
  if (steps.length === 0) return [];
  const isMeasuredItself = subjects.some((name) => !variants.some((variant) => variant.name === name));
  const own = doubtsOfKinds(scenario, (version) => transactionDoubts(version, placesInScenario));
  const ofVariants = variants.flatMap((variant) =>
    doubtsOfKinds(variant, (version) => transactionDoubts(version, placesInVariant(variant.name, version.steps.map(({ name }) => name)))),
  );
  const isSaid = (list: readonly Problem[], { message }: Problem): boolean => list.some((other) => other.message === message);
  return [
    // What is wrong with the scenario is told once, at its place there; what its variants mend is wrong only where it is run itself.
    ...own.filter((doubt) => isMeasuredItself || isSaid(ofVariants, doubt)),
    ...ofVariants.filter((doubt) => !isSaid(own, doubt)),
    ...calledByNone([scenario, ...variants]),
    ...idlePriorities([scenario, ...variants]),
    ...deadlineDoubt(scenario),
    ...loadDoubts(load, subjects.flatMap((name) => subjectOf(scenario, name) ?? [])),
  ];
}

/** A deadline that no client waits for. */
function deadlineDoubt({ deadline, load }: Scenario): Problem[] {
  if (deadline === undefined || deadline < load.timeout) return [];
  return [problem(['deadline'], `clients wait ${exactDuration(load.timeout)} at most (load.timeout): before this deadline they have gone`)];
}

/** Doubts about each kind of request by itself, at their places. */
function doubtsOfKinds(version: Version, doubtsOf: (version: Version) => Problem[]): Problem[] {
  const { kinds } = version;
  if (!kinds) return doubtsOf(version);
  return kinds.flatMap((kind) => doubtsOf(onlyKind(version, kind)).map((doubt) => ({ ...doubt, path: pathOfKind(kind.name, doubt.path) })));
}

/** Services that nothing calls, neither in the scenario nor in a variant. */
function calledByNone([scenario, ...variants]: [Version, ...Version[]]): Problem[] {
  const elsewhere = variants.map((variant) => uncalled(variant));
  return uncalled(scenario).filter(({ path }) => elsewhere.every((doubts) => doubts.some((doubt) => doubt.path.join('.') === path.join('.'))));
}

/** Of real services nothing is known that could be doubted. */
function withoutReal<T extends Pick<Scenario, 'services'>>(it: T): T {
  return { ...it, services: it.services.filter(({ endpoint }) => !endpoint) };
}
