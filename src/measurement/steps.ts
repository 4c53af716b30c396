/** One result for each step and consumer: what its caller counted, and the times of the service it called. */
import { NO_COUNTS, type StepCounts, type StepReport } from '../architectures/architecture.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { callsIn, callsOf, type StreamConsumer } from '../scenarios/call-graph.js';
import { limitOf, type Limit } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { CALL_OUTCOMES, type CallLog, type CallOutcome, type ServiceReport } from '../services/services.js';
import type { ConsumerResult, StepResult } from './record.js';
import { atLeast, summariseSigned } from './times.js';

/** @param reports of every process that called services; those of one name are added up */
export function stepResults(
  subject: Subject,
  reports: readonly StepReport[],
  services: readonly ServiceReport[],
): Record<string, StepResult> {
  const called = servicesCalled(subject);
  const results: Record<string, StepResult> = {};
  for (const name of new Set(reports.map((report) => report.name))) {
    const own = reports.filter((report) => report.name === name);
    const service = called.get(name) ?? name;
    // Own work, and real services, are seen by every process that has to do with them.
    const seen = services.filter((candidate) => candidate.name === service);
    const report = seen.find(({ calls }) => calls.steps.includes(name)) ?? seen[0];
    const workers = subject.services.find((candidate) => candidate.name === service)?.workers ?? 'unlimited';
    results[name] = { service, ...countsOf(own), ...serviceSide(name, report, workers) };
  }
  return results;
}

/** Name of the service behind each step and consumer. */
function servicesCalled(subject: Subject): Map<string, string> {
  return new Map(callsOf(callGraphOf(subject)).map(({ name, call }) => [name, call]));
}

/** Service and workers of a consumer. One that makes several calls is no one service's: it stands under its own name. */
export function placeOf({ name, workers, flow }: StreamConsumer): Pick<ConsumerResult, 'service' | 'workers'> {
  const own = callsIn(flow).find((call) => call.name === name);
  return { service: own?.call ?? name, workers: finiteLimit(workers) };
}

/** Name and outcome of each logged call to a measured request. */
export function* measuredCalls(log: CallLog): Generator<{ row: number; step: string; outcome: CallOutcome }> {
  for (let row = 0; row < log.request.length; row++) {
    const step = log.steps[log.step[row] ?? -1];
    const outcome = CALL_OUTCOMES[log.outcome[row] ?? -1];
    if ((log.request[row] ?? -1) >= 0 && step !== undefined && outcome) yield { row, step, outcome };
  }
}

/** Whole number or null: JSON has no Infinity. */
export function finiteLimit(limit: Limit): number | null {
  return limit === 'unlimited' ? null : limitOf(limit);
}

function countsOf(reports: readonly StepReport[]): ToldCounts {
  const total = { ...NO_COUNTS };
  for (const report of reports) for (const key of COUNTERS) total[key] += report[key];
  return toldCounts(total);
}

const COUNTERS = Object.keys(NO_COUNTS) as (keyof StepCounts)[];

/** What only steps with such a policy have. */
const OF_POLICIES = ['limited', 'paced', 'pacedTime', 'pooled', 'pooledTime'] as const satisfies (keyof StepCounts)[];

/** Counts as a record has them: of those of policies, what there was any of. */
export type ToldCounts = Omit<StepCounts, (typeof OF_POLICIES)[number]> & Partial<StepCounts>;

export function toldCounts(counts: StepCounts): ToldCounts {
  const isTold = (key: keyof StepCounts): boolean => counts[key] > 0 || !OF_POLICIES.some((policy) => policy === key);
  return Object.fromEntries(COUNTERS.filter(isTold).map((key) => [key, counts[key]])) as ToldCounts;
}

function serviceSide(name: string, report: ServiceReport | undefined, workers: Limit) {
  return {
    utilisation: report?.utilisation ?? null,
    workers: finiteLimit(workers),
    ...(report?.scaled && { scaled: report.scaled }),
    peakInProgress: report?.peak.inProgress ?? 0,
    peakConnections: report?.peak.connections ?? 0,
    ...callTimes(name, report?.calls),
  };
}

/**
 * Times of the calls that got into the queue. One that was dropped waited, or was worked on, for as long as it says at
 * least; one that was turned away at the door has no times.
 */
function callTimes(name: string, log: CallLog | undefined): Pick<StepResult, 'queueTime' | 'serviceTime'> {
  const queueTimes: number[] = [];
  const serviceTimes: number[] = [];
  for (const { row, step, outcome } of log ? measuredCalls(log) : []) {
    if (step !== name || outcome === 'rejected' || outcome === 'limited') continue;
    const queueTime = log?.queueTime[row] ?? 0;
    const serviceTime = log?.serviceTime[row] ?? 0;
    const isStarted = outcome !== 'dropped' || serviceTime > 0;
    queueTimes.push(isStarted ? queueTime : atLeast(queueTime));
    if (isStarted) serviceTimes.push(outcome === 'dropped' ? atLeast(serviceTime) : serviceTime);
  }
  return { queueTime: summariseSigned(queueTimes), serviceTime: summariseSigned(serviceTimes) };
}
