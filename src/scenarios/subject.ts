import type { Fault } from './fault.js';
import type { Target } from './target.js';
import { ARCHITECTURES, publishesEvents, type Architecture } from './architectures.js';
import type { BusinessEvent, RequestKind, Scenario, ServerModel, Service, Step } from './scenario.js';

/** One thing that is measured under a name of its own: an architecture over the scenario's steps, or a variant of them. */
export interface Subject {
  name: string;
  architecture: Architecture;
  services: Service[];
  steps: Step[];
  event: BusinessEvent;
  kinds?: RequestKind[];
  /** Time after which a request that is not replied to has failed, ms. */
  deadline?: number;
  server: ServerModel;
  /** What goes wrong on purpose. */
  faults: Fault[];
}

/** What can be measured: an arrangement of simulated services, or a server of one's own. */
export type Measurable = Subject | Target;

/** Whether it is a server of one's own. */
export function isTarget(measurable: Measurable): measurable is Target {
  return 'url' in measurable;
}

/** Names that can be measured in a scenario: its targets and variants, and the four architectures where there are steps. */
export function subjectNames({ targets, variants, steps }: Scenario): string[] {
  const named = [...targets, ...variants].map(({ name }) => name);
  return [...new Set([...named, ...(steps.length > 0 ? ARCHITECTURES : [])])];
}

/**
 * The chain as it is: its baseline; where none is said `sync`, or what the scenario's subjects begin with in its place.
 * Undefined without steps.
 */
export function asItIs(scenario: Scenario): Subject | undefined {
  if (scenario.baseline !== undefined) return subjectOf(scenario, scenario.baseline);
  const [first = 'sync'] = scenario.subjects;
  const architecture = ARCHITECTURES.find((name) => name === first);
  return subjectOf(scenario, architecture && !publishesEvents(architecture) && !scenario.subjects.includes('sync') ? architecture : 'sync');
}

/** What is measured under a name; a target comes before an architecture of the same name. */
export function measurableOf(scenario: Scenario, name: string): Measurable | undefined {
  return scenario.targets.find((target) => target.name === name) ?? subjectOf(scenario, name);
}

/** The subject of that name; undefined when the scenario has none. A variant hides an architecture of the same name. */
export function subjectOf(scenario: Scenario, name: string): Subject | undefined {
  const variant = scenario.variants.find((candidate) => candidate.name === name);
  if (variant) {
    const { architecture, services, steps, event, kinds, deadline, server, faults } = variant;
    return { name, architecture, services, steps, event, ...(kinds && { kinds }), ...(deadline !== undefined && { deadline }), server, faults };
  }
  const architecture = ARCHITECTURES.find((candidate) => candidate === name);
  if (!architecture || scenario.steps.length === 0) return undefined;
  const { services, steps, event, kinds, deadline, server, faults } = scenario;
  return { name, architecture, services, steps, event, ...(kinds && { kinds }), ...(deadline !== undefined && { deadline }), server, faults };
}
