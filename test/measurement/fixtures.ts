/** Small reports of processes, written as rows. */
import { NO_COUNTS, type StepReport } from '../../src/architectures/architecture.js';
import type { HistoryEntry, HistoryKind } from '../../src/events/history.js';
import { OUTCOMES, type Observations, type Outcome } from '../../src/load/load.js';
import type { RawTrial } from '../../src/measurement/trial.js';
import type { Usage } from '../../src/processes/usage.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Architecture } from '../../src/scenarios/architectures.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { CALL_OUTCOMES, type CallLog, type CallOutcome, type ServiceReport } from '../../src/services/services.js';

export interface Request {
  index: number;
  intendedAt: number;
  endedAt: number;
  outcome?: Outcome;
  unreached?: boolean;
}

export function observationsOf(rows: readonly Request[]): Observations {
  return {
    index: Int32Array.from(rows, ({ index }) => index),
    intendedAt: Float64Array.from(rows, ({ intendedAt }) => intendedAt),
    sentAt: Float64Array.from(rows, ({ intendedAt }) => intendedAt),
    firstByteAt: new Float64Array(rows.length),
    endedAt: Float64Array.from(rows, ({ endedAt }) => endedAt),
    outcome: Uint8Array.from(rows, ({ outcome }) => OUTCOMES.indexOf(outcome ?? 'ok')),
    status: Uint16Array.from(rows, ({ outcome }) => ((outcome ?? 'ok') === 'ok' ? 200 : 0)),
    unreached: Uint8Array.from(rows, ({ unreached }) => (unreached ? 1 : 0)),
  };
}

export interface Call {
  request: number;
  step: string;
  outcome?: CallOutcome;
  queueTime?: number;
  serviceTime?: number;
}

export function callLogOf(calls: readonly Call[]): CallLog {
  const steps = [...new Set(calls.map(({ step }) => step))];
  return {
    request: Int32Array.from(calls, ({ request }) => request),
    step: Uint16Array.from(calls, ({ step }) => steps.indexOf(step)),
    call: new Int32Array(calls.length),
    queueTime: Float64Array.from(calls, ({ queueTime }) => queueTime ?? 0),
    serviceTime: Float64Array.from(calls, ({ serviceTime }) => serviceTime ?? 0),
    endedAt: new Float64Array(calls.length),
    outcome: Uint8Array.from(calls, ({ outcome }) => CALL_OUTCOMES.indexOf(outcome ?? 'ok')),
    abandoned: new Uint8Array(calls.length),
    steps,
  };
}

export function serviceOf(name: string, calls: readonly Call[], utilisation: number | null = null): ServiceReport {
  return {
    name,
    received: calls.length,
    peak: { inProgress: 3, queue: 2, connections: 5 },
    now: { inProgress: 0, queue: 0 },
    utilisation,
    calls: callLogOf(calls),
  };
}

export function stepReport(name: string, counts: Partial<StepReport> = {}): StepReport {
  return { name, runs: 0, ...NO_COUNTS, ...counts };
}

export function usage(change: Partial<Usage> = {}): Usage {
  return { eventLoop: 0.2, delayP99: 2, cpu: 100, elapsed: 1000, rss: 1e8, ...change };
}

/** One entry of a history, for the event `order <request>`. */
export function entry(kind: HistoryKind, request: number, consumer: string, at: number): HistoryEntry {
  return { kind, event: `order ${request}`, request, sequence: 1, consumer, at };
}

/** A subject of the built-in checkout. */
export function checkout(architecture: Architecture): Subject {
  const scenario = builtIn('checkout');
  const subject = scenario && subjectOf(scenario, architecture);
  if (!subject) throw new Error(`checkout has no ${architecture}`);
  return subject;
}

const SCHEDULE = { late: 0, unsent: 0, lateness: { p99: 0, max: 0 } };

/** A trial of one second from moment 10,000 on, asked for its reports two seconds later. */
export function rawTrial(rows: readonly Request[], change: Partial<RawTrial> = {}): RawTrial {
  return {
    head: { subject: 'sync', architecture: 'sync', base: 'sync', round: 1, load: { model: 'closed', users: 10 } },
    subject: checkout('sync'),
    seed: 7,
    window: { startAt: 10_000, duration: 1000, warmup: 500, endedAt: 13_000, startedAt: '2026-01-01T00:00:00.000Z' },
    load: {
      observations: observationsOf(rows), window: { startAt: 10_000, endAt: 11_000 }, usage: usage(), schedule: SCHEDULE,
      retried: 0, connections: 10,
    },
    server: {
      received: rows.filter(({ index, unreached }) => index >= 0 && !unreached).length,
      receivedWarmup: 0, steps: [], history: [], services: [], usage: usage(),
    },
    services: { services: [], usage: usage() },
    ...change,
  };
}
