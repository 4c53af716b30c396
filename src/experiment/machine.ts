/** What this machine, and the bus on it, add when nothing waits: measured once for a run, before anything is predicted. */
import { MEMORY, type BusSettings } from '../events/settings.js';
import type { MachineTimes, MeasuredTrial } from '../measurement/record.js';
import { OUTCOMES } from '../load/load.js';
import { idealSummary } from '../measurement/ideal.js';
import { isMachines, latestProcess, VALIDITY_LIMITS } from '../measurement/validity.js';
import { decodeSamples } from '../measurement/samples.js';
import { quantilesOf, toMicroseconds } from '../measurement/times.js';
import { callGraphOf, publishesEvents } from '../scenarios/architectures.js';
import { drawsOf, takesPart } from '../scenarios/draw.js';
import { isProcessFault } from '../scenarios/fault.js';
import { parseScenario } from '../scenarios/parse.js';
import { isTarget, subjectOf, type Measurable, type Subject } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';
import { processesOf, whyUntold } from '../simulation/buses.js';
import { paceOf } from '../simulation/pace.js';
import { planTrials, type Plan, type TrialPlan } from './plan.js';
import type { RunTrial } from './trial.js';

/** Time that its one call takes, ms, and the share of requests that make it: the others tell what a reply alone takes. */
const CALL = { name: 'call', ms: 2, share: 0.5 };
/** Requests a second, at most: each has long been answered when the next one comes; and at least, since so many have to be waited for. */
const PACES = { most: 150, least: 20 };
/** Trials whose paces differ by less than that are measured at one. */
const ALIKE = 1.5;
/** Of replies that take as long when nothing waits, the pace changes less than a hundredth, ms: a probe more would be time for nothing. */
const LONG = 100;
/** As short as any warm-up of a trial: the code of a trial with few requests has not been compiled either, ms. */
const WARMUP = 1000;
/** Requests that tell, half of them with a call, and how long they come at least, ms. */
const REQUESTS = 45;
const SHORTEST = 650;
const SEED = 1;

/** What of a plan rests on the machine; without a load, on a machine that is asked often. */
type Rested = Pick<Plan, 'hop'> & { trials: readonly (Pick<TrialPlan, 'subject' | 'bus'> & Partial<Pick<TrialPlan, 'load' | 'think' | 'seed'>>)[] };

/** Measures what a plan rests on; null where nothing in it is simulated, or the measurement fails: the trials will tell why. */
export async function measureMachine(plan: Rested, runTrial: RunTrial, signal: AbortSignal): Promise<MachineTimes | null> {
  return measured(plan, runTrial, signal).catch(() => null);
}

async function measured(plan: Rested, runTrial: RunTrial, signal: AbortSignal): Promise<MachineTimes | null> {
  const paces = pacesOf(plan);
  if (paces.length === 0) return null;
  const [busiest, idlest] = [Math.max(...paces), Math.min(...paces)];
  const times = await timesAt(busiest, plan, runTrial, signal);
  const slower = times && busiest >= ALIKE * idlest ? await timesAt(idlest, plan, runTrial, signal) : null;
  const restart = await restartTimes(plan, runTrial, signal);
  return times && { ...times, rate: busiest, ...(restart && { restart }), ...(slower && { slower: { ...slower, rate: idlest } }) };
}

/** A crash of a probe: late enough for the process to be busy, and back before the window ends, ms. */
const CRASH = { kind: 'crash', at: 100, for: 500 } as const;
const CRASH_WINDOW = 1500;

/** How long each process that a fault of the plan kills takes to serve again, as far as the model knows of it, ms; null where none does. */
async function restartTimes({ trials, hop }: Rested, runTrial: RunTrial, signal: AbortSignal): Promise<MachineTimes['restart'] | null> {
  const killed = trials.flatMap(({ subject, bus }) => {
    if (isTarget(subject)) return [];
    const processes = processesOf(bus, publishes(subject));
    const crashes = subject.faults.filter(isProcessFault).filter((fault) => fault.kind === 'crash' && processes.includes(fault.process) && whyUntold(fault, bus, subject) === null);
    return crashes.map(({ process }) => [process, bus] as const);
  });
  const times: NonNullable<MachineTimes['restart']> = {};
  for (const [process, bus] of new Map(killed)) {
    const subject = { ...probe('hybrid', noted(0)), faults: [{ ...CRASH, process }] };
    const { faults = [] } = await runTrial({ ...planOf(subject, bus, PACES.least, hop), duration: CRASH_WINDOW }, signal, () => {});
    const [mark] = faults;
    if (mark?.until) times[process] = Math.max(0, mark.until - mark.at - CRASH.for);
  }
  return killed.length > 0 ? times : null;
}

/** Requests a second of each simulated trial while nothing waits, as far as a probe can be of them. */
function pacesOf({ trials }: Rested): number[] {
  return trials.flatMap(({ subject, load, think = 0, seed = SEED }) => {
    if (isTarget(subject)) return [];
    const pace = load && idealSummary(subject, seed).mean < LONG ? paceOf({ subject, load, think, seed }) : PACES.most;
    return Math.min(PACES.most, Math.max(PACES.least, Math.round(pace)));
  });
}

/** What the machine, and the bus on it, add to requests that come at a pace. */
async function timesAt(rate: number, { trials, hop }: Rested, runTrial: RunTrial, signal: AbortSignal): Promise<MachineTimes | null> {
  const publishing = trials.find(({ subject }) => publishes(subject));
  const isWithin = publishing?.bus.name === MEMORY.name;
  const events = noted(payloadOf(trials.map(({ subject }) => subject)));
  const subject = isWithin ? probe('hybrid', events) : probe('sync', '');
  const trial = await undisturbed(planOf(subject, MEMORY, rate, hop), runTrial, signal);
  const times = trial && idleTimesOf(trial, SEED);
  if (!times) return null;
  // Within the process a publish is part of the reply.
  return { ...times, ...(!publishing || isWithin ? NO_BUS : await busTimes(planOf(probe('hybrid', events), publishing.bus, rate), runTrial, signal)) };
}

/** The plan with every prediction made for this machine. */
export function withMachine(plan: Plan, machine: MachineTimes | null): Plan {
  return machine ? { ...plan, trials: plan.trials.map((trial) => ({ ...trial, machine })) } : plan;
}

function publishes(subject: Measurable): boolean {
  return !isTarget(subject) && publishesEvents(subject.architecture);
}

function payloadOf(subjects: readonly Measurable[]): number {
  return Math.max(0, ...subjects.flatMap((subject) => (isTarget(subject) ? [] : callGraphOf(subject).streams.map(({ payload }) => payload))));
}

/** Times that it is tried: others may have kept the machine busy. */
const TRIES = 3;

/** A trial of a machine that had nothing else to do, or where there is none to be had the one that was least disturbed; null: it was not the machine that went wrong. */
async function undisturbed(plan: TrialPlan, runTrial: RunTrial, signal: AbortSignal): Promise<MeasuredTrial | null> {
  let least: MeasuredTrial | null = null;
  for (let tried = 0; tried < TRIES && disturbanceOf(least) > VALIDITY_LIMITS.delayNote; tried++) {
    const trial = await runTrial(plan, signal, () => {});
    if (disturbanceOf(trial) < disturbanceOf(least)) least = trial;
  }
  return least;
}

/** How late its latest process reacted, ms; where the machine made it invalid more than that of any that is valid. Infinity where there is nothing to tell of it. */
function disturbanceOf(trial: MeasuredTrial | null): number {
  if (!trial || !(trial.validity.valid || isMachines(trial))) return Infinity;
  return (latestProcess(trial)?.ms ?? 0) + (trial.validity.valid ? 0 : INVALID);
}

const INVALID = 1e6;

async function busTimes(plan: TrialPlan, runTrial: RunTrial, signal: AbortSignal): Promise<Pick<MachineTimes, 'publish' | 'delivery'>> {
  const trial = await undisturbed(plan, runTrial, signal);
  const events = trial?.events;
  if (!events?.publishing) return NO_BUS;
  return { publish: quantilesOf(events.publishing.latency), delivery: quantilesOf(events.lag) };
}

const NO_BUS = { publish: [], delivery: [] };

/** An event of so many bytes, and who hears it. */
function noted(payload: number): string {
  return `event: { payload: ${payload}, consumers: { note: { call: ${CALL.name} } } }`;
}

/** One call that half of the requests make. */
function probe(architecture: 'sync' | 'hybrid', more: string): Subject {
  const { name, ms, share } = CALL;
  const text = `services: { ${name}: { latency: ${ms}ms, workers: unlimited } }\nsteps: [{ call: ${name}, critical: true, share: ${share} }]\n${more}`;
  return subjectOf(parseScenario(text, { file: 'machine.yaml' }), architecture)!;
}

function planOf(subject: Subject, bus: BusSettings, rate: number, hop?: Hop): TrialPlan {
  const duration = Math.max(SHORTEST, Math.ceil((1000 * REQUESTS) / rate));
  const load = { users: [], rates: [rate], arrivals: 'even' as const, stages: [], think: 0, duration, until: null, maxDuration: duration, warmup: WARMUP, timeout: 5000, drain: 500, rounds: 1 };
  const scenario = { ...parseScenario('services: { a: 1ms }\nsteps: [a!]', { file: 'machine.yaml' }), load };
  const [plan] = planTrials(scenario, [subject], SEED, bus).trials;
  return { ...plan!, calibrate: false, ...(hop ? { hop } : {}) };
}

/** What requests took beyond their call, told apart by whether they made one. @returns null where too few tell */
export function idleTimesOf({ samples }: Pick<MeasuredTrial, 'samples'>, seed: number): Pick<MachineTimes, 'reply' | 'call'> | null {
  const { start, time, outcome } = decodeSamples(samples);
  const draws = drawsOf(seed, CALL.name);
  const [called, alone]: [number[], number[]] = [[], []];
  let index = 0;
  for (let row = 0; row < start.length; row++) {
    if (start[row]! < 0) continue;
    // Requests of a schedule are numbered in the order sent.
    const isCalled = takesPart(draws, CALL.share, index++);
    if (outcome[row] === GOOD) (isCalled ? called : alone).push(time[row]!);
  }
  if (called.length < FEWEST || alone.length < FEWEST) return null;
  const reply = sorted(alone);
  const beyond = CALL.ms + reply[reply.length >> 1]!;
  return { reply, call: sorted(called.map((ms) => Math.max(0, ms - beyond))) };
}

const GOOD = OUTCOMES.indexOf('ok');
/** Fewer say nothing of a spread. */
const FEWEST = 10;

/** Microseconds are more than a clock tells. */
function sorted(times: readonly number[]): number[] {
  return times.map(toMicroseconds).toSorted((a, b) => a - b);
}
