/** Made-up trials of which every number can be chosen: what is not said is unremarkable. */
import { OUTCOMES, type Outcome } from '../../src/load/load.js';
import { encodeSamples } from '../../src/measurement/samples.js';
import { summarise } from '../../src/measurement/times.js';
import type {
  ConsumerResult,
  EventsResult,
  LedgerCounts,
  MeasuredTrial,
  StepResult,
  Times,
  TrialLoad,
  UnmeasuredTrial,
} from '../../src/measurement/record.js';
import { ARCHITECTURES } from '../../src/scenarios/architectures.js';

/** What matters of a trial: the subject, its load, how long answers take (ms, all alike) and how many fail. */
export interface Sketch {
  subject: string;
  users?: number;
  rate?: number;
  round?: number;
  ms: number;
  sent?: number;
  failureRate?: number;
  change?: Partial<MeasuredTrial>;
}

/** A trial in which every request takes the same time. */
export function measured({
  subject,
  round = 1,
  ms,
  sent = 1000,
  failureRate = 0,
  change = {},
  ...load
}: Sketch): MeasuredTrial {
  const failed = Math.round(sent * failureRate);
  const none = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  return {
    subject,
    architecture: subject,
    base: ARCHITECTURES.find((name) => name === subject) ?? null,
    round,
    load: loadOf(load),
    state: 'measured',
    window: { startedAt: '2026-03-01T09:00:00.000Z', seconds: 10, warmupSeconds: 2 },
    outcomes: { ...none, sent, ok: sent - failed, http5xx: failed },
    failureRate,
    throughput: (sent - failed) / 10,
    responseTime: times(ms, sent),
    responseTimeOk: times(ms, sent - failed),
    ideal: { mean: 1050, p50: 1050, p95: 1050 },
    server: { received: sent, unreached: 0 },
    orphaned: 0,
    failedLater: 0,
    steps: {},
    events: null,
    processes: {},
    validity: { valid: true, problems: [], notes: [] },
    samples: encodeSamples({
      start: Float32Array.from({ length: sent }, (_, i) => (i * 10_000) / sent),
      time: new Float32Array(sent).fill(ms),
      outcome: Uint8Array.from({ length: sent }, (_, i) => (i < failed ? 2 : 0)),
    }),
    ...change,
  };
}

/** A trial without numbers. */
export function unmeasured(
  subject: string,
  users: number,
  message: string,
  state: 'errored' | 'aborted' = 'errored',
): UnmeasuredTrial {
  return { subject, architecture: subject, base: 'sync', round: 1, load: { model: 'closed', users }, state, message };
}

function loadOf({ users = 100, rate }: { users?: number; rate?: number }): TrialLoad {
  return rate === undefined ? { model: 'closed', users } : { model: 'open', rate };
}

/** The same time, so many times. */
export function times(ms: number, count = 1000, censored = 0): Times {
  return summarise(new Float64Array(count).fill(ms), censored);
}

/** A step of `checkout` that has nothing to do. */
export function step(service: string, change: Partial<StepResult> = {}): StepResult {
  return {
    service,
    calls: 1000,
    ok: 1000,
    failed: 0,
    timeouts: 0,
    errors: 0,
    rejected: 0,
    connection: 0,
    shortCircuited: 0,
    budgetExhausted: 0,
    breakerOpened: 0,
    utilisation: 0.2,
    workers: 20,
    peakInProgress: 4,
    peakConnections: 4,
    queueTime: times(0),
    serviceTime: times(400),
    ...change,
  };
}

/** One consumer that keeps up. */
export function consumer(service: string, change: Partial<ConsumerResult> = {}): ConsumerResult {
  return {
    ...countsOf(1000),
    service,
    workers: 20,
    lag: times(1),
    backlog: { peak: 4, end: 4, slopePerSecond: 0, drainSeconds: 0.4, series: { at: [0, 10_000], waiting: [4, 4] } },
    arrivalRate: 100,
    processingRate: 100,
    ...change,
  };
}

/** The events of some consumers. */
export function events(consumers: Record<string, ConsumerResult>, change: Partial<EventsResult> = {}): EventsResult {
  const [first = consumer('email')] = Object.values(consumers);
  return { ...countsOf(1000), lag: times(1), completionTime: times(901), backlog: first.backlog, consumers, ...change };
}

function countsOf(attempted: number): LedgerCounts {
  return {
    attempted,
    acknowledged: attempted,
    processed: attempted,
    lost: 0,
    duplicated: 0,
    unexpected: 0,
    recovered: 0,
    deadLettered: 0,
    outOfOrder: 0,
    pending: 0,
    appliedTwice: 0,
  };
}
