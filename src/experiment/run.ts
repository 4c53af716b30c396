/** A whole run: every planned trial in turn, whatever becomes of the others. */
import type { MeasuredTrial, Trial } from '../measurement/record.js';
import { isTarget } from '../scenarios/subject.js';
import { withPrediction, type Predict } from '../simulation/prediction.js';
import type { Simulate } from '../simulation/simulate.js';
import { foresee } from './foresight.js';
import { HopelessLimit } from './hopeless.js';
import { headOf, type Plan, type TrialPlan } from './plan.js';
import { failed } from './simulate-plan.js';
import type { RunTrial, TrialProgress } from './trial.js';

/** Hears how the run goes. */
export interface RunListener {
  /** What the model says of a trial, as soon as it is known. */
  foreseen(position: number, trial: MeasuredTrial): void;
  /** Before each trial. */
  began(position: number): void;
  progress(position: number, plan: TrialPlan, progress: TrialProgress): void;
  /** After each trial, with all so far. */
  finished(trials: readonly Trial[]): Promise<void> | void;
}

/**
 * Runs the plan. A trial that fails is `errored` with its reason and the rest runs on; after an abort the running trial
 * is `aborted` and no other is started, nor after a trial that was ended by a hopeless limit.
 */
export async function runPlan(
  plan: Plan,
  { runTrial, simulate }: { runTrial: RunTrial; simulate: Simulate },
  signal: AbortSignal,
  listener: RunListener,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const [first] = plan.trials;
  if (first) listener.progress(0, first, { phase: 'predicting', load: null, measured: 0, backlog: null });
  const parts = { runTrial, predict: await foresee(plan.trials, simulate, (...told) => listener.foreseen(...told)) };
  for (const [position, planned] of plan.trials.entries()) {
    if (signal.aborted) break;
    listener.began(position);
    listener.progress(position, planned, { phase: 'starting', load: null, measured: 0, backlog: null });
    trials.push(await attemptTrial(planned, parts, signal, (progress) => listener.progress(position, planned, progress)));
    await listener.finished(trials);
    // The verdict is known: whatever else was planned would only take its time.
    if (isHopeless(trials.at(-1))) break;
  }
  return trials;
}

function isHopeless(trial: Trial | undefined): boolean {
  return trial !== undefined && 'hopeless' in trial;
}

/** What it takes to run a trial, and to predict it. */
export interface TrialParts {
  runTrial: RunTrial;
  predict: Predict;
}

/** Runs a trial, whatever becomes of it. */
export async function attemptTrial(
  plan: TrialPlan,
  { runTrial, predict }: TrialParts,
  signal: AbortSignal,
  onProgress: (progress: TrialProgress) => void,
): Promise<Trial> {
  try {
    return await predicted(plan, await runTrial(plan, signal, onProgress), predict, signal);
  } catch (error) {
    if (error instanceof HopelessLimit && !signal.aborted) return { ...headOf(plan), state: 'aborted', message: error.message, hopeless: error.expression };
    return failed(plan, error, signal);
  }
}

/** With what the model says of the same trial; nothing can be predicted of a server that is not known. */
async function predicted(plan: TrialPlan, trial: MeasuredTrial, predict: Predict, signal: AbortSignal): Promise<MeasuredTrial> {
  const { subject } = plan;
  if (trial.state === 'simulated' || isTarget(subject)) return trial;
  try {
    // A window that ended before its time is predicted for as long as it was.
    const duration = plan.until?.early ? Math.round(trial.window.seconds * 1000) : plan.duration;
    const input = { ...plan, subject, duration };
    return withPrediction(trial, await predict(input), input);
  } catch (error) {
    // What was measured stays, whoever does not want to know more.
    if (signal.aborted) return trial;
    throw error;
  }
}
