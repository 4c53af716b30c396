/** What a consumer needs to keep up with what arrives, and what it has. */
import { meanCalls } from '../scenarios/call-count.js';
import type { Consumer, Scenario } from '../scenarios/scenario.js';
import { subjectOf, type Subject } from '../scenarios/subject.js';
import { foldConsumer, foldStep, meanServiceTime } from './demand.js';
import { callsFor, callsPerRequest } from './mean-work.js';
import { fold, type TrialGroup } from './rounds.js';
import { callersOf, type CallerWork } from './work.js';

/** The scarcest of what a consumer works with. */
export interface Need {
  service: string;
  /** Workers there are; null without a limit. */
  workers: number | null;
  /** There are so many at most: they scale. */
  scales: boolean;
  /** Workers that the load keeps busy, redeliveries included (offered load in Erlangs; not rounded). */
  work: number;
  /** They are those of a service that others call as well. */
  isShared: boolean;
}

/** What a consumer has is the less of its own workers and of those of the service that it calls, which others may call too. */
export function needOf(group: TrialGroup, consumer: string, arrivalRate: number, scenario: Scenario): Need {
  const subject = subjectOf(scenario, group.architecture);
  const service = group.measured[0]?.events?.consumers[consumer]?.service ?? consumer;
  if (!subject || subject.services.some(({ name }) => name === service)) return consumerNeed(group, consumer, service, arrivalRate, scenario);
  // The consumer that `event-driven` adds runs the critical steps: the scarcest of their services decides.
  return scarcest(submissionNeeds(group, arrivalRate, subject, scenario)) ?? { service, workers: null, scales: false, work: 0, isShared: false };
}

/** Of submissions of all kinds: each service works for those that are of a kind whose critical steps call it. */
function submissionNeeds(group: TrialGroup, arrivalRate: number, subject: Subject, scenario: Scenario): Need[] {
  const critical = subject.steps.filter((step) => step.critical);
  return [...new Set(critical.map(({ call }) => call))].map((service): Need => {
    const mine = critical.filter(({ call }) => call === service);
    const perRequest = mine.reduce((sum, step) => sum + callsPerRequest(step, subject) * meanServiceTime(group, step.name, service, scenario), 0);
    return { service, workers: foldStep(group, mine[0]!.name, (result) => result.workers), scales: scalesAt(group, mine[0]!.name), work: (arrivalRate * perRequest) / 1000, isShared: false };
  });
}

/** Of a consumer that no scenario has settings for. */
const ALL_OF_THEM: Parameters<typeof callsFor>[0] & Pick<Consumer, 'scaling'> & Partial<Pick<Consumer, 'attempts'>> = { share: 1 };

function consumerNeed(group: TrialGroup, consumer: string, service: string, arrivalRate: number, scenario: Scenario): Need {
  const callers = callersOf(group, service, scenario);
  const settings = settingsOf(group, consumer, scenario);
  const mean = meanServiceTime(group, consumer, service, scenario);
  const own = (arrivalRate * callsPerMessage(group, consumer, settings) * mean) / 1000;
  const others = callers.filter(({ name }) => name !== consumer);
  const shared = others.reduce((sum, caller) => sum + (callsAsked(group, caller, scenario) * caller.mean) / 1000, 0);
  const atService = foldStep(group, consumer, (result) => result.workers);
  const mine: Need = { service, workers: foldConsumer(group, consumer, (result) => result.workers), scales: settings.scaling !== undefined, work: own, isShared: false };
  if (atService === null) return mine;
  const its: Need = { service, workers: atService, scales: scalesAt(group, consumer), work: own + shared, isShared: shared > 0 };
  const scarce = scarcest([mine, its]) ?? mine;
  // As many at any time are of no use to whoever calls what scales.
  return { ...scarce, scales: [mine, its].some(({ workers, scales }) => scales && workers === scarce.workers) };
}

function settingsOf(group: TrialGroup, consumer: string, scenario: Scenario): typeof ALL_OF_THEM {
  return subjectOf(scenario, group.architecture)?.event.consumers.find(({ name }) => name === consumer) ?? ALL_OF_THEM;
}

/** Of all messages of its kind, which alone arrive, a consumer works on those of its share of the requests. */
function callsPerMessage(group: TrialGroup, consumer: string, settings: typeof ALL_OF_THEM): number {
  return callsFor(settings) * deliveriesOf(group, consumer, meanCalls(settings.times), settings.attempts ?? Infinity);
}

/** Calls per second that another caller would make if it kept up: those that a consumer has made are no more than it could. */
function callsAsked(group: TrialGroup, { name, rate }: CallerWork, scenario: Scenario): number {
  const arrivals = foldConsumer(group, name, (result) => result.arrivalRate);
  return arrivals === null ? rate : arrivals * callsPerMessage(group, name, settingsOf(group, name, scenario));
}

/** Whether the workers of the service that a step or consumer calls scale. */
function scalesAt(group: TrialGroup, name: string): boolean {
  return group.measured[0]?.steps[name]?.scaled !== undefined;
}

/**
 * Deliveries of a message, on average: failed ones are tried again.
 * @param each calls of one delivery
 * @param most of one message
 */
function deliveriesOf(group: TrialGroup, consumer: string, each: number, most: number): number {
  const calls = (foldStep(group, consumer, (result) => result.calls) ?? 0) / each;
  const again = foldStep(group, consumer, (result) => result.failed) ?? 0;
  const ended = calls - again + (fold(group, (trial) => trial.events?.consumers[consumer]?.deadLettered ?? null) ?? 0);
  return ended > 0 && calls > ended ? Math.min(most, calls / ended) : 1;
}

function scarcest(needs: readonly Need[]): Need | undefined {
  const shortage = ({ workers, work }: Need): number => (workers === null ? 0 : work / workers);
  return needs.toSorted((a, b) => shortage(b) - shortage(a))[0];
}
