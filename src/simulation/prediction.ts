/** What the model says beside what was measured, and why the two part where they do. */
import type { MeasuredTrial, Prediction } from '../measurement/record.js';
import { simulateTrial, type TrialInput } from './trial.js';

/** How far a measurement may be from the model before it needs a reason: ratios, and points for the failure rate. */
export const PREDICTION_TOLERANCE = { time: 0.05, throughput: 0.03, failureRate: 0.02 } as const;

/** The trial again with its prediction: the same trial in virtual time, over the same draws. */
export function withPrediction(trial: MeasuredTrial, input: TrialInput): MeasuredTrial {
  return { ...trial, predicted: compareWith(trial, simulateTrial(input)) };
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
  return { p50, p95, throughput, failureRate, errorPercent, breaks: holds ? null : reasonOf(measured) };
}

/** Relative distance from the prediction; null when there is nothing to divide by. */
function errorOf(measured: number | null, predicted: number | null): number | null {
  if (measured === null || predicted === null || predicted === 0) return null;
  return Math.abs(measured / predicted - 1);
}

/** The model knows no machine: what the validity guard has found is the first suspect. */
function reasonOf({ validity, failureRate }: MeasuredTrial): string {
  const found = validity.problems[0] ?? validity.notes[0];
  if (found) return found;
  return failureRate > 0
    ? 'Requests failed, and when a call gives up is decided by less than the machine\'s own delay.'
    : 'The machine took longer than the services alone: its own work for each request is not in the model.';
}
