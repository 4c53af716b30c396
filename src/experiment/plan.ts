/** What will be run, in which order, and about how long it takes. Pure: `--dry-run` prints it. */
import { BUSES } from '../events/buses.js';
import type { BusDescriptor } from '../events/descriptor.js';
import { type BusSettings, MEMORY } from '../events/settings.js';
import { loadSize } from '../measurement/loads.js';
import type { BusRecord, MachineTimes, PlannedTrial, TrialHead, TrialLoad } from '../measurement/record.js';
import { callGraphOf, publishesEvents } from '../scenarios/architectures.js';
import { outlastsReplies } from '../scenarios/call-graph.js';
import { type ClientRetries, type Load, peakOf, type Ramp } from '../scenarios/load.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isTarget, type Measurable, type Subject } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';
import { MEASURED_ON } from '../simulation/bus-times.js';
import type { Threshold } from '../verdict/thresholds.js';
import { calibrationEntry } from './calibration.js';
import { unloadedResponse } from './job.js';

/** One trial, with everything it needs. */
export interface TrialPlan<S extends Measurable = Measurable> extends Omit<PlannedTrial, 'subject'> {
  subject: S;
  /** Time over which the users are let in, ms. */
  entry: number;
  /** Pause of a user between answer and next request, ms. */
  think: number;
  /** How clients send a request again that has failed; without it they do not. */
  retries?: ClientRetries;
  seed: number;
  /** Longest warm-up, ms: longer than `warmup` where that goes on until response times are steady. */
  maxWarmup: number;
  /** A few requests are sent alone before, to see what the machine adds to them. */
  calibrate: boolean;
  /** The window goes on until p95 is known to so much more or less, and no longer than `within` ms; null: it does not. */
  until: { precision: number; within: number; early?: EarlyEnd } | null;
  /** Limits that end the run when they are hopeless; none without it. */
  abortOn?: Threshold[];
  /** What predictions of the trial know of the machine. */
  machine?: MachineTimes;
  /** How events travel. */
  bus: BusSettings;
  /** How calls get to the simulated services; `http` when left out. */
  hop?: Hop;
  /** Whether its spans are to be written. */
  keepsSpans?: boolean;
}

/** A window that ends before its time when failures and the backlog's slope are known, too. */
export interface EarlyEnd {
  /** How long it lasts at least, ms. */
  shortest: number;
  /** How well the slope has to be known: a share of itself, or of the good answers a second. */
  slope: number;
}

export interface Plan<S extends Measurable = Measurable> {
  trials: TrialPlan<S>[];
  estimatedSeconds: number;
  /** How calls get to the simulated services in all of it; `http` when left out. */
  hop?: Hop;
}

/** Shortest warm-up, ms: code that has not been compiled yet answers some milliseconds late. */
const MIN_WARMUP = 1000;
/** How many times as long a warm-up may last that finds no end. */
const MAX_WARMUPS = 3;
/** Shortest time over which users are let in, ms. */
const MIN_ENTRY = 200;
/** Users who enter in a second, at most. */
const MOST_ENTERING = 1000;
/** Starting and stopping the processes of a trial, ms: for the estimate only. */
const OVERHEAD = 700;

/**
 * Every trial of a run: for each round and each load the subjects one after another, so that a drifting machine hits
 * all alike; every second round in the opposite order.
 */
export function planTrials<S extends Measurable>(
  scenario: Scenario,
  subjects: readonly S[],
  seed: number,
  bus: BusSettings = MEMORY,
): Plan<S> {
  const trials: TrialPlan<S>[] = [];
  for (let round = 1; round <= scenario.load.rounds; round++) {
    const order = round % 2 === 1 ? subjects : subjects.toReversed();
    for (const load of loadsOf(scenario.load)) {
      for (const subject of order) {
        const isFirst = !trials.some((trial) => trial.subject === subject);
        // What a real service takes is another every time: nothing is known to hold a request against.
        const calibrate = isFirst && !isTarget(subject) && !subject.services.some(({ endpoint }) => endpoint);
        trials.push({ ...planTrial(scenario.load, subject, load, round, seed), calibrate, bus });
      }
    }
  }
  return { trials, estimatedSeconds: secondsOf(trials) };
}

function secondsOf(trials: readonly TrialPlan[]): number {
  return Math.ceil(trials.reduce((sum, trial) => sum + estimateOf(trial), 0) / 1000);
}

/** The plan with every call made by this hop. */
export function withHop(plan: Plan, hop: Hop): Plan {
  return hop === 'http' ? plan : { ...plan, hop, trials: plan.trials.map((trial) => ({ ...trial, hop })) };
}

/** What a trial is known to when it may end: p95 and failures to 2 %, a slope to 5 %; and how long it lasts at least, ms. */
export const EARLY = { precision: 0.02, shortest: 3000, slope: 0.05 } as const;
/** Requests that p95 and failures take to be known that well, where hardly any fail. */
const EARLY_REQUESTS = 70;

/** The plan with windows that end as soon as enough is known, and as planned at the latest. */
export function withEarlyEnd(plan: Plan): Plan {
  const { precision, shortest, slope } = EARLY;
  const trials = plan.trials.map((trial) =>
    trial.duration > shortest ? { ...trial, until: { precision, within: trial.duration, early: { shortest, slope } } } : trial,
  );
  return { ...plan, trials, estimatedSeconds: secondsOf(trials) };
}

/** The plan with everything kept that spans are written of. */
export function withSpans(plan: Plan): Plan {
  return { ...plan, trials: plan.trials.map((trial) => ({ ...trial, keepsSpans: true })) };
}

/** The plan with the limits that may end each trial. */
export function withAborts(plan: Plan, thresholds: readonly Threshold[]): Plan {
  const isAbout = ({ architecture, load }: TrialPlan, limit: Threshold): boolean =>
    limit.abortAfter !== undefined && limit.subject === architecture && (limit.load === null || limit.load === loadSize(load));
  return { ...plan, trials: plan.trials.map((trial) => ({ ...trial, abortOn: thresholds.filter((limit) => isAbout(trial, limit)) })) };
}

/** What is said of a trial before anything is known of its outcome. */
export function headOf(plan: TrialPlan): TrialHead {
  const { subject, architecture, base, round, load } = plan;
  return { subject: subject.name, architecture, base, round, load };
}

/** The loads to measure at: users when there are any, else rates; with stages, each is where a ramp begins. */
export function loadsOf(load: Load): TrialLoad[] {
  const { users, rates, stages } = load;
  const arrivals = load.arrivals === 'even' ? {} : { arrivals: load.arrivals };
  if (stages.length > 0) {
    const ramp = (from: number): Ramp => ({ from, stages });
    if (rates.length > 0) return rates.map(ramp).map((it) => ({ model: 'open', rate: peakOf(it), ...arrivals, ramp: it }));
    return (users.length > 0 ? users : [0]).map(ramp).map((it) => ({ model: 'closed', users: peakOf(it), ramp: it }));
  }
  if (users.length > 0) return users.map((count) => ({ model: 'closed', users: count }));
  return rates.map((rate) => ({ model: 'open', rate, ...arrivals }));
}

function planTrial<S extends Measurable>(
  load: Load,
  subject: S,
  trialLoad: TrialLoad,
  round: number,
  seed: number,
): Omit<TrialPlan<S>, 'calibrate' | 'bus'> {
  const base = isTarget(subject) ? null : subject.architecture;
  const ideal = unloadedResponse(subject, seed);
  const entry = entryOf(trialLoad, Math.max(MIN_ENTRY, ideal + load.think));
  const warmup = load.warmup === 'auto' ? autoWarmup(trialLoad, ideal, entry) : load.warmup;
  return {
    architecture: subject.name,
    base,
    round,
    load: trialLoad,
    subject,
    seed,
    warmup,
    maxWarmup: load.warmup === 'auto' ? MAX_WARMUPS * warmup : warmup,
    // The longest window may be shorter than the usual one.
    duration: load.until === null ? load.duration : Math.min(load.duration, load.maxDuration),
    drain: !isTarget(subject) && outlastsReplies(callGraphOf(subject)) ? load.drain : 0,
    timeout: load.timeout,
    ...(load.retries && { retries: load.retries }),
    entry,
    think: load.think,
    until: load.until === null ? null : { precision: load.until, within: load.maxDuration },
  };
}

/**
 * Users are let in over one cycle of theirs, so that they come evenly ever after; over as many as it takes when they are
 * very many, because a server that is still accepting connections answers them in heaps, which last.
 */
function entryOf(load: TrialLoad, cycle: number): number {
  const users = load.model === 'closed' ? (load.ramp?.from ?? load.users) : 0;
  return cycle * Math.max(1, Math.ceil(users / ((cycle / 1000) * MOST_ENTERING)));
}

/** Time to let the users in, and half a response time for the queues to find their level. */
function autoWarmup({ ramp }: TrialLoad, ideal: number, entry: number): number {
  // A ramp that begins with nobody has nothing to warm up with.
  return ramp?.from === 0 ? 0 : Math.round(Math.max(MIN_WARMUP, entry + ideal / 2));
}

/** Starting a private broker, ms; nothing where there is none to be started. */
function startOf({ name }: Pick<BusSettings, 'name'>): number {
  return (BUSES[name] as BusDescriptor).broker?.startTime ?? 0;
}

/** How long a trial will take, about, ms. */
export function estimateOf(trial: TrialPlan): number {
  const { subject, seed, calibrate, base, bus } = trial;
  const broker = base && publishesEvents(base) ? startOf(bus) + (bus.outbox ? startOf(bus.outbox) : 0) : 0;
  const alone = calibrate && !isTarget(subject) ? calibrationEntry(subject, seed) + unloadedResponse(subject, seed) : 0;
  return OVERHEAD + broker + alone + trial.warmup + windowOf(trial) + trial.entry + trial.drain;
}

/** How long its window will be, about, ms: where it may end early, as long as it takes to answer enough requests. */
function windowOf({ until, duration, load, subject, seed, think }: TrialPlan): number {
  if (!until?.early) return duration;
  const perSecond = load.model === 'open' ? load.rate : (load.users * 1000) / Math.max(1, unloadedResponse(subject, seed) + think);
  return Math.min(duration, Math.max(until.early.shortest, (EARLY_REQUESTS * 1000) / perSecond));
}

/** What carries the events of a plan; nothing where none are published. */
export function busOf({ trials }: { trials: readonly Pick<TrialPlan, 'base' | 'bus'>[] }, said = 0): { bus?: BusRecord } {
  const trial = trials.find(({ base }) => base && publishesEvents(base));
  return trial ? { bus: busRecordOf(trial.bus, said) } : {};
}

/** @param said what the scenario says of a publish, ms; 0: nothing */
export function busRecordOf({ name, publish, url, outbox, times }: BusSettings, said: number): BusRecord {
  if (times) return { name, publish, private: null, times: { ...times, said, measuredOn: MEASURED_ON } };
  const isPrivate = BUSES[name].at === 'broker' ? url === null : null;
  return { name, publish, private: isPrivate, ...(outbox && { outbox: outbox.name }) };
}

/** The trial of a subject at a load, with the windows, pauses and timeouts of a scenario. */
export type TrialPlanner = (subject: Subject, load: TrialLoad) => TrialPlan<Subject>;

/** What a trial may rest on beside its scenario. */
interface KnownWorld {
  machine?: MachineTimes | null | undefined;
  bus?: BusSettings | undefined;
}

/**
 * @param drain shortest time that events get after the window, ms
 * @param known what is known of the machine, where the scenario was measured; and how events travel, where that is not within the server
 */
export function trialPlanner({ load, ...scenario }: Scenario, drain: number, seed: number, { machine, bus }: KnownWorld = {}): TrialPlanner {
  const once = { ...load, rounds: 1, drain: Math.max(load.drain, drain) };
  return (subject, wanted) => {
    const [plan] = planTrials({ ...scenario, load: { ...once, ...levelsOf(wanted) } }, [subject], seed, bus).trials;
    if (!plan) throw new Error(`No trial of ${subject.name} was planned at that load`);
    return machine ? { ...plan, machine } : plan;
  };
}

/** The levels of a scenario whose only load is this one. */
function levelsOf(load: TrialLoad): Pick<Load, 'users' | 'rates' | 'stages' | 'arrivals'> {
  const stages = [...(load.ramp?.stages ?? [])];
  const level = load.ramp?.from ?? (load.model === 'closed' ? load.users : load.rate);
  const arrivals = load.model === 'open' ? (load.arrivals ?? 'even') : 'even';
  return load.model === 'closed' ? { users: [level], rates: [], stages, arrivals } : { users: [], rates: [level], stages, arrivals };
}
