/** A whole run: every planned trial in turn, whatever becomes of the others. */
import { messageOf } from '../base/errors.js';
import type { MeasuredTrial, Trial } from '../measurement/record.js';
import { isTarget } from '../scenarios/subject.js';
import { withPrediction } from '../simulation/prediction.js';
import { HopelessLimit } from './hopeless.js';
import { p95Of } from './series.js';
import { headOf, type RunTrial, type TrialProgress } from './trial.js';
import type { Plan, TrialPlan } from './plan.js';

/** Hears how the run goes. */
export interface RunListener {
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
  runTrial: RunTrial,
  signal: AbortSignal,
  listener: RunListener,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const [position, planned] of plan.trials.entries()) {
    if (signal.aborted) break;
    trials.push(await attemptTrial(planned, runTrial, signal, (progress) => listener.progress(position, planned, progress)));
    await listener.finished(trials);
    // The verdict is known: whatever else was planned would only take its time.
    if (isHopeless(trials.at(-1))) break;
  }
  return trials;
}

function isHopeless(trial: Trial | undefined): boolean {
  return trial !== undefined && 'hopeless' in trial;
}

/** Runs a trial, whatever becomes of it. */
export async function attemptTrial(
  plan: TrialPlan,
  runTrial: RunTrial,
  signal: AbortSignal,
  onProgress: (progress: TrialProgress) => void,
): Promise<Trial> {
  try {
    return predicted(plan, await runTrial(plan, signal, onProgress));
  } catch (error) {
    if (signal.aborted) return { ...headOf(plan), state: 'aborted', message: 'interrupted' };
    if (error instanceof HopelessLimit) return { ...headOf(plan), state: 'aborted', message: error.message, hopeless: error.expression };
    return { ...headOf(plan), state: 'errored', message: messageOf(error) };
  }
}

/** With what the model says of the same trial; nothing can be predicted of a server that is not known. */
function predicted(plan: TrialPlan, trial: MeasuredTrial): MeasuredTrial {
  const { subject } = plan;
  if (trial.state === 'simulated' || isTarget(subject)) return trial;
  return withPrediction(trial, { ...plan, subject }, p95Of);
}
