/** The predictions of a plan, computed before anything is measured: nothing may compute beside a measurement. */
import type { MeasuredTrial } from '../measurement/record.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import type { Simulate, SimulationInput } from '../simulation/simulate.js';
import { predictedInput } from '../simulation/prediction.js';
import type { TrialPlan } from './plan.js';

/**
 * Simulates every trial of a plan at once, rounds only once; what it returns knows them and simulates whatever else it is asked.
 * @param onForeseen hears of each trial of the plan, by its position, as soon as it is simulated
 */
export async function foresee(
  plans: readonly TrialPlan[],
  simulate: Simulate,
  onForeseen: (position: number, trial: MeasuredTrial) => void = () => {},
): Promise<Simulate> {
  const foreseen = new Map<Subject, Map<string, Promise<MeasuredTrial>>>();
  const told: Promise<void>[] = [];
  for (const [position, plan] of plans.entries()) {
    const { subject } = plan;
    if (isTarget(subject)) continue;
    const input = predictedInput({ ...plan, subject });
    const known = foreseen.get(subject) ?? new Map<string, Promise<MeasuredTrial>>();
    foreseen.set(subject, known);
    const simulated = known.get(keyOf(input)) ?? withoutSamples(simulate(input));
    known.set(keyOf(input), simulated);
    told.push(simulated.then((trial) => onForeseen(position, trial)));
  }
  // One that fails is told with its trial.
  await Promise.allSettled(told);
  return (input) => foreseen.get(input.subject)?.get(keyOf(input)) ?? simulate(input);
}

/** All but the subject, which is known by itself, and the round, which makes no difference. */
function keyOf({ subject: _subject, round: _round, ...input }: SimulationInput): string {
  return JSON.stringify(input);
}

/** They are kept for as long as the run takes, and nobody asks for what is large of them. */
async function withoutSamples(simulated: Promise<MeasuredTrial>): Promise<MeasuredTrial> {
  return { ...(await simulated), samples: { start: '', time: '', outcome: '' } };
}
