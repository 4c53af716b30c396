/** What the model says beside what was measured, and why the two part where they do. */
import type { MeasuredTrial, Prediction } from '../measurement/record.js';
import { whyTheyPart, type P95Of } from './parting.js';
import { errorOf, figuresOf, isNear } from './tolerance.js';
import { simulationInput, type Simulate, type SimulationInput } from './simulate.js';
import type { TrialInput } from './trial.js';

/** A measured trial with its prediction: the same trial in virtual time, over the same draws. */
export async function withPrediction(trial: MeasuredTrial, input: TrialInput, p95Of: P95Of, simulate: Simulate): Promise<MeasuredTrial> {
  const same = predictedInput(input);
  const predicted = compareWith(trial, await simulate(same));
  if (predicted.breaks === null) return { ...trial, predicted };
  const why = await whyTheyPart(trial, predicted, same, p95Of, simulate);
  return { ...trial, predicted: why === null ? { ...predicted, unexplained: true } : { ...predicted, breaks: why } };
}

/** What is simulated beside a measurement: as long as that was planned to be at least, and no longer. */
export function predictedInput(plan: TrialInput): SimulationInput {
  return { ...simulationInput(plan), until: null };
}

/** A measured trial against a simulated one. */
export function compareWith(measured: MeasuredTrial, simulated: MeasuredTrial): Prediction {
  const found = figuresOf(measured);
  const expected = figuresOf(simulated);
  const errors = [
    errorOf(found.p50, expected.p50), errorOf(found.p95, expected.p95), errorOf(found.throughput, expected.throughput),
  ].filter((error) => error !== null);
  const errorPercent = errors.length === 0 ? null : 100 * Math.max(...errors);
  return { ...expected, errorPercent, breaks: isNear(found, expected) ? null : UNKNOWN };
}

const UNKNOWN = 'Nothing in the trial tells why: a service, or the machine, did something else than the scenario says.';
