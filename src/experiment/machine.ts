/** What this machine, and the bus on it, add when nothing waits: measured once for a run, before anything is predicted. */
import { MEMORY, type BusSettings } from '../events/settings.js';
import type { MachineTimes, MeasuredTrial } from '../measurement/record.js';
import { OUTCOMES } from '../load/load.js';
import { latestProcess, VALIDITY_LIMITS } from '../measurement/validity.js';
import { decodeSamples } from '../measurement/samples.js';
import { quantilesOf, toMicroseconds } from '../measurement/times.js';
import { callGraphOf, publishesEvents } from '../scenarios/architectures.js';
import { drawsOf, takesPart } from '../scenarios/draw.js';
import { parseScenario } from '../scenarios/parse.js';
import { isTarget, subjectOf, type Measurable, type Subject } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';
import { planTrials, type Plan, type TrialPlan } from './plan.js';
import type { RunTrial } from './trial.js';

/** Time that its one call takes, ms, and the share of requests that make it: the others tell what a reply alone takes. */
const CALL = { name: 'call', ms: 2, share: 0.5 };
/** Requests a second: each has long been answered when the next one comes. */
const RATE = 150;
/** Code that has not been compiled yet answers late; then about 50 calls and 50 replies without one, or 100 publishes, ms. */
const WARMUP = 700;
const WINDOW = 650;
const SEED = 1;

/** What of a plan rests on the machine. */
type Rested = Pick<Plan, 'hop'> & { trials: readonly Pick<TrialPlan, 'subject' | 'bus'>[] };

/** Measures what a plan rests on; null where nothing in it is simulated, or the measurement fails: the trials will tell why. */
export async function measureMachine(plan: Rested, runTrial: RunTrial, signal: AbortSignal): Promise<MachineTimes | null> {
  return measured(plan, runTrial, signal).catch(() => null);
}

async function measured({ trials, hop }: Rested, runTrial: RunTrial, signal: AbortSignal): Promise<MachineTimes | null> {
  const subjects = trials.map(({ subject }) => subject);
  if (subjects.every(isTarget)) return null;
  const times = await idleTimes(runTrial, signal, hop);
  if (!times) return null;
  const bus = trials.find(({ subject }) => publishes(subject))?.bus ?? MEMORY;
  // Within the process it takes no time.
  return { ...times, ...(bus.name === MEMORY.name ? NO_BUS : await busTimes(runTrial, signal, bus, payloadOf(subjects))) };
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

async function idleTimes(runTrial: RunTrial, signal: AbortSignal, hop: Hop | undefined): Promise<Pick<MachineTimes, 'reply' | 'call'> | null> {
  const trial = await undisturbed(planOf(probe('sync', ''), MEMORY, hop), runTrial, signal);
  return trial && idleTimesOf(trial, SEED);
}

/** Times that it is tried: others may have kept the machine busy. */
const TRIES = 3;

/** A trial of a machine that had nothing else to do; null where there is none to be had: what was measured then says nothing of an idle one. */
async function undisturbed(plan: TrialPlan, runTrial: RunTrial, signal: AbortSignal): Promise<MeasuredTrial | null> {
  for (let tried = 0; tried < TRIES; tried++) {
    const trial = await runTrial(plan, signal, () => {});
    if (trial.validity.valid && (latestProcess(trial)?.ms ?? 0) <= VALIDITY_LIMITS.delayNote) return trial;
  }
  return null;
}

async function busTimes(runTrial: RunTrial, signal: AbortSignal, bus: BusSettings, payload: number): Promise<Pick<MachineTimes, 'publish' | 'delivery'>> {
  const subject = probe('hybrid', `event: { payload: ${payload}, consumers: { note: { call: ${CALL.name} } } }`);
  const trial = await undisturbed(planOf(subject, bus), runTrial, signal);
  const events = trial?.events;
  if (!events?.publishing) return NO_BUS;
  return { publish: quantilesOf(events.publishing.latency), delivery: quantilesOf(events.lag) };
}

const NO_BUS = { publish: [], delivery: [] };

/** One call that half of the requests make. */
function probe(architecture: 'sync' | 'hybrid', more: string): Subject {
  const { name, ms, share } = CALL;
  const text = `services: { ${name}: { latency: ${ms}ms, workers: unlimited } }\nsteps: [{ call: ${name}, critical: true, share: ${share} }]\n${more}`;
  return subjectOf(parseScenario(text, { file: 'machine.yaml' }), architecture)!;
}

function planOf(subject: Subject, bus: BusSettings, hop?: Hop): TrialPlan {
  const load = { users: [], rates: [RATE], arrivals: 'even' as const, stages: [], think: 0, duration: WINDOW, until: null, maxDuration: WINDOW, warmup: WARMUP, timeout: 5000, drain: 500, rounds: 1 };
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
