/** The predictions of a plan, computed before anything is measured: nothing may compute beside a measurement. */
import type { MeasuredTrial, Predicted } from '../measurement/record.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import type { Simulate, SimulationInput } from '../simulation/simulate.js';
import { predict, predictedInput, predictFrom, type Predict } from '../simulation/prediction.js';
import type { TrialPlan } from './plan.js';

/** A trial of the plan as it is simulated first, and what is predicted from it. */
interface Foreseen {
  simulated: Promise<MeasuredTrial>;
  /** Null where it is known only afterwards how long the trial was. */
  predicted: Promise<Predicted> | null;
}

/**
 * Predicts every trial of a plan at once, rounds only once; what it returns knows them, and predicts whatever else it is asked.
 * @param onForeseen hears of each trial of the plan, by its position, as soon as it is simulated
 */
export async function predictAll(
  plans: readonly TrialPlan[],
  simulate: Simulate,
  onForeseen: (position: number, trial: MeasuredTrial) => void = () => {},
): Promise<Predict> {
  const foreseen = new Map<Subject, Map<string, Foreseen>>();
  const told: Promise<unknown>[] = [];
  for (const [position, plan] of plans.entries()) {
    const { subject } = plan;
    if (isTarget(subject)) continue;
    const input = predictedInput({ ...plan, subject });
    const known = foreseen.get(subject) ?? new Map<string, Foreseen>();
    foreseen.set(subject, known);
    const one = known.get(keyOf(input)) ?? foreseenOf(plan, input, simulate);
    known.set(keyOf(input), one);
    told.push(one.simulated.then((trial) => onForeseen(position, trial)), one.predicted ?? one.simulated);
  }
  // One that fails is told with its trial.
  await Promise.allSettled(told);
  return (plan) => foreseen.get(plan.subject)?.get(keyOf(predictedInput(plan)))?.predicted ?? predict(plan, simulate);
}

function foreseenOf({ until }: TrialPlan, input: SimulationInput, simulate: Simulate): Foreseen {
  const whole = simulate(input);
  // What lies around a percentile is in the samples.
  return { simulated: withoutSamples(whole), predicted: until?.early ? null : whole.then((trial) => predictFrom(trial, input, simulate)) };
}

/** Simulates every trial of a plan once and tells of it: what is seen of a run before anything else is known. */
export async function announcePredictions(plans: readonly TrialPlan[], simulate: Simulate, onForeseen: (position: number, trial: MeasuredTrial) => void): Promise<void> {
  const told = plans.map(async (plan, position) => {
    const { subject } = plan;
    if (!isTarget(subject) && plan.round === 1) onForeseen(position, await simulate(predictedInput({ ...plan, subject })));
  });
  await Promise.allSettled(told);
}

/** All but the subject, which is known by itself, and the round, which makes no difference. */
function keyOf({ subject: _subject, round: _round, ...input }: SimulationInput): string {
  return JSON.stringify(input);
}

/** They are kept for as long as the run takes, and nobody asks for what is large of them. */
async function withoutSamples(simulated: Promise<MeasuredTrial>): Promise<MeasuredTrial> {
  return { ...(await simulated), samples: { start: '', time: '', outcome: '' } };
}
