/** What the model says beside what was measured, and why the two part where they do. */
import { isKnown } from '../measurement/times.js';
import type { MeasuredTrial, Predicted, Prediction } from '../measurement/record.js';
import { whyTheyDiffer } from './mismatch.js';
import { rangesOf } from './ranges.js';
import { simulationInput, type Simulate, type SimulationInput } from './simulate.js';
import { errorOf, figuresOf, holds, type Figures } from './tolerance.js';
import type { TrialInput } from './trial.js';

/** What the model says of a trial. Rejects when it is no longer wanted. */
export type Predict = (plan: TrialInput) => Promise<Predicted>;

/** The same trial in virtual time, over the same draws; and how sure that is. */
export async function predict(plan: TrialInput, simulate: Simulate): Promise<Predicted> {
  const input = predictedInput(plan);
  return predictFrom(await simulate(input), input, simulate);
}

/** What the model says of a trial that has been simulated. */
export async function predictFrom(simulated: MeasuredTrial, input: SimulationInput, simulate: Simulate): Promise<Predicted> {
  const figures = figuresOf(simulated);
  return { ...figures, ranges: await rangesOf(input, figures, simulate) };
}

/** A measured trial with what was predicted of it. */
export function withPrediction(trial: MeasuredTrial, predicted: Predicted, input: TrialInput): MeasuredTrial {
  const compared = compareWith(trial, predicted);
  if (compared.breaks === null) return { ...trial, predicted: compared };
  const why = whyTheyDiffer(trial, compared, input);
  return { ...trial, predicted: why === null ? { ...compared, unexplained: true } : { ...compared, breaks: why } };
}

/** What is simulated beside a measurement: as long as that was planned to be at least, and no longer. */
export function predictedInput(plan: TrialInput): SimulationInput {
  return { ...simulationInput(plan), until: null };
}

/** A measured trial against what was predicted of it. */
export function compareWith(trial: MeasuredTrial, predicted: Predicted): Prediction {
  const measured = knownFigures(trial);
  const errors = [
    errorOf(measured.p50, predicted.p50), errorOf(measured.p95, predicted.p95), errorOf(measured.throughput, predicted.throughput),
  ].filter((error) => error !== null);
  const errorPercent = errors.length === 0 ? null : 100 * Math.max(...errors);
  return { ...predicted, errorPercent, breaks: holds(measured, predicted) ? null : UNKNOWN };
}

/** What is not known cannot be told to be wrong. */
function knownFigures(trial: MeasuredTrial): Figures {
  const figures = figuresOf(trial);
  return isKnown(trial.responseTime, 'p95') ? figures : { ...figures, p95: null };
}

const UNKNOWN = 'Nothing in the trial tells why: a service, or the machine, did something else than the scenario says.';
