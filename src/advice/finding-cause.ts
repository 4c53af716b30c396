/** Why a subject answers late or not at all: the step that limits it, by its workers or by a rate, and who failed. */
import type { Found } from '../measurement/finding.js';
import type { StepResult } from '../measurement/record.js';
import { isKnown } from '../measurement/times.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { callsIn, fallbackName, fallbackOf, type ServiceCall } from '../scenarios/call-graph.js';
import { peakOf } from '../scenarios/load.js';
import { nounOfRequest } from '../scenarios/noun.js';
import { perSecond, type Scenario, type Step } from '../scenarios/scenario.js';
import { type Subject, subjectOf } from '../scenarios/subject.js';
import { byCost } from './cost.js';
import { demandOf, foldStep, meanServiceTime, replyCycle } from './demand.js';
import { scarcePools } from './finding-pool.js';
import { clientRetries } from './finding-retries.js';
import { callsPerRequest } from './mean-work.js';
import { fold, type TrialGroup } from './rounds.js';
import { workersFor, workPerRequest } from './work.js';

/** Share of the workers' time from which a service counts as saturated. */
const SATURATED = 0.9;
/** A wait for a worker, as a share of what it is held against, below which nobody notices. */
const WAITING = 0.1;
/** Failure rate from which it is worth saying where. */
const FAILING = 0.01;
/** Share of its calls that a rate refuses, or holds back, from which it is told. */
const FELT = 0.01;

export type Cause = Found<'bottleneck' | 'cold-starts' | 'rate-limit' | 'pool' | 'client-retries' | 'failures' | 'orphaned'>;

/** For every subject and load: the bottleneck among the steps its reply waits for, where it fails, and orphans; and where clients multiply the load. */
export function causes(groups: readonly TrialGroup[], scenario: Scenario): Cause[] {
  const found = groups.flatMap((group): Cause[] => {
    const steps = stepsOfReply(group, scenario);
    const needed = steps.filter((step) => !isSpared(step, steps));
    return [
      ...bottleneck(group, needed, scenario), ...coldStarts(group, needed, scenario), ...rateLimits(group, needed, scenario), ...scarcePools(group, steps, scenario), ...failures(group, needed, steps), ...orphaned(group, steps, scenario),
    ];
  });
  return byCost([...found, ...clientRetries(groups)]);
}

/** Steps that are done before the reply; of a server of one's own none is known. */
function stepsOfReply(group: TrialGroup, scenario: Scenario): Step[] {
  const subject = group.base === null ? undefined : subjectOf(scenario, group.architecture);
  if (!subject) return [];
  const inReply = new Set(callsIn(callGraphOf(subject).request).map(({ name }) => name));
  return subject.steps.filter(({ name }) => inReply.has(name));
}

/** Whether its group may succeed without it: then it is none of those that limit a request, or fail it, by themselves. */
function isSpared({ group }: Step, steps: readonly Step[]): boolean {
  return group !== undefined && steps.filter((step) => step.group?.name === group.name).length > group.need;
}

/** The saturated step whose calls wait longest for a worker. */
function bottleneck(group: TrialGroup, steps: readonly Step[], scenario: Scenario): Found<'bottleneck'>[] {
  const calls = steps.flatMap((step): ServiceCall[] => [step, fallbackOf(step) ?? []].flat());
  const measured = calls.map((step) => ({
    step,
    utilisation: foldStep(group, step.name, (result) => result.utilisation) ?? 0,
    workers: foldStep(group, step.name, (result) => result.workers),
    scales: foldStep(group, step.name, (result) => (result.scaled ? 1 : null)) !== null,
    wait: foldStep(group, step.name, (result) => meanWait(result, step)) ?? 0,
    service: meanServiceTime(group, step.name, step.call, scenario),
  }));
  const saturated = measured.filter((it) => it.utilisation >= SATURATED && it.wait >= WAITING * it.service);
  const [limit] = saturated.toSorted((a, b) => b.wait - a.wait);
  if (!limit || limit.workers === null || limit.service === 0) return [];
  const { step, utilisation, workers, scales, wait, service } = limit;
  // A request may call the same service in several of its steps, and in some of them again.
  const names = steps.map(({ name }) => name);
  const work = workPerRequest(group, step.call, names, scenario);
  const capacity = (workers * 1000) / work;
  const demand = demandOf(group, scenario);
  const workersNeeded = workersFor(demand, workPerRequest(group, step.call, names, scenario, 'callsAsked'));
  // Asymptotic bound of a closed network: N* = capacity x (response time with nothing waiting + think time).
  const knee = (capacity * replyCycle(group, scenario)) / 1000;
  const numbers = { utilisation, workers, capacity, demand, workersNeeded, wait, service, work, knee, ...(scales && { scales: 1 as const }) };
  return [{ kind: 'bottleneck', ...about(group), numbers, names: { step: step.name, service: step.call } }];
}

/** Mean wait for a worker, ms. Calls that timed out have waited at least that long, and may never have been served. */
function meanWait({ queueTime, timeouts }: StepResult, { timeout }: ServiceCall): number {
  const calls = queueTime.count + timeouts;
  return calls > 0 ? ((queueTime.mean ?? 0) * queueTime.count + timeouts * timeout) / calls : 0;
}

export const FAILURE_KINDS = ['timeouts', 'errors', 'rejected', 'connection', 'shortCircuited', 'limited'] as const;

/**
 * The step at which most runs failed, and how most of its calls did.
 * @param needed those that a request cannot do without
 * @param steps of these one is told where they account for no half of the failures: groups of them have failed as a whole
 */
function failures(group: TrialGroup, needed: readonly Step[], steps: readonly Step[]): Found<'failures'>[] {
  const failureRate = fold(group, (trial) => trial.failureRate) ?? 0;
  if (failureRate < FAILING) return [];
  const failedOf = (some: readonly Step[]): { step: Step; failed: number }[] => some.map((step) => ({ step, failed: failedRuns(group, step) }));
  const sumOf = (some: readonly { failed: number }[]): number => some.reduce((sum, entry) => sum + entry.failed, 0);
  const requests = fold(group, ({ outcomes: { sent, ok } }) => sent - ok) ?? 0;
  const failed = needed.length < steps.length && sumOf(failedOf(needed)) < requests / 2 ? failedOf(steps) : failedOf(needed);
  const all = sumOf(failed);
  const [most] = failed.toSorted((a, b) => b.failed - a.failed);
  if (!most || most.failed === 0) return [];
  const kinds = FAILURE_KINDS.map((kind) => ({
    kind,
    count: foldStep(group, most.step.name, (result) => result[kind] ?? 0) ?? 0,
  }));
  const [how] = kinds.toSorted((a, b) => b.count - a.count);
  const whole = isSpared(most.step, steps) ? groupOf(most.step, steps) : null;
  const numbers = { failed: most.failed, most: how?.count ?? 0, share: most.failed / all, failureRate, ...whole?.numbers };
  return [{ kind: 'failures', ...about(group), numbers, names: { step: most.step.name, service: most.step.call, how: how?.kind ?? '', ...whole?.names } }];
}

/** The group that has failed as a whole: it does without any one of its steps. */
function groupOf({ group }: Step, steps: readonly Step[]): { numbers: { need: number; of: number; within?: number }; names: { group: string } } | null {
  if (!group) return null;
  const of = steps.filter((step) => step.group?.name === group.name).length;
  return { numbers: { need: group.need, of, ...(group.within !== undefined && { within: group.within }) }, names: { group: group.name } };
}

/** Runs of a step that failed the request: not those that it went on without, nor those that the fallback made good. */
function failedRuns(group: TrialGroup, { name, onError }: Step): number {
  if (onError === 'continue') return 0;
  const madeGood = foldStep(group, fallbackName(name), ({ ok }) => ok) ?? 0;
  return Math.max(0, (foldStep(group, name, ({ failed }) => failed) ?? 0) - madeGood);
}

/**
 * Requests told "failed" although a critical step had taken effect. Which one it was is not counted: any of those whose
 * result the reply needs.
 */
function orphaned(group: TrialGroup, steps: readonly Step[], scenario: Scenario): Found<'orphaned'>[] {
  const count = fold(group, (trial) => trial.orphaned) ?? 0;
  const critical = steps.filter((step) => step.critical && step.effect);
  if (count === 0 || critical.length === 0) return [];
  const sent = fold(group, (trial) => trial.outcomes.sent) ?? 0;
  const names = { steps: critical.map(({ name }) => name).join(', '), noun: nounOfRequest(scenario) };
  return [{ kind: 'orphaned', ...about(group), numbers: { orphaned: count, sent, critical: critical.length }, names }];
}

/** The subject and its load. */
function about({ architecture, load }: TrialGroup): Pick<TrialGroup, 'architecture' | 'load'> {
  return { architecture, load };
}

/**
 * The step whose calls wait longest for a worker at a service that scales, p95. Where its workers are all there and busy, or more work comes at
 * the peak than all of them can do, it is not their start that is waited for.
 */
function coldStarts(group: TrialGroup, steps: readonly Step[], scenario: Scenario): Found<'cold-starts'>[] {
  const { architecture, load } = group;
  const p95 = fold(group, ({ responseTime }) => (isKnown(responseTime, 'p95') ? responseTime.p95 : null)) ?? 0;
  const names = steps.map(({ name }) => name);
  const peak = load.model === 'open' && load.ramp ? peakOf(load.ramp) : demandOf(group, scenario);
  const waits = steps.map(({ name, call }) => ({
    names: { step: name, service: call },
    coldStarts: foldStep(group, name, ({ scaled }) => scaled?.coldStarts ?? null) ?? 0,
    isBusy: (foldStep(group, name, ({ utilisation }) => utilisation) ?? 0) >= SATURATED || peak * workPerRequest(group, call, names, scenario) >= 1000 * (foldStep(group, name, ({ workers }) => workers) ?? Infinity),
    wait: foldStep(group, name, ({ queueTime }) => queueTime.p95) ?? 0,
  }));
  const [worst] = waits.filter((it) => it.coldStarts > 0 && !it.isBusy && it.wait > 0 && it.wait >= WAITING * p95).toSorted((a, b) => b.wait - a.wait);
  if (!worst || p95 === 0) return [];
  const { wait } = worst;
  const start = subjectOf(scenario, architecture)?.services.find(({ name }) => name === worst.names.service)?.scaling?.start ?? 0;
  return [{ kind: 'cold-starts', architecture, load, numbers: { coldStarts: worst.coldStarts, start, wait, p95 }, names: worst.names }];
}

/** What rates let through: those that services refuse more than (429), and those that callers hold themselves back by. */
type Felt = Found<'rate-limit'>;

/** The rates that a load asks more of than they let through, and that were felt. @param steps those that the reply waits for */
function rateLimits(group: TrialGroup, steps: readonly Step[], scenario: Scenario): Felt[] {
  const subject = subjectOf(scenario, group.architecture);
  if (!subject) return [];
  const own = steps.flatMap((step) => (step.rate ? [felt(group, [step], perSecond(step.rate), 'step', subject, scenario)] : []));
  // Where a request goes on without what was refused, nothing is limited.
  const needing = steps.filter(({ onError }) => onError === 'fail');
  const services = [...new Set(needing.map(({ call }) => call))].flatMap((name) => {
    const rate = subject.services.find((service) => service.name === name)?.rate;
    return rate ? [felt(group, steps.filter(({ call }) => call === name), perSecond(rate), 'service', subject, scenario)] : [];
  });
  return [...own, ...services].filter(
    ({ numbers: { capacity, demand, refused, held }, names: { step } }) => capacity < demand && refused + held > FELT * (foldStep(group, step, ({ calls }) => calls) ?? 0),
  );
}

/** @param steps that it counts the calls of, one at least */
function felt(group: TrialGroup, steps: readonly Step[], rate: number, limit: Felt['names']['limit'], subject: Subject, scenario: Scenario): Felt {
  const { architecture, load } = group;
  const perRequest = steps.reduce((sum, step) => sum + callsPerRequest(step, subject), 0);
  const count = (which: 'limited' | 'paced', name: string): number => fold(group, ({ steps: results }) => results[name]?.[which] ?? 0) ?? 0;
  const total = (which: 'limited' | 'paced'): number => steps.reduce((sum, { name }) => sum + count(which, name), 0);
  const most = steps.toSorted((a, b) => count('limited', b.name) - count('limited', a.name))[0]!;
  const capacity = rate / perRequest;
  const numbers = {
    rate, perRequest, capacity, demand: demandOf(group, scenario), knee: (capacity * replyCycle(group, scenario)) / 1000,
    refused: limit === 'service' ? total('limited') : 0,
    held: limit === 'step' ? total('paced') : 0,
  };
  return { kind: 'rate-limit', architecture, load, numbers, names: { step: most.name, service: most.call, limit } };
}
