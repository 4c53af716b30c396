/**
 * Advice step by step: which may leave the request, what that gains at the loads given, and what it takes. Everything
 * is simulated with the same draws; nothing is said that is not a number.
 */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import { latencyMean } from '../scenarios/draw.js';
import { limitOf, type Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { workersNeeded } from '../simulation/closed-forms/bounds.js';
import { simulateTrial, type TrialInput } from '../simulation/trial.js';
import { decide, type Decision } from './decision.js';
import { gainOf, isWorthIt, type Gain } from './gain.js';
import { hindranceOf, withMoved, type Hindrance } from './moves.js';

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
  /** Most events that wait or are worked on at once: lost with the process when they are only in its memory. */
  atRisk: number;
}

/** What is said of one step. */
export interface StepAdvice {
  step: string;
  service: string;
  /** What keeps it in the request; null: it may move. */
  hindrance: Hindrance | null;
  /** Workers that its consumer has; null: no limit. */
  workers: number | null;
  /** At each load; none for a step that may not move. */
  loads: MoveAtLoad[];
  /** Mean share of the response time saved, over the loads. */
  gain: number;
  /**
   * `move`: it gains, and its consumer keeps up. `with-workers`: at some of the loads it needs more workers. `only-with-
   * workers`: at all of them, the backlog can never be worked off. `keep`: it may not move, or it gains too little.
   */
  verdict: 'move' | 'with-workers' | 'only-with-workers' | 'keep';
}

/** Everything that is advised. */
export interface Advice {
  decision: Decision;
  steps: StepAdvice[];
  /** Steps worth moving, the one to begin with first. */
  order: string[];
  /** What calling side by side gives without any event, and what moving all that may move gives, at each load. */
  parallel: { load: TrialLoad; gain: Gain }[];
  moved: { load: TrialLoad; gain: Gain }[];
}

/** What the advice rests on. */
export interface AdviceOptions {
  loads: readonly TrialLoad[];
  /** The trial of a subject at a load. */
  plan: (subject: Subject, load: TrialLoad) => TrialInput;
  /** Time within which the events of a peak as long as the window are to be done after it, ms. */
  drainWithin: number;
}

/** Advice about a chain, whatever architecture its subject has now. */
export function advise(subject: Subject, options: AdviceOptions): Advice {
  const run = (arranged: Subject, load: TrialLoad): MeasuredTrial => simulateTrial(options.plan(arranged, load));
  const sync = options.loads.map((load) => run({ ...subject, architecture: 'sync' }, load));
  const gains = (arranged: Subject): { load: TrialLoad; gain: Gain }[] =>
    options.loads.map((load, i) => ({ load, gain: gainOf(sync[i], run(arranged, load)) }));
  const steps = subject.steps.map((step) => adviceOf(step, subject, options, sync));
  const order = steps
    .filter(({ verdict }) => verdict !== 'keep')
    .toSorted((a, b) => b.gain - a.gain)
    .map(({ step }) => step);
  const movable = steps.filter(({ hindrance }) => hindrance === null).map(({ step }) => step);
  const parallel = gains({ ...subject, architecture: 'parallel' });
  const moved = gains(withMoved(subject, movable));
  return { decision: decide({ sync, parallel, moved, steps, order }), steps, order, parallel, moved };
}

function adviceOf(step: Step, subject: Subject, options: AdviceOptions, sync: readonly MeasuredTrial[]): StepAdvice {
  const hindrance = hindranceOf(step, subject.steps);
  const arranged = withMoved(subject, [step.name]);
  const workers = limitOf(arranged.event.consumers[0]?.workers ?? 'unlimited');
  const loads = hindrance ? [] : options.loads.map((load, i) => moveAt(step, arranged, load, options, sync[i]));
  const gain = loads.reduce((sum, at) => sum + at.gain.share, 0) / Math.max(1, loads.length);
  return {
    step: step.name,
    service: step.call,
    hindrance,
    workers: Number.isFinite(workers) ? workers : null,
    loads,
    gain,
    verdict: verdictOf(loads, workers),
  };
}

function verdictOf(loads: readonly MoveAtLoad[], workers: number): StepAdvice['verdict'] {
  if (!loads.some(({ gain }) => isWorthIt(gain))) return 'keep';
  const short = loads.filter((at) => at.workersNeeded > workers).length;
  if (short === 0) return 'move';
  return short < loads.length ? 'with-workers' : 'only-with-workers';
}

function moveAt(
  step: Step,
  arranged: Subject,
  load: TrialLoad,
  { plan, drainWithin }: AdviceOptions,
  sync: MeasuredTrial | undefined,
): MoveAtLoad {
  const input = plan(arranged, load);
  const trial = simulateTrial(input);
  const consumer = trial.events?.consumers[step.name];
  const latency = arranged.services.find(({ name }) => name === step.call)?.latency;
  const seconds = latency ? latencyMean(latency) / 1000 : 0;
  const arrivalRate = consumer?.arrivalRate ?? 0;
  const { completionTime, backlog } = trial.events ?? {};
  const staleness = completionTime?.p95 == null || trial.responseTimeOk.p50 === null ? null : completionTime.p95 - trial.responseTimeOk.p50;
  return {
    load,
    gain: gainOf(sync, trial),
    bottleneck: bottleneckOf(trial, arranged),
    arrivalRate,
    workersNeeded: workersNeeded(arrivalRate, seconds),
    // What comes in a peak of length D has to be done in D + T.
    workersToDrain: workersNeeded((arrivalRate * input.duration) / (input.duration + drainWithin), seconds),
    lag: consumer?.lag.p95 ?? null,
    staleness,
    atRisk: backlog?.peak ?? 0,
  };
}

/** The busiest limited service that the reply waits for. */
function bottleneckOf(trial: MeasuredTrial, { steps }: Subject): string | null {
  const inReply = steps.filter(({ critical }) => critical).map(({ name }) => trial.steps[name]);
  const limited = inReply.filter((result) => result !== undefined && result.utilisation !== null);
  return limited.toSorted((a, b) => (b?.utilisation ?? 0) - (a?.utilisation ?? 0))[0]?.service ?? null;
}
