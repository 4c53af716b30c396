/** What the model says beside what was measured, and why the two part where they do. */
import type { MeasuredTrial, Prediction } from '../measurement/record.js';
import { PREDICTION_TOLERANCE, whyTheyPart } from './parting.js';
import { simulateTrial, type TrialInput } from './trial.js';

/** A measured trial with its prediction: the same trial in virtual time, over the same draws. */
export function withPrediction(trial: MeasuredTrial, input: TrialInput): MeasuredTrial {
  const predicted = compareWith(trial, simulateTrial(input));
  if (predicted.breaks === null) return { ...trial, predicted };
  const why = whyTheyPart(trial, predicted, input);
  return { ...trial, predicted: why === null ? { ...predicted, unexplained: true } : { ...predicted, breaks: why } };
}

/** A measured trial against a simulated one. */
export function compareWith(measured: MeasuredTrial, simulated: MeasuredTrial): Prediction {
  const { p50, p95 } = simulated.responseTime;
  const { throughput, failureRate } = simulated;
  const times = [errorOf(measured.responseTime.p50, p50), errorOf(measured.responseTime.p95, p95)];
  const rate = errorOf(measured.throughput, throughput);
  const errors = [...times, rate].filter((error) => error !== null);
  const holds =
    times.every((error) => error === null || error <= PREDICTION_TOLERANCE.time) &&
    (rate === null || rate <= PREDICTION_TOLERANCE.throughput) &&
    Math.abs(measured.failureRate - failureRate) <= PREDICTION_TOLERANCE.failureRate;
  const errorPercent = errors.length === 0 ? null : 100 * Math.max(...errors);
  return { p50, p95, throughput, failureRate, errorPercent, breaks: holds ? null : UNKNOWN };
}

/** Relative distance from the prediction; null when there is nothing to divide by. */
function errorOf(measured: number | null, predicted: number | null): number | null {
  if (measured === null || predicted === null || predicted === 0) return null;
  return Math.abs(measured / predicted - 1);
}

const UNKNOWN = 'Nothing in the trial tells why: a service, or the machine, did something else than the scenario says.';
