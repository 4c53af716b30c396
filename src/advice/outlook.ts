/** What an alternative does at one load: reply, failures, what comes after the reply, and what waits. */
import { isBacklogGrowing } from '../measurement/backlog-growth.js';
import type { ConsumerResult, MeasuredTrial, StepResult, TrialLoad } from '../measurement/record.js';
import { isCensored } from '../measurement/times.js';
import { perSecond, type Consumer } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import type { Caught } from './alternatives.js';
import { meanWork } from './mean-work.js';
import { meanCalls } from '../scenarios/call-count.js';

/** The numbers of one alternative at one load. Times in ms, shares as ratios. */
export interface Outlook {
  /** The load of the scenario. */
  load: TrialLoad;
  /** Requests per second that were sent, the same for all alternatives; of a load that changes, the most. */
  orders: number;
  /** Requests in the window that this was seen in. */
  sent: number;
  p50: number | null;
  p95: number | null;
  /** Whether p95 is only known to be at least that: so many callers have given up waiting. */
  isLonger: boolean;
  failureRate: number;
  /** Share of all requests that were told "ok", and whose work died. */
  failedLater: number;
  /** Share of the requests that each step failed in, of those before the reply. */
  failing: Record<string, number>;
  /** Share of the requests in which work of a caught step was left undone: the reply went on without. */
  undone: number;
  /** 95th percentile of the time to the end of the work; null without events. */
  completionP95: number | null;
  /** The same from the reply on, and of the event lag. */
  staleness: number | null;
  lag: number | null;
  /** Whether these are only known to be at least that. */
  unfinished: boolean;
  /** Most events that wait or are worked on at once: lost with the process when they are only in its memory. */
  atRisk: number;
  /** Consumers whose backlog grows for as long as the load lasts; none under a load that has its peaks. */
  growing: string[];
  /** The load moves through stages and ends: a backlog is what a queue is for, as long as it drains. */
  isPeak: boolean;
  /** Time after the load until nothing waits, s; null without events, or when never. */
  drainSeconds: number | null;
  /** Events per second at each consumer. */
  arrivals: Record<string, number>;
  /** The busiest limited service of the reply, by its workers or by a rate; null when none is limited. */
  bottleneck: string | null;
  /** Share of the time that its workers are busy, or of its rate that is used; 0 when none is limited. */
  utilisation: number;
}

/**
 * @param load of the scenario
 * @param orders requests per second
 * @param caught steps that are best effort since the change
 */
export function outlookOf(trial: MeasuredTrial, subject: Subject, load: TrialLoad, orders: number, caught: readonly Caught[] = []): Outlook {
  const { responseTime, failureRate, failedLater, outcomes, events, window } = trial;
  const isPeak = load.ramp !== undefined;
  const consumers = events && Object.keys(events.consumers).length > 0 ? Object.entries(events.consumers) : [];
  const failing = failingOf(trial, subject);
  const limit = busiestOf(trial, subject);
  const times = [events?.completionTime, events?.staleness, events?.lag];
  return {
    load,
    orders,
    sent: outcomes.sent,
    p50: responseTime.p50,
    p95: responseTime.p95,
    isLonger: responseTime.p95 !== null && isCensored(responseTime, 'p95'),
    failureRate,
    failedLater: outcomes.sent > 0 ? failedLater / outcomes.sent : 0,
    failing,
    undone: caught.reduce((sum, { step }) => sum + (failing[step] ?? 0), 0),
    completionP95: consumers.length > 0 ? (events?.completionTime.p95 ?? null) : null,
    staleness: consumers.length > 0 ? (events?.staleness?.p95 ?? null) : null,
    lag: consumers.length > 0 ? (events?.lag.p95 ?? null) : null,
    unfinished: consumers.length > 0 && times.some((one) => one !== undefined && isCensored(one, 'p95')),
    atRisk: events?.backlog.peak ?? 0,
    growing: isPeak ? [] : consumers.filter(([name, flow]) => grows(name, flow, subject, trial)).map(([name]) => name),
    isPeak,
    drainSeconds: events?.backlog.drainSeconds ?? null,
    arrivals: Object.fromEntries(consumers.map(([name, { arrivalRate }]) => [name, arrivalRate])),
    bottleneck: limit?.service ?? null,
    utilisation: limit?.utilisation ?? 0,
  };

  function grows(name: string, flow: ConsumerResult, { event, services }: Subject, { steps }: MeasuredTrial): boolean {
    const consumer = event.consumers.find((one) => one.name === name);
    const inHand = consumer ? (flow.arrivalRate * deliveriesOf(flow, steps[name], consumer) * meanWork(consumer, services)) / 1000 : 0;
    return isBacklogGrowing(flow, inHand, window.seconds);
  }
}

/** Of each step before the reply that failed at all, in how many of the requests. */
function failingOf({ steps, outcomes, events }: MeasuredTrial, subject: Subject): Outlook['failing'] {
  const inReply = subject.steps.filter(({ name }) => !(name in (events?.consumers ?? {})));
  const failed = inReply.map(({ name }) => [name, (steps[name]?.failed ?? 0) / Math.max(1, outcomes.sent)] as const);
  return Object.fromEntries(failed.filter(([, share]) => share > 0));
}

/** Deliveries of an event, on average: failed ones are tried again. A delivery may be several calls. */
export function deliveriesOf({ deadLettered }: ConsumerResult, calls: StepResult | undefined, { times }: Pick<Consumer, 'times'>): number {
  const ended = calls ? calls.ok + deadLettered : 0;
  return calls && ended > 0 ? Math.max(1, calls.calls / meanCalls(times) / ended) : 1;
}

/** The busiest limited service that the reply waits for. */
export function bottleneckOf(trial: MeasuredTrial, subject: Subject): string | null {
  return busiestOf(trial, subject)?.service ?? null;
}

function busiestOf(trial: MeasuredTrial, { steps, services }: Subject): { service: string; utilisation: number } | undefined {
  const consumers = trial.events?.consumers ?? {};
  const limited = steps.flatMap(({ name, call, rate }) => {
    const result = name in consumers ? undefined : trial.steps[name];
    if (!result) return [];
    const rates = [rate, services.find((one) => one.name === call)?.rate].flatMap((limit) => (limit ? [perSecond(limit)] : []));
    // As busy as its workers are, or as much of its rate as is used.
    const uses = rates.map((most) => Math.min(1, result.calls / trial.window.seconds / most));
    const busy = [...uses, ...(result.utilisation === null ? [] : [result.utilisation])];
    return busy.length > 0 ? [{ service: result.service, utilisation: Math.max(...busy) }] : [];
  });
  return limited.toSorted((a, b) => b.utilisation - a.utilisation)[0];
}
