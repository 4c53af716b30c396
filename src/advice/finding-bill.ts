/** What the event side costs: work that waits, dies or is lost after the reply. */
import { isBacklogGrowing } from '../measurement/backlog-growth.js';
import type { Found } from '../measurement/finding.js';
import { byCost } from './cost.js';
import { isCensored, isKnown } from '../measurement/times.js';
import { ORDERS_CONSUMER } from '../scenarios/architectures.js';
import { latencyMean } from '../scenarios/draw.js';
import { formatFault } from '../scenarios/fault.js';
import { nounOfRequest } from '../scenarios/noun.js';
import { perSecond, type Scenario } from '../scenarios/scenario.js';
import { subjectOf } from '../scenarios/subject.js';
import { foldConsumer, foldStep } from './demand.js';
import { FAILURE_KINDS } from './finding-cause.js';
import { workersFor } from './work.js';
import { callsFor, meanWork } from './mean-work.js';
import { needOf } from './need.js';
import { eventsOf } from './option.js';
import { fold, type TrialGroup } from './rounds.js';
import { meanOf } from './same-orders.js';

/** Share of the good answers whose work may die before nobody would say that consumers keep up. */
const FEW_DEAD = 0.01;

export type Bill = Found<'lost' | 'failed-later' | 'backlog-grows' | 'keeps-up'>;

/** For every subject that publishes events, at each load: what was lost or failed later, and whose backlog grows; the subject first that pays most. */
export function bills(groups: readonly TrialGroup[], scenario: Scenario): Bill[] {
  const found = groups.flatMap((group): Bill[] => {
    if (fold(group, (trial) => trial.events?.attempted ?? null) === null) return [];
    const growing = backlogs(group, scenario);
    return [...lost(group, scenario), ...failedLater(group, scenario), ...(growing.length > 0 ? growing : keepsUp(group, scenario))];
  });
  return byCost(found);
}

function lost(group: TrialGroup, scenario: Scenario): Found<'lost'>[] {
  const count = (pick: 'lost' | 'acknowledged'): number => fold(group, (trial) => trial.events?.[pick] ?? null) ?? 0;
  const faults = (subjectOf(scenario, group.architecture)?.faults ?? []).map(formatFault);
  const numbers = { lost: count('lost'), acknowledged: count('acknowledged') };
  const { architecture, load } = group;
  return numbers.lost > 0 ? [{ kind: 'lost', architecture, load, numbers, names: faults.length > 0 ? { faults: faults.join(', ') } : {} }] : [];
}

function failedLater(group: TrialGroup, scenario: Scenario): Found<'failed-later'>[] {
  const count = fold(group, (trial) => trial.failedLater) ?? 0;
  const { architecture, load } = group;
  const numbers = { failedLater: count, ok: fold(group, (trial) => trial.outcomes.ok) ?? 0 };
  return count > 0 ? [{ kind: 'failed-later', architecture, load, numbers, names: { noun: nounOfRequest(scenario), ...killerOf(group) } }] : [];
}

/** The consumer that gave most events up, and how most of its calls failed. */
function killerOf(group: TrialGroup): { consumer?: string; how?: string } {
  const consumers = Object.keys(group.measured[0]?.events?.consumers ?? {}).map((name) => ({
    name,
    dead: foldConsumer(group, name, (result) => result.deadLettered) ?? 0,
  }));
  const [worst] = consumers.toSorted((a, b) => b.dead - a.dead);
  if (!worst || worst.dead === 0) return {};
  const kinds = FAILURE_KINDS.map((kind) => ({ kind, count: foldStep(group, worst.name, (result) => result[kind] ?? 0) ?? 0 }));
  const [how] = kinds.toSorted((a, b) => b.count - a.count);
  return { consumer: worst.name, ...(how && how.count > 0 ? { how: how.kind } : {}) };
}

/** Consumers whose backlog grows for as long as the load lasts, the fastest growing first. */
function backlogs(group: TrialGroup, scenario: Scenario): Found<'backlog-grows'>[] {
  const names = Object.keys(group.measured[0]?.events?.consumers ?? {});
  const all = names.map((name) => backlog(group, name, scenario));
  const growing = all.filter(({ numbers: { inHand } }, i) => growsInMost(group, names[i] ?? '', inHand));
  return growing.toSorted((a, b) => b.numbers.slope - a.numbers.slope);
}

/** Whether the backlog grows in more than half of the rounds. */
function growsInMost({ measured }: TrialGroup, consumer: string, inHand: number): boolean {
  const grows = measured.filter(({ events, window }) => {
    const flow = events?.consumers[consumer];
    return flow !== undefined && isBacklogGrowing(flow, inHand, window.seconds);
  });
  return grows.length * 2 > measured.length;
}

function backlog(group: TrialGroup, consumer: string, scenario: Scenario): Found<'backlog-grows'> {
  const of = (pick: Parameters<typeof foldConsumer>[2]): number | null => foldConsumer(group, consumer, pick);
  const arrivalRate = of((result) => result.arrivalRate) ?? 0;
  const drainSeconds = of((result) => result.backlog.drainSeconds);
  const { service, workers, scales, work, isShared } = needOf(group, consumer, arrivalRate, scenario);
  const rate = rateOf(group, consumer, arrivalRate, scenario);
  // Of a load that changes, those that keep up with its highest level; in a short window more or less may have come than is asked for.
  const arrived = peakOf(group) * heldBack(group, consumer, scenario) * work * 1000;
  const offered = offeredWork(group, consumer, isShared, scenario);
  const workersNeeded = workersFor(1, arrived >= BY_CHANCE * offered ? Math.max(arrived, offered) : arrived);
  // Where there are as many as the load takes on average, something else is the matter: then no number of them is said.
  const isShort = rate === null && !isGivenUp(group, consumer, scenario) && (workers === null || workersNeeded > workers);
  const numbers = {
    slope: of((result) => result.backlog.slopePerSecond) ?? 0,
    arrivalRate,
    processingRate: of((result) => result.processingRate) ?? 0,
    end: of((result) => result.backlog.end) ?? 0,
    pending: of((result) => result.pending) ?? 0,
    inHand: Math.ceil(work),
    ...(isShort ? { workersNeeded } : {}),
    ...(rate === null ? {} : { rate: rate.rate }),
    ...(workers === null ? {} : { workers, ...(scales && { scales: 1 as const }) }),
    ...(drainSeconds === null ? {} : { drainSeconds }),
  };
  const { architecture, load } = group;
  return { kind: 'backlog-grows', architecture, load, numbers, names: { consumer, service, ...(isShared ? { shared: service } : {}), ...(rate === null ? {} : { limit: rate.limit }) } };
}

/** Share of the work that is asked for from which on it is chance that less has come, and not that something before it holds it back. */
const BY_CHANCE = 0.9;

/**
 * Work that a rate asks of a consumer at its highest level when all before it is done, ms a second; 0 where users wait for their replies, or half of these fail.
 * @param isShared of all consumers that call its service
 */
function offeredWork({ architecture, load, measured }: TrialGroup, name: string, isShared: boolean, scenario: Scenario): number {
  const subject = subjectOf(scenario, architecture);
  const consumer = subject?.event.consumers.find((one) => one.name === name);
  const failureRate = Math.max(...measured.map((trial) => trial.failureRate));
  if (!subject || !consumer || load.model === 'closed' || failureRate >= 0.5) return 0;
  const those = isShared ? subject.event.consumers.filter(({ call }) => call === consumer.call) : [consumer];
  return those.reduce((sum, one) => sum + eventsOf(one, subject, { open: load }, { failureRate }) * meanWork(one, subject.services), 0);
}

/** Its work takes longer than it is waited for: no number of workers would do it. */
function isGivenUp(group: TrialGroup, name: string, scenario: Scenario): boolean {
  const subject = subjectOf(scenario, group.architecture);
  const consumer = subject?.event.consumers.find((one) => one.name === name);
  const service = subject?.services.find((one) => one.name === consumer?.call);
  return consumer !== undefined && service !== undefined && latencyMean(service.latency) > consumer.timeout;
}

/** Times that more would arrive if the consumers whose work this one comes after did theirs. */
function heldBack(group: TrialGroup, consumer: string, scenario: Scenario): number {
  const after = subjectOf(scenario, group.architecture)?.event.consumers.find(({ name }) => name === consumer)?.after ?? [];
  const before = consumer === ORDERS_CONSUMER ? [] : [...after, ORDERS_CONSUMER];
  return Math.max(1, ...before.map((name) => (name === consumer ? 1 : shortageOf(group, name) * (name === ORDERS_CONSUMER ? 1 : heldBack(group, name, scenario)))));
}

/** Times that what arrives at a consumer is what it can do, where its backlog grows. */
function shortageOf(group: TrialGroup, consumer: string): number {
  const [arrivals, done] = [foldConsumer(group, consumer, (result) => result.arrivalRate) ?? 0, foldConsumer(group, consumer, (result) => result.processingRate) ?? 0];
  return done > 0 && growsInMost(group, consumer, 0) ? Math.max(1, arrivals / done) : 1;
}

/** Times that the highest level of the load is its mean. */
function peakOf({ load }: TrialGroup): number {
  return load.model === 'open' && load.ramp ? load.rate / Math.max(1e-9, meanOf(load.ramp)) : 1;
}

/** A rate that is less than what a consumer's messages ask for: its own, or that of the service. Then no number of workers is enough. */
function rateOf(group: TrialGroup, name: string, arrivalRate: number, scenario: Scenario): { rate: number; limit: 'consumer' | 'service' } | null {
  const subject = subjectOf(scenario, group.architecture);
  const consumer = subject?.event.consumers.find((one) => one.name === name);
  if (!subject || !consumer) return null;
  const atService = subject.services.find((one) => one.name === consumer.call)?.rate;
  const rates = [
    ...(consumer.rate ? [{ rate: perSecond(consumer.rate), limit: 'consumer' as const }] : []),
    ...(atService ? [{ rate: perSecond(atService), limit: 'service' as const }] : []),
  ];
  const [least] = rates.toSorted((a, b) => a.rate - b.rate);
  return least && least.rate < arrivalRate * callsFor(consumer) ? least : null;
}

/** Nothing waits longer and longer, nothing died, and 95 of 100 were complete when it was over. */
function keepsUp(group: TrialGroup, scenario: Scenario): Found<'keeps-up'>[] {
  const dead = (fold(group, (trial) => trial.failedLater) ?? 0) / Math.max(1, fold(group, (trial) => trial.outcomes.ok) ?? 0);
  if (dead > FEW_DEAD) return [];
  const known = (pick: 'lag' | 'completionTime'): number | null =>
    fold(group, ({ events }) => {
      const times = events?.[pick];
      return times && isKnown(times, 'p95') && !isCensored(times, 'p95') ? times.p95 : null;
    });
  const [lagP95, completionP95] = [known('lag'), known('completionTime')];
  if (lagP95 === null || completionP95 === null) return [];
  const { architecture, load } = group;
  return [{ kind: 'keeps-up', architecture, load, numbers: { lagP95, completionP95 }, names: { noun: nounOfRequest(scenario) } }];
}
