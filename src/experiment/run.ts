/** A whole run: every planned trial in turn, whatever becomes of the others. */
import { messageOf } from '../base/errors.js';
import type { MeasuredTrial, Trial } from '../measurement/record.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import { withPrediction } from '../simulation/prediction.js';
import type { Simulate } from '../simulation/simulate.js';
import { foresee } from './foresight.js';
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
  { runTrial, simulate }: TrialParts,
  signal: AbortSignal,
  listener: RunListener,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const [first] = plan.trials;
  if (first) listener.progress(0, first, { phase: 'predicting', load: null, measured: 0, backlog: null });
  const parts = { runTrial, simulate: await foresee(plan.trials, simulate) };
  for (const [position, planned] of plan.trials.entries()) {
    if (signal.aborted) break;
    trials.push(await attemptTrial(planned, parts, signal, (progress) => listener.progress(position, planned, progress)));
    await listener.finished(trials);
    // The verdict is known: whatever else was planned would only take its time.
    if (isHopeless(trials.at(-1))) break;
  }
  return trials;
}

/**
 * Simulates the plan, as many trials at once as there is room for. A trial that fails is `errored`; after an abort those
 * under way are `aborted`.
 * @param onFinished hears after each trial of all that are done, in the order of the plan
 */
export async function simulatePlan(
  { trials }: Plan<Subject>,
  simulate: Simulate,
  signal: AbortSignal,
  onFinished: (trials: readonly Trial[]) => void,
): Promise<Trial[]> {
  const done = new Map<TrialPlan, Trial>();
  const sorted = (): Trial[] => trials.flatMap((plan) => done.get(plan) ?? []);
  await Promise.all(
    trials.map(async (plan) => {
      done.set(plan, await settled(plan, () => simulate(plan), signal));
      if (!signal.aborted) onFinished(sorted());
    }),
  );
  return sorted();
}

function isHopeless(trial: Trial | undefined): boolean {
  return trial !== undefined && 'hopeless' in trial;
}

/** What it takes to run a trial, and to predict it. */
export interface TrialParts {
  runTrial: RunTrial;
  simulate: Simulate;
}

/** Runs a trial, whatever becomes of it. */
export async function attemptTrial(
  plan: TrialPlan,
  { runTrial, simulate }: TrialParts,
  signal: AbortSignal,
  onProgress: (progress: TrialProgress) => void,
): Promise<Trial> {
  return settled(plan, async () => predicted(plan, await runTrial(plan, signal, onProgress), simulate, signal), signal);
}

async function settled(plan: TrialPlan, run: () => Promise<MeasuredTrial>, signal: AbortSignal): Promise<Trial> {
  try {
    return await run();
  } catch (error) {
    if (signal.aborted) return { ...headOf(plan), state: 'aborted', message: 'interrupted' };
    if (error instanceof HopelessLimit) return { ...headOf(plan), state: 'aborted', message: error.message, hopeless: error.expression };
    return { ...headOf(plan), state: 'errored', message: messageOf(error) };
  }
}

/** With what the model says of the same trial; nothing can be predicted of a server that is not known. */
async function predicted(plan: TrialPlan, trial: MeasuredTrial, simulate: Simulate, signal: AbortSignal): Promise<MeasuredTrial> {
  const { subject } = plan;
  if (trial.state === 'simulated' || isTarget(subject)) return trial;
  try {
    return await withPrediction(trial, { ...plan, subject }, p95Of, simulate);
  } catch (error) {
    // What was measured stays, whoever does not want to know more.
    if (signal.aborted) return trial;
    throw error;
  }
}
