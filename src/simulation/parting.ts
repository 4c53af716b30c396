/** Why a measurement and its prediction part: the reason that explains it, among what was seen of the trial. */
import { markSentence } from '../measurement/faulted.js';
import type { MeasuredTrial, Prediction } from '../measurement/record.js';
import { isKnown } from '../measurement/times.js';
import { isUnsteady, latestProcess, machineProblems } from '../measurement/validity.js';
import { formatFault, isProcessFault } from '../scenarios/fault.js';
import { callGraphOf, publishesEvents } from '../scenarios/architectures.js';
import type { Latency } from '../scenarios/scenario.js';
import { figuresOf, isNear, PREDICTION_TOLERANCE, type Figures } from './tolerance.js';
import type { Simulate } from './simulate.js';
import type { TrialInput } from './trial.js';

/** Time that a machine adds to one call, its timers and sockets included, before it is more than its own work, ms. */
const MACHINE_MS = 3;

/** What a reason is looked for in. */
interface Parting {
  trial: MeasuredTrial;
  predicted: Prediction;
  input: TrialInput;
  p95Of: P95Of;
  simulate: Simulate;
}

/** What the p95 of a trial lies within with 95 % confidence, ms; null when its requests do not tell. */
export type P95Of = (trial: MeasuredTrial) => { low: number; high: number } | null;

/**
 * What was seen of the trial that explains why it parts from its prediction, the surest first; null when nothing does: a
 * remark of the trial that could not have caused the difference is no reason.
 */
export async function whyTheyPart(
  trial: MeasuredTrial,
  predicted: Prediction,
  input: TrialInput,
  p95Of: P95Of,
  simulate: Simulate,
): Promise<string | null> {
  const parting = { trial, predicted, input, p95Of, simulate };
  const reasons = [saturated, invalid, faulted, unsteady, unsent, tooFew, ownWork, lateProcess, notSure, onTheEdge, faultyDeliveries];
  for (const reason of reasons) {
    const found = await reason(parting);
    if (found !== null) return found;
  }
  return null;
}

/** A machine that had no time left: whatever else was found follows from it. */
function saturated({ trial }: Parting): string | null {
  return machineProblems(trial)[0] ?? null;
}

function invalid({ trial }: Parting): string | null {
  return trial.validity.problems[0] ?? null;
}

/** Processes that were killed or stopped: the model has none. */
function faulted({ trial: { faults = [] } }: Parting): string | null {
  return faults.length === 0 ? null : `${faults.map(markSentence).join(' ')} The model has no processes that fail.`;
}

function unsteady({ trial }: Parting): string | null {
  return trial.validity.notes.find(isUnsteady) ?? null;
}

/** A process that reacted late for want of a processor, where the trial is later by no more than that for each call. */
function lateProcess(parting: Parting): string | null {
  const late = latestProcess(parting.trial);
  return late && isLateBy(parting, late.ms) ? late.note : null;
}

/** The model has as many connections as there are requests. */
function unsent({ trial: { failureRate, schedule }, predicted }: Parting): string | null {
  const count = schedule?.unsent ?? 0;
  const failsMore = failureRate - predicted.failureRate > PREDICTION_TOLERANCE.failureRate;
  return count > 0 && failsMore ? `${count} requests were due and not sent, because every connection was taken.` : null;
}

/** What is not known cannot be told to be wrong. */
function tooFew({ trial: { responseTime } }: Parting): string | null {
  if (isKnown(responseTime, 'p95')) return null;
  return `Only ${responseTime.count} requests ended: their p95 is not known.`;
}

/** The p95 of few requests may well be another: all else is as predicted, and its interval reaches what is near enough to it. */
function notSure({ trial, predicted, p95Of }: Parting): string | null {
  const found = p95Of(trial);
  if (!found || predicted.p95 === null) return null;
  const nearest = Math.min(found.high, Math.max(found.low, predicted.p95));
  if (!isNear({ ...figuresOf(trial), p95: nearest }, predicted)) return null;
  return `The p95 of ${trial.responseTime.count} requests is only known to lie between ${found.low.toFixed(1)} and ${found.high.toFixed(1)} ms.`;
}

/** The model knows no machine: the time for each call's sockets and timers, and in a closed loop the requests it costs. */
function ownWork(parting: Parting): string | null {
  if (!isLateBy(parting, MACHINE_MS)) return null;
  const calls = callsInReply(parting.input.subject);
  const ms = Math.max(...lateness(parting)).toFixed(1);
  return `The machine's own work, ${ms} ms for ${calls === 1 ? 'one call' : `${calls} calls`} and the reply, is more than 5 % of so short a time.`;
}

/** How much later than predicted p50 and p95 are, ms. */
function lateness({ trial: { responseTime }, predicted }: Parting): number[] {
  return [(responseTime.p50 ?? Infinity) - (predicted.p50 ?? 0), (responseTime.p95 ?? Infinity) - (predicted.p95 ?? 0)];
}

/** Whether all of the difference is so much time at most for each call and the reply, and what that costs in throughput. */
function isLateBy(parting: Parting, ms: number): boolean {
  const { predicted, input, trial } = parting;
  const { throughput, failureRate } = trial;
  const most = ms * (callsInReply(input.subject) + 1);
  const isSmall = lateness(parting).every((late) => late >= -MACHINE_MS && late <= most);
  const fails = Math.abs(failureRate - predicted.failureRate) > PREDICTION_TOLERANCE.failureRate;
  if (!isSmall || fails) return false;
  if (input.load.model === 'open') return true;
  // A user who gets each answer a little later sends so many fewer requests.
  const p50 = predicted.p50 ?? 0;
  const least = p50 > 0 ? predicted.throughput / (1 + most / p50) : 0;
  const { throughput: tolerance } = PREDICTION_TOLERANCE;
  return throughput >= least * (1 - tolerance) && throughput <= predicted.throughput * (1 + tolerance);
}

/** Calls that the reply waits for, one after another at most; to publish is one. */
function callsInReply(subject: TrialInput['subject']): number {
  return callGraphOf(subject).request.length;
}

/** How much slower a machine makes its services at least: the model is tried again with it. */
const SLOWER = [1.005, 1.01, 1.02];

/** Near a limit (a queue, a timeout, a breaker, the end of the window) a little more work makes a large difference, in the model as well. */
async function onTheEdge({ trial, predicted, input, simulate }: Parting): Promise<string | null> {
  const measured = figuresOf(trial);
  const simulated = await Promise.all(SLOWER.map((factor) => simulate(slowed(input, factor))));
  const reached: Figures[] = [predicted, ...simulated.map(figuresOf)];
  // Those up to this factor, and what the model says without it.
  const position = SLOWER.findIndex((_, i) => isWithin(measured, reached.slice(0, i + 2)));
  const factor = SLOWER[position];
  if (factor === undefined) return null;
  return `On the edge of a limit: services only ${((factor - 1) * 100).toFixed(1)} % slower lead the model to what was measured.`;
}

function slowed(input: TrialInput, factor: number): TrialInput {
  const { subject } = input;
  const services = subject.services.map((service) => ({ ...service, latency: slower(service.latency, factor) }));
  return { ...input, subject: { ...subject, services } };
}

/** Whether each figure lies among those that the model reached, or near enough. */
function isWithin(measured: Figures, reached: readonly Figures[]): boolean {
  const nearest = (name: keyof Figures): number | null => {
    const values = reached.map((figures) => figures[name]).filter((value) => value !== null);
    const value = measured[name];
    if (value === null || values.length < reached.length) return value;
    return Math.min(Math.max(...values), Math.max(Math.min(...values), value));
  };
  const bounds = { p50: nearest('p50'), p95: nearest('p95'), throughput: nearest('throughput') ?? 0, failureRate: nearest('failureRate') ?? 0 };
  return isNear(measured, bounds);
}

function slower(latency: Latency, factor: number): Latency {
  switch (latency.kind) {
    case 'constant':
      return { kind: 'constant', ms: latency.ms * factor };
    case 'lognormal':
      return { kind: 'lognormal', p50: latency.p50 * factor, p99: latency.p99 * factor };
    case 'exponential':
      return { kind: 'exponential', mean: latency.mean * factor };
    case 'uniform':
      return { kind: 'uniform', min: latency.min * factor, max: latency.max * factor };
    case 'values':
      return { kind: 'values', values: latency.values.map((ms) => ms * factor) };
  }
}

/** Deliveries that went wrong on purpose add calls to services, or take some away: the least sure of the reasons. */
function faultyDeliveries({ input: { subject } }: Parting): string | null {
  const faults = subject.faults.filter((fault) => !isProcessFault(fault)).map(formatFault);
  if (faults.length === 0 || !publishesEvents(subject.architecture)) return null;
  return `Faults of deliveries are not in the model: ${faults.join(', ')}.`;
}
