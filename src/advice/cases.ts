/** When requests are right and when events are: each case with the number of this scenario that decides it. */
import type { MeasuredTrial } from '../measurement/record.js';
import { meanCalls, meanTurns } from '../scenarios/call-count.js';
import type { Service, Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { FEW_FAILURES, WORTH_IT } from './gain.js';
import type { Grounds } from './grounds.js';
import type { Option } from './option.js';
import { meanWorkOfRequests } from './mean-work.js';
import { loadSize } from './rounds.js';
import { meanOf } from './same-orders.js';

/** `depends`: on something that no scenario tells, such as what the next page reads. */
export type CaseState = 'holds' | 'fails' | 'depends';

/** Numbers and names of each case: times in ms, shares as ratios. What is left out is not known, or there is none. */
interface Facts {
  /** For requests: so many of the `steps` could move. */
  'simple-work': { numbers: { movable: number; steps: number }; names: object };
  /** p95 of how long what `step` writes is not to be read; `unfinished`: 1 where it never was, in part. */
  'reads-own-write': { numbers: { staleness: number; unfinished: 0 | 1 }; names: { step?: string } };
  /** At the worst load, against `limit` (of p95) and `failures`; `isLonger`: 1 where p95 is only known to be at least that. */
  'moderate-load': { numbers: { p95?: number; isLonger: 0 | 1; failureRate: number; limit: number; failures: number }; names: object };
  /** Mean time that the reply needs, of that of all. */
  'reply-needs-it': { numbers: { needed: number; total: number; share: number }; names: object };
  /** For events: the step that may move and that a request waits longest for, how long on average, and its share of that of all. */
  'slow-work': { numbers: { mean: number; share: number }; names: { step?: string } };
  /** At the highest load: the step that is busiest; `suffers`: 1 where requests wait or fail. */
  peaks: { numbers: { p50?: number; ideal: number; failureRate: number; utilisation: number; suffers: 0 | 1 }; names: { step?: string } };
  /** Of the step that fails most: share of its calls, outages; failed requests with and without it in the reply, at the load where least fails. */
  'unreliable-parties': { numbers: { errors: number; outages: number; failuresBefore: number; failuresAfter: number }; names: { step?: string } };
  /** So many would hang on one event: names, comma between. */
  'several-consequences': { numbers: { count: number }; names: { consumers: string } };
  /** Mean time of the `count` steps that may move; `atRisk`: events that wait at once, at most, of what is advised to move, or of any one step. */
  'nobody-waits': { numbers: { time: number; count: number; atRisk: number }; names: { steps: string } };
}

export type CaseKind = keyof Facts;

/** One case for requests or for events, of one kind. Put into words by the report. */
export type CaseOf<K extends CaseKind> = { kind: K; favours: 'requests' | 'events'; state: CaseState } & Facts[K];

export type Case = { [K in CaseKind]: CaseOf<K> }[CaseKind];

/**
 * The four cases for requests, then the five for events.
 * @param chosen what is advised
 */
export function casesOf(subject: Subject, grounds: Grounds, chosen: Option): Case[] {
  const chain = chainOf(subject, grounds);
  return [
    simpleWork(chain),
    readsOwnWrite(grounds),
    moderateLoad(grounds),
    replyNeedsIt(chain),
    slowWork(chain),
    peaks(chain, grounds),
    unreliableParties(chain, grounds),
    severalConsequences(subject, chain),
    nobodyWaits(chain, grounds, chosen),
  ];
}

interface Link {
  step: Step;
  service: Service | undefined;
  /** Mean time that it takes of one of all requests, ms. */
  mean: number;
  movable: boolean;
}

function chainOf(subject: Subject, { steps: advised }: Grounds): Link[] {
  return subject.steps.map((step) => {
    const service = subject.services.find(({ name }) => name === step.call);
    const movable = advised.some((it) => it.step === step.name && it.hindrance === null);
    return { step, service, mean: meanWorkOfRequests(step, subject), movable };
  });
}

const movableOf = (chain: readonly Link[]): Link[] => chain.filter(({ movable }) => movable);
const timeOf = (chain: readonly Link[]): number => chain.reduce((sum, { mean }) => sum + mean, 0);

function made<K extends CaseKind>(
  favours: Case['favours'],
  kind: K,
  state: boolean | CaseState,
  { numbers, names }: Facts[K],
): CaseOf<K> {
  return { kind, favours, state: typeof state === 'string' ? state : state ? 'holds' : 'fails', numbers, names } as CaseOf<K>;
}

/** A name that is only there where there is one. */
function stepName(name: string | undefined): { step?: string } {
  return name === undefined ? {} : { step: name };
}

function bit(holds: boolean | undefined): 0 | 1 {
  return holds ? 1 : 0;
}

function simpleWork(chain: readonly Link[]): Case {
  const movable = movableOf(chain).length;
  return made('requests', 'simple-work', movable === 0, { numbers: { movable, steps: chain.length }, names: {} });
}

/** The longest time that a caller could read what was true before; nobody but the caller knows whether it reads it. */
function readsOwnWrite({ steps }: Grounds): Case {
  const all = steps.flatMap(({ step, loads }) => loads.map((at) => ({ step, ...at })));
  const [worst] = all.toSorted((a, b) => (b.staleness ?? 0) - (a.staleness ?? 0));
  const numbers = { staleness: worst?.staleness ?? 0, unfinished: bit(worst?.unfinished) };
  return made('requests', 'reads-own-write', worst ? 'depends' : 'fails', { numbers, names: stepName(worst?.step) });
}

/** Within the goals: a load that the chain as it is carries, by the numbers that it has among the options. */
function moderateLoad({ options, goals }: Grounds): Case {
  const loads = options[0]?.loads ?? [];
  const p95 = Math.max(...loads.map((outlook) => outlook.p95 ?? Infinity));
  const failureRate = Math.max(...loads.map((outlook) => outlook.failureRate + outlook.failedLater));
  // JSON has no Infinity: where nothing was answered at all, there is no p95.
  const isLonger = bit(loads.some((outlook) => outlook.isLonger && outlook.p95 === p95));
  const numbers = { isLonger, failureRate, limit: goals.p95, failures: goals.failures, ...(Number.isFinite(p95) ? { p95 } : {}) };
  return made('requests', 'moderate-load', p95 <= goals.p95 && failureRate <= goals.failures, { numbers, names: {} });
}

function replyNeedsIt(chain: readonly Link[]): Case {
  const total = timeOf(chain);
  const needed = total - timeOf(movableOf(chain));
  const share = total > 0 ? needed / total : 1;
  return made('requests', 'reply-needs-it', share > 1 - WORTH_IT, { numbers: { needed, total, share }, names: {} });
}

/** In the way of the reply calls that are made at once take no longer than one of them. */
function slowWork(chain: readonly Link[]): Case {
  const timed = chain.map((link) => ({ ...link, mean: link.mean * spanShare(link.step) }));
  const [slowest] = movableOf(timed).toSorted((a, b) => b.mean - a.mean);
  const total = timeOf(timed);
  const share = slowest && total > 0 ? slowest.mean / total : 0;
  return made('events', 'slow-work', share >= WORTH_IT, { numbers: { mean: slowest?.mean ?? 0, share }, names: stepName(slowest?.step.name) });
}

/** Part of the time of all its calls for which a request waits for a step. */
function spanShare(step: Step): number {
  const calls = meanCalls(step.times);
  return calls > 0 ? meanTurns(step) / calls : 1;
}

/** Share of the workers' time from which a service is said to be at its limit. */
const SATURATED = 0.9;

/** At the highest load requests wait, or fail, at a step that is at its limit and could leave the reply. */
function peaks(chain: readonly Link[], { sync }: Grounds): Case {
  const last = sync.at(-1);
  const busiest = last && busiestStep(last);
  const p50 = last?.responseTime.p50 ?? null;
  const ideal = last?.ideal?.p50 ?? 0;
  const suffers = (last?.failureRate ?? 0) > FEW_FAILURES || (p50 !== null && p50 > ideal * (1 + WORTH_IT));
  const movable = chain.some((link) => link.movable && link.step.name === busiest?.name);
  const measured = { ideal, failureRate: last?.failureRate ?? 0, utilisation: busiest?.utilisation ?? 0, suffers: bit(suffers) };
  const numbers = { ...measured, ...(p50 === null ? {} : { p50 }) };
  // Of a load that changes, the workers are as busy as that at its highest level.
  const atPeak = last?.load.ramp ? loadSize(last.load) / Math.max(1e-9, meanOf(last.load.ramp)) : 1;
  const isFull = (busiest?.utilisation ?? 0) * atPeak >= SATURATED;
  return made('events', 'peaks', suffers && isFull && movable, { numbers, names: stepName(busiest?.name) });
}

function busiestStep({ steps }: MeasuredTrial): { name: string; utilisation: number } | undefined {
  const limited = Object.entries(steps).flatMap(([name, { utilisation }]) => (utilisation === null ? [] : [{ name, utilisation }]));
  return limited.toSorted((a, b) => b.utilisation - a.utilisation)[0];
}

/** A movable step whose service fails, or has outages, takes requests with it that would be saved. */
function unreliableParties(chain: readonly Link[], { steps, sync }: Grounds): Case {
  const troubled = movableOf(chain).filter(({ service }) => (service?.errors ?? 0) > 0 || (service?.outages.length ?? 0) > 0);
  const errorsOf = ({ step }: Link): number => Math.max(0, ...sync.map((trial) => trial.steps[step.name]?.errors ?? 0));
  const [worst] = troubled.toSorted((a, b) => errorsOf(b) - errorsOf(a) || (b.service?.errors ?? 0) - (a.service?.errors ?? 0));
  // What it does by itself, with what comes after it: what all moves do together is none of its doing. Nor is what a queue does: at the load
  // where least fails.
  const gains = steps.find(({ step }) => step === worst?.step.name)?.loads.map((at) => at.gain) ?? [];
  const [gain] = gains.toSorted((a, b) => a.failuresBefore - b.failuresBefore);
  const numbers = {
    errors: worst?.service?.errors ?? 0,
    outages: worst?.service?.outages.length ?? 0,
    failuresBefore: gain?.failuresBefore ?? 0,
    failuresAfter: gain?.failuresAfter ?? 0,
  };
  const isRelief = gain !== undefined && gain.failuresAfter < gain.failuresBefore;
  return made('events', 'unreliable-parties', worst !== undefined && isRelief, { numbers, names: stepName(worst?.step.name) });
}

/** One event instead of a call for each: the movable steps, and consumers that no request ever called. */
function severalConsequences({ event, steps }: Subject, chain: readonly Link[]): Case {
  const movable = movableOf(chain).map(({ step }) => step.name);
  const more = event.consumers.map(({ name }) => name).filter((name) => !steps.some((step) => step.name === name));
  const all = [...movable, ...more];
  return made('events', 'several-consequences', all.length >= 2, { numbers: { count: all.length }, names: { consumers: all.join(', ') } });
}

/** Audit, analytics, mails: it must happen, but not now. What waits meanwhile has to be kept somewhere safe. */
function nobodyWaits(chain: readonly Link[], { steps }: Grounds, { moved, loads: promised }: Option): Case {
  const movable = movableOf(chain);
  const waiting: readonly { atRisk: number }[] = moved.length > 0 ? promised : steps.flatMap(({ loads }) => loads);
  const atRisk = Math.max(0, ...waiting.map((at) => at.atRisk));
  const numbers = { time: timeOf(movable), count: movable.length, atRisk };
  return made('events', 'nobody-waits', movable.length > 0, { numbers, names: { steps: movable.map(({ step }) => step.name).join(', ') } });
}
