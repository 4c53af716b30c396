/**
 * What a scenario file leaves out, in one place. Each is printed by `validate --resolved` and explained in
 * docs/scenarios.md. Times in ms, shares as ratios.
 */
import type { ClientRetries, Load } from './load.js';
import type { Breaker, BusinessEvent, Consumer, Retries, Scaling, ServerModel, Service, Step } from './scenario.js';

export const DEFAULTS = {
  // Bounded, or nothing could ever break; 100 is a modest service.
  service: { workers: 100, queue: 'unlimited', errors: 0, outages: [], abandoned: 'finish' },
  // Kubernetes' examples aim at half to four fifths of a CPU, Knative at 70 % of its concurrency and looks back over 60 s.
  scaling: { min: 1, target: 0.7, idle: 60_000 },
  // Most clients have no timeout or a far longer one; 3 s is what a careful team sets for one call.
  step: { critical: false, share: 1, onError: 'fail', effect: true, timeout: 3000, breaker: null, connections: 'unlimited' },
  retries: { attempts: 1, backoff: 100, jitter: 'full', budget: 1 },
  // Hystrix's trip and sample, opossum's reset.
  breaker: { trip: 0.5, minimum: 20, window: 10_000, reset: 30_000 },
  // Workers default to what the service serves at once, share and timeout to those of the step.
  consumer: { share: 1, timeout: 3000, attempts: 3, backoff: 100 },
  event: { type: 'order.placed', messages: 1, payload: 0, publish: 0, wait: false, inbox: true },
  // CPU time of a small Express server for one request; one process, as it is measured.
  server: { processes: 1, work: 0.15 },
  load: { arrivals: 'even', stages: [], think: 0, duration: 10_000, until: null, maxDuration: 60_000, warmup: 'auto', timeout: 10_000, drain: 2000, rounds: 1 },
  // Whoever presses again does so twice, after a second; a 4xx says that it is of no use.
  clientRetries: { attempts: 3, backoff: 1000, on: ['timeout', 'http5xx', 'connection', 'hangup'] },
  users: [10, 100, 500],
  subjects: ['sync', 'hybrid'],
} as const satisfies {
  service: Omit<Service, 'name' | 'latency'>;
  scaling: Omit<Scaling, 'start'>;
  step: Partial<Step>;
  retries: Retries;
  breaker: Breaker;
  consumer: Partial<Consumer>;
  event: Partial<BusinessEvent>;
  server: ServerModel;
  load: Partial<Load>;
  clientRetries: ClientRetries;
  users: readonly number[];
  subjects: readonly string[];
};
