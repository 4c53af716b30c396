/** The work that falls to a service: whose calls they are, how many a request makes, and what it can do. */
import type { StepResult } from '../measurement/record.js';
import { meanCalls, mostCalls } from '../scenarios/call-count.js';
import { fallbackName } from '../scenarios/call-graph.js';
import { weightOf } from '../scenarios/kinds.js';
import type { Scenario } from '../scenarios/scenario.js';
import { subjectOf, type Subject } from '../scenarios/subject.js';
import { foldStep, meanServiceTime } from './demand.js';
import { fold, type TrialGroup } from './rounds.js';

/** A caller of a service, as it was measured. */
export interface CallerWork {
  name: string;
  /** Calls that a run of it made, retries included; 1 at least, also where an open breaker let none through, but for batches. */
  callsPerRun: number;
  /** The same when none is held up: only what its service fails by itself is tried again. */
  callsAsked: number;
  /** Calls per second, in the window. */
  rate: number;
  /** Mean time of one call, ms. */
  mean: number;
}

/** Everybody who called a service in these trials. */
export function callersOf(group: TrialGroup, service: string, scenario: Scenario): CallerWork[] {
  const steps = group.measured[0]?.steps ?? {};
  const subject = subjectOf(scenario, group.architecture);
  const seconds = fold(group, ({ window }) => window.seconds) ?? 0;
  return Object.entries(steps)
    .filter(([, result]) => result.service === service)
    .map(([name]) => {
      const calls = foldStep(group, name, (result) => result.calls) ?? 0;
      return {
        name,
        callsPerRun: callsOfRun(group, name, subject),
        callsAsked: callsAskedOf(name, service, subject),
        rate: seconds > 0 ? calls / seconds : 0,
        mean: meanServiceTime(group, name, service, scenario),
      };
    });
}

/**
 * Calls of one run of a step or consumer: of one that makes a single call as many as it took where runs have ended, retries included; of others as
 * many as are made when none fails, or more. A run that is given up half way has asked for all of them.
 */
function callsOfRun(group: TrialGroup, name: string, subject: Subject | undefined): number {
  const consumer = subject?.event.consumers.find((one) => one.name === name);
  const step = subject?.steps.find((one) => one.name === name);
  const { times } = step ?? consumer ?? {};
  const isOne = mostCalls(times) === 1 && !consumer?.batch;
  const perRun = foldStep(group, name, (result) => {
    const runs = result.ok + result.failed;
    return runs > 0 ? (isOne ? endedCalls(result) : result.calls) / runs : null;
  });
  // A delivery of an event is a run of its own.
  const most = mostCalls(times) * (step?.retries.attempts ?? 1);
  return Math.min(most, Math.max(consumer?.batch ? 0 : meanCalls(times), perRun ?? 1));
}

/** As many as are made when none fails, and those that are made again because the service fails now and then. */
function callsAskedOf(name: string, service: string, subject: Subject | undefined): number {
  const step = subject?.steps.find((one) => one.name === name);
  const errors = subject?.services.find((one) => one.name === service)?.errors ?? 0;
  const again = Array.from({ length: step?.retries.attempts ?? 1 }, (_, i) => errors ** i).reduce((sum, share) => sum + share, 0);
  return meanCalls((step ?? subject?.event.consumers.find((one) => one.name === name))?.times) * again;
}

/** Calls of a step that makes one for a request, less those that were waiting or worked on when it was over: their runs have not ended. */
function endedCalls({ ok, timeouts, errors, rejected, connection, limited = 0 }: StepResult): number {
  return ok + timeouts + errors + rejected + connection + limited;
}

/**
 * Work at a service for one of all requests, on average, ms: a run of each of these steps, in so many of the requests as are of its
 * kind and make it, and of what it falls back on where it failed.
 * @param calls as they were made, or as they are asked for: those that time out because there are too few workers are made again
 */
export function workPerRequest(group: TrialGroup, service: string, steps: readonly string[], scenario: Scenario, calls: 'callsPerRun' | 'callsAsked' = 'callsPerRun'): number {
  const runs = runsPerRequest(group, steps, subjectOf(scenario, group.architecture));
  return callersOf(group, service, scenario).reduce((sum, caller) => sum + (runs.get(caller.name) ?? 0) * caller[calls] * caller.mean, 0);
}

/** Runs of each of these steps and of their fallbacks for one of all requests, on average. */
function runsPerRequest(group: TrialGroup, names: readonly string[], subject: Subject | undefined): Map<string, number> {
  const steps = subject?.steps.filter(({ name }) => names.includes(name)) ?? [];
  return new Map(
    steps.flatMap((step): [string, number][] => {
      const runs = step.share * weightOf(step, subject?.kinds);
      const failed = foldStep(group, step.name, ({ ok, failed: bad }) => (ok + bad > 0 ? bad / (ok + bad) : 0)) ?? 0;
      return [[step.name, runs], ...(step.fallback === undefined ? [] : [[fallbackName(step.name), runs * failed] as [string, number]])];
    }),
  );
}

/**
 * Workers that keep up with a rate of work: the least whole number that is more than are busy on average, rate x mean service time (offered
 * load in Erlangs). With exactly as many nothing that once waits is ever worked off.
 * @param rate per second
 * @param service mean service time, ms
 */
export function workersFor(rate: number, service: number): number {
  // 95.238 x 420 / 1000 is 40.00000000000001 in floating point, 39.99999999999999 for others.
  const busy = Number(((rate * service) / 1000).toPrecision(12));
  return busy > 0 ? Math.floor(busy) + 1 : 0;
}
