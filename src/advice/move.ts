/** What it does to move one step, at one load. */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import { isCensored } from '../measurement/times.js';
import { latencyMean } from '../scenarios/draw.js';
import type { Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { workersNeeded } from '../simulation/closed-forms/bounds.js';
import type { Simulate, SimulationInput } from '../simulation/simulate.js';
import { gainOf, type Gain } from './gain.js';

/** How a move is simulated. */
export interface MoveOptions {
  /** The trial of a subject at a load: the peak, which it may go on after until the reply is known well enough. */
  plan: (subject: Subject, load: TrialLoad) => SimulationInput;
  simulate: Simulate;
  /** Time within which the events of a peak as long as the window are to be done after it, ms. */
  drainWithin: number;
}

/** What moving one step does at one load. */
export interface MoveAtLoad {
  load: TrialLoad;
  gain: Gain;
  /** The busiest service of the reply afterwards; null when none is limited. */
  bottleneck: string | null;
  /** Events per second that its consumer gets. */
  arrivalRate: number;
  /** Workers that keep up with them, and that are done within the time given once the load has ended. */
  workersNeeded: number;
  workersToDrain: number;
  /** 95th percentile of the event lag, and of the time from the reply to the end of the work, ms. */
  lag: number | null;
  staleness: number | null;
  /** Whether both are only known to be at least that: events still wait when the time to drain is over. */
  unfinished: boolean;
  /** Most events that wait or are worked on at once: lost with the process when they are only in its memory. */
  atRisk: number;
}

/**
 * Moves one step and nothing else, at one load. What the reply gains is that of a load that lasts; what waits, that of a
 * peak as long as the window and no longer.
 * @param sync the same load before
 */
export async function moveAt(
  step: Step,
  arranged: Subject,
  load: TrialLoad,
  { plan, simulate, drainWithin }: MoveOptions,
  sync: Promise<MeasuredTrial>,
): Promise<MoveAtLoad> {
  const input = plan(arranged, load);
  const simulated = simulate(input);
  const [before, lasting, peak] = await Promise.all([sync, simulated, input.until ? simulate({ ...input, until: null }) : simulated]);
  const latency = arranged.services.find(({ name }) => name === step.call)?.latency;
  const seconds = latency ? latencyMean(latency) / 1000 : 0;
  const arrivalRate = lasting.events?.consumers[step.name]?.arrivalRate ?? 0;
  return {
    load,
    gain: gainOf(before, lasting),
    bottleneck: bottleneckOf(lasting, arranged),
    arrivalRate,
    workersNeeded: workersNeeded(arrivalRate, seconds),
    // What comes in a peak of length D has to be done in D + T.
    workersToDrain: workersNeeded((arrivalRate * input.duration) / (input.duration + drainWithin), seconds),
    ...billOf(step, peak),
  };
}

/** What a peak leaves to its consumer. */
function billOf(step: Step, { events, responseTimeOk }: MeasuredTrial): Pick<MoveAtLoad, 'lag' | 'staleness' | 'unfinished' | 'atRisk'> {
  const lag = events?.consumers[step.name]?.lag;
  const { completionTime, backlog } = events ?? {};
  return {
    lag: lag?.p95 ?? null,
    staleness: completionTime?.p95 == null || responseTimeOk.p50 === null ? null : completionTime.p95 - responseTimeOk.p50,
    unfinished: [lag, completionTime].some((times) => times != null && isCensored(times, 'p95')),
    atRisk: backlog?.peak ?? 0,
  };
}

/** The busiest limited service that the reply waits for. */
function bottleneckOf(trial: MeasuredTrial, { steps }: Subject): string | null {
  const inReply = steps.filter(({ critical }) => critical).map(({ name }) => trial.steps[name]);
  const limited = inReply.filter((result) => result !== undefined && result.utilisation !== null);
  return limited.toSorted((a, b) => (b?.utilisation ?? 0) - (a?.utilisation ?? 0))[0]?.service ?? null;
}
