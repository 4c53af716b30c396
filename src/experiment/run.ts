/** A whole run: every planned trial in turn, whatever becomes of the others. */
import type { MachineTimes, MeasuredTrial, Trial } from '../measurement/record.js';
import { isTarget } from '../scenarios/subject.js';
import { withPrediction, type Predict } from '../simulation/prediction.js';
import type { Simulate } from '../simulation/simulate.js';
import { predictAll, announcePredictions } from './predictions.js';
import { HopelessLimit } from './early-abort.js';
import { withMachine } from './machine.js';
import { headOf, type Plan, type TrialPlan } from './plan.js';
import { failed } from './simulate-plan.js';
import type { RunTrial, TrialProgress } from './trial.js';

/** Hears how the run goes. */
export interface RunListener {
  /** What the model says of a trial, as soon as it is known; and again once the machine is. */
  foreseen(position: number, trial: MeasuredTrial): void;
  /** What this machine adds, measured before the first trial; null: it is not known. */
  calibrated?(machine: MachineTimes | null): void;
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
  parts: RunParts,
  signal: AbortSignal,
  listener: RunListener,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const known = await foreseen(plan, parts, signal, listener);
  for (const [position, planned] of known.trials.entries()) {
    if (signal.aborted) break;
    listener.began(position);
    listener.progress(position, planned, { phase: 'starting', load: null, measured: 0, backlog: null });
    trials.push(await attemptTrial(planned, known.parts, signal, (progress) => listener.progress(position, planned, progress)));
    await listener.finished(trials);
    // The verdict is known: whatever else was planned would only take its time.
    if (isHopeless(trials.at(-1))) break;
  }
  return trials;
}

/** What it takes to run a plan. */
export interface RunParts {
  runTrial: RunTrial;
  simulate: Simulate;
  /** Measures the machine that the trials will run on; without it predictions know none. */
  calibrate?: (plan: Plan, signal: AbortSignal) => Promise<MachineTimes | null>;
}

/** The trials with their predictions: first without the machine, so that they are seen at once. */
async function foreseen(
  plan: Plan,
  { runTrial, simulate, calibrate }: RunParts,
  signal: AbortSignal,
  listener: RunListener,
): Promise<{ trials: readonly TrialPlan[]; parts: TrialParts }> {
  const tell = (phase: TrialProgress['phase']): void => {
    const [first] = plan.trials;
    if (first) listener.progress(0, first, { phase, load: null, measured: 0, backlog: null });
  };
  tell('predicting');
  const predictionsOf = (trials: readonly TrialPlan[]): Promise<Predict> => predictAll(trials, simulate, (...told) => listener.foreseen(...told));
  if (!calibrate) return { trials: plan.trials, parts: { runTrial, predict: await predictionsOf(plan.trials) } };
  await announcePredictions(plan.trials, simulate, (...told) => listener.foreseen(...told));
  tell('calibrating');
  const machine = signal.aborted ? null : await calibrate(plan, signal);
  listener.calibrated?.(machine);
  const { trials } = withMachine(plan, machine);
  return { trials, parts: { runTrial, predict: await predictionsOf(trials) } };
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
    const told = withPrediction(trial, await predict(input), input);
    const warmup = Math.round(trial.window.warmupSeconds * 1000);
    if (told.predicted?.breaks === null || warmup <= plan.warmup) return told;
    // The warm-up went on, as nothing was steady: what is predicted of the window that was planned need not hold for one that begins later.
    const later = { ...input, warmup };
    return withPrediction(trial, await predict(later), later);
  } catch (error) {
    // What was measured stays, whoever does not want to know more.
    if (signal.aborted) return trial;
    throw error;
  }
}
