/** Why a measurement and its prediction part: the reason that explains it, among what was seen of the trial. */
import { markSentence } from '../measurement/fault-accounting.js';
import type { FaultMark, MeasuredTrial, Predicted } from '../measurement/record.js';
import { latestProcess, machineProblems, stolenTime } from '../measurement/validity.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { formatFault, isProcessFault } from '../scenarios/fault.js';
import { whyUntold } from './buses.js';
import { plannedDowntimes } from './discrete-event/processes.js';
import { machineAt, paceOf } from './pace.js';
import { figuresOf, howFarBeyond, isNear, PREDICTION_TOLERANCE } from './tolerance.js';
import type { TrialInput } from './trial.js';

/** How much sooner than predicted a time may be beside others that are later: what timers and the idle machine differ by, ms. */
const SOONER = 3;

/** What a reason is looked for in. */
interface Parting {
  trial: MeasuredTrial;
  predicted: Predicted;
  input: TrialInput;
}

/**
 * What was seen of the trial that explains why it parts from its prediction, the surest first; null when nothing does: a
 * remark of the trial that could not have caused the difference is no reason.
 */
export function whyTheyDiffer(trial: MeasuredTrial, predicted: Predicted, input: TrialInput): string | null {
  const parting = { trial, predicted, input };
  for (const reason of [saturated, invalid, faulted, unsent, lateProcess, busUnderLoad, stolen]) {
    const found = reason(parting);
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

/** How much sooner or later than in the model a process may be back, ms: machines start and stop processes at their own pace. A range has room for that. */
export const BACK_WITHIN = 100;

/** Processes that were killed or stopped otherwise than in the model, or there not at all. */
function faulted({ trial: { faults = [] }, input }: Parting): string | null {
  const downtimes = plannedDowntimes(input);
  for (const mark of faults) {
    const told = downtimes.find(({ fault }) => formatFault(fault) === mark.fault);
    if (!told) return `${markSentence(mark)} In the model it did not happen${reasonAgainst(mark, input)}.`;
    const away = told.to - told.from;
    const isAlike = mark.until !== null && Math.abs(mark.until - mark.at - away) <= BACK_WITHIN;
    if (!isAlike) return `${markSentence(mark)} In the model it was back after ${away} ms.`;
  }
  return null;
}

function reasonAgainst(mark: FaultMark, { subject, bus }: TrialInput): string {
  const fault = subject.faults.filter(isProcessFault).find((one) => formatFault(one) === mark.fault);
  const why = fault ? whyUntold(fault, bus, subject) : null;
  return why === null ? '' : `, since ${why}`;
}

/** A process that reacted late for want of a processor, where the trial is later by no more than that for each call. */
function lateProcess(parting: Parting): string | null {
  const late = latestProcess(parting.trial);
  return late && isLateBy(parting, late.ms) ? late.note : null;
}

/** Processors that others had meanwhile, where the trial is later by no more than all of that time. */
function stolen(parting: Parting): string | null {
  const time = stolenTime(parting.trial);
  return time && isLaterWithin(parting, time.ms) ? time.note : null;
}

/** The model has as many connections as there are requests. */
function unsent({ trial: { failureRate, schedule }, predicted }: Parting): string | null {
  const count = schedule?.unsent ?? 0;
  const failsMore = failureRate - predicted.failureRate > PREDICTION_TOLERANCE.failureRate;
  return count > 0 && failsMore ? `${count} requests were due and not sent, because every connection was taken.` : null;
}

/** The times that a bus takes for a publish depend on what it has to do beside it, and the model has those of an idle one. */
function busUnderLoad({ trial, predicted, input }: Parting): string | null {
  const publishing = trial.events?.publishing;
  const idle = input.machine ? machineAt(input.machine, paceOf(input)).publish : [];
  if (!publishing || idle.length === 0) return null;
  const idles = { p50: idle[Math.floor(idle.length / 2)]!, p95: idle[Math.floor(idle.length * 0.95)]! };
  const explains = (name: keyof typeof idles): boolean => {
    const longer = publishing.messagesPerOrder * ((publishing.latency[name] ?? idles[name]) - idles[name]);
    const beyond = howFarBeyond(name, trial.responseTime[name] ?? Infinity, predicted);
    return Math.abs(beyond) <= Math.max(0, Math.sign(beyond) * longer);
  };
  const others = { ...figuresOf(trial), p50: predicted.p50, p95: predicted.p95 };
  if (!isNear(others, predicted) || !explains('p50') || !explains('p95')) return null;
  const { p50, p95 } = publishing.latency;
  return `A publish took ${milliseconds(p50)} (p95 ${milliseconds(p95)}), and ${milliseconds(idles.p50)} (p95 ${milliseconds(idles.p95)}) when the bus had little else to do: what it takes under load is not in the model.`;
}

function milliseconds(ms: number | null): string {
  return `${Number((ms ?? 0).toPrecision(2))} ms`;
}

/** How much later than predicted p50 and p95 are, ms. */
function lateness({ trial: { responseTime }, predicted }: Parting): number[] {
  return [(responseTime.p50 ?? Infinity) - (predicted.p50 ?? 0), (responseTime.p95 ?? Infinity) - (predicted.p95 ?? 0)];
}

/** Whether something is later than predicted, and all of the difference is so much time at most for each call and the reply, and what that costs in throughput. */
function isLateBy(parting: Parting, ms: number): boolean {
  return isLaterWithin(parting, ms * (callsInReply(parting.input.subject) + 1));
}

/** The same of so much time in all. */
function isLaterWithin(parting: Parting, most: number): boolean {
  const { predicted, input, trial } = parting;
  const { throughput, failureRate } = trial;
  const later = lateness(parting);
  const isSmall = later.some((late) => late > 0) && later.every((late) => late >= -SOONER && late <= most);
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
