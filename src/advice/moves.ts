/** A chain with some of its steps moved behind the reply, and which may be. */
import type { Consumer, Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';

/** Why a step has to stay in the request; null: it may move. */
export interface Hindrance {
  kind: 'critical' | 'needed';
  /** The critical step that needs it. */
  by: string | null;
}

/** What keeps a step in the request: the reply needs its result, or that of a step which comes after it. */
export function hindranceOf(step: Step, steps: readonly Step[]): Hindrance | null {
  if (step.critical) return { kind: 'critical', by: null };
  const followers = steps.filter(({ after }) => after.includes(step.name));
  for (const follower of followers) {
    const hindrance = hindranceOf(follower, steps);
    if (hindrance) return { kind: 'needed', by: hindrance.by ?? follower.name };
  }
  return null;
}

/** The chain with only these steps moved onto events; whatever else it publishes for is left out. */
export function withMoved({ steps, event, services }: Subject, names: readonly string[]): Subject {
  const isMoved = (name: string): boolean => names.includes(name);
  const consumers = steps.filter(({ name }) => isMoved(name)).map((step) => {
    const workers = services.find(({ name }) => name === step.call)?.workers ?? 'unlimited';
    return event.consumers.find(({ name }) => name === step.name) ?? newConsumer(step, workers);
  });
  return {
    name: `${names.join(', ')} moved`,
    architecture: 'hybrid',
    services,
    steps: steps.map((step) => ({ ...step, critical: !isMoved(step.name) })),
    event: { ...event, after: null, messages: 1, wait: false, consumers },
    faults: [],
  };
}

function newConsumer({ name, call, timeout }: Step, workers: Consumer['workers']): Consumer {
  return { name, call, workers, timeout, attempts: 3, backoff: 100 };
}
