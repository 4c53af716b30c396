/** Small worlds to simulate. */
import type { Latency, Service, Step } from '../../src/scenarios/scenario.js';
import type { Subject } from '../../src/scenarios/subject.js';
import type { TrialInput } from '../../src/simulation/trial.js';

export function service(name: string, latency: Latency | number, more: Partial<Service> = {}): Service {
  return {
    name,
    latency: typeof latency === 'number' ? { kind: 'constant', ms: latency } : latency,
    workers: 'unlimited',
    queue: 'unlimited',
    errors: 0,
    outages: [],
    abandoned: 'finish',
    ...more,
  };
}

/** A critical step that calls the service of its name. */
export function step(name: string, more: Partial<Step> = {}): Step {
  return {
    name,
    call: name,
    critical: true,
    share: 1,
    onError: 'fail',
    effect: true,
    after: [],
    timeout: 1e9,
    retries: { attempts: 1, backoff: 100, jitter: 'none', budget: 1 },
    breaker: null,
    connections: 'unlimited',
    ...more,
  };
}

export function subject(services: Service[], steps: Step[], more: Partial<Subject> = {}): Subject {
  return {
    name: 'world',
    architecture: 'sync',
    services,
    steps,
    event: { type: 'order.placed', after: null, messages: 1, payload: 0, publish: 0, wait: false, inbox: true, consumers: [] },
    server: { processes: 1, work: 0.15 },
    faults: [],
    ...more,
  };
}

/** One user, for a second, without warm-up, and with a server whose own work takes next to no time. */
export function trialOf(world: Subject, more: Partial<TrialInput> = {}): TrialInput {
  return {
    architecture: world.name,
    base: world.architecture,
    round: 1,
    load: { model: 'closed', users: 1 },
    subject: world,
    seed: 1,
    warmup: 0,
    duration: 1000,
    drain: 0,
    timeout: 1e9,
    entry: 0,
    think: 0,
    handling: 0.001,
    ...more,
  };
}
