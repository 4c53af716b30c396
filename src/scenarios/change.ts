/** What a variant changes, laid over the draft of the scenario: by name, field by field. */
import type { EventDraft, ScenarioDraft, VariantDraft } from './format/file.js';
import type { StepChange, StepDraft } from './format/step.js';

/** The part of a draft that a variant can change. */
export type Transaction = Pick<ScenarioDraft, 'services' | 'steps' | 'event' | 'events' | 'pools' | 'groups'>;

/** The draft as a variant changes it. Names that the scenario does not have are left out. */
export function changed(base: Transaction, { services, steps, event, events, pools, groups }: Partial<VariantDraft>): Transaction {
  return {
    services: new Map([...base.services].map(([name, service]) => [name, { ...service, ...services?.get(name) }])),
    steps: base.steps.map((step) => changedStep(step, steps?.get(stepName(step)))),
    ...(base.events
      ? { events: new Map([...base.events].map(([name, one]) => [name, changedEvent(one, events?.get(name) ?? {})])) }
      : { event: changedEvent(base.event ?? {}, event ?? {}) }),
    pools: new Map([...(base.pools ?? []), ...(pools ?? [])]),
    groups: new Map([...(base.groups ?? []), ...(groups ?? [])]),
  };
}

/** The name of a step: that of its service unless it has one of its own. */
export function stepName(step: StepDraft): string {
  return step.name ?? step.call;
}

function changedStep(step: StepDraft, change: StepChange = {}): StepDraft {
  // A step keeps its name when another service does its work.
  const merged: StepDraft = { ...step, ...change, name: stepName(step) };
  if (change.own) merged.call = stepName(step);
  else if (change.call !== undefined) delete merged.own;
  if (step.retries && change.retries) merged.retries = { ...step.retries, ...change.retries };
  if (isBreaker(step.breaker) && isBreaker(change.breaker)) merged.breaker = { ...step.breaker, ...change.breaker };
  return merged;
}

function isBreaker(breaker: StepDraft['breaker']): breaker is Exclude<StepDraft['breaker'], 'none' | undefined> {
  return breaker !== undefined && breaker !== 'none';
}

function changedEvent(event: EventDraft, change: EventDraft): EventDraft {
  const consumers = new Map(event.consumers);
  for (const [name, consumer] of change.consumers ?? []) consumers.set(name, { ...consumers.get(name), ...consumer });
  return { ...event, ...change, consumers };
}
