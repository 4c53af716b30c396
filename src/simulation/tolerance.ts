/** How near a measurement and its prediction are, and how near they have to be. */
import type { MeasuredTrial, Prediction } from '../measurement/record.js';

/** The figures that are predicted: times in ms, completed requests a second, share of requests. */
export type Figures = Pick<Prediction, 'p50' | 'p95' | 'throughput' | 'failureRate'>;

/** How far a measurement may be from the model before it needs a reason: ratios, and points for the failure rate. */
export const PREDICTION_TOLERANCE = { time: 0.05, throughput: 0.03, failureRate: 0.02 } as const;

/** Whether all figures measured are as near to those predicted as they have to be. */
export function isNear(measured: Figures, predicted: Figures): boolean {
  const { time, throughput, failureRate } = PREDICTION_TOLERANCE;
  return (
    [errorOf(measured.p50, predicted.p50), errorOf(measured.p95, predicted.p95)].every((error) => (error ?? 0) <= time) &&
    (errorOf(measured.throughput, predicted.throughput) ?? 0) <= throughput &&
    Math.abs(measured.failureRate - predicted.failureRate) <= failureRate
  );
}

/** Relative distance from the prediction; null when there is nothing to divide by. */
export function errorOf(measured: number | null, predicted: number | null): number | null {
  if (measured === null || predicted === null || predicted === 0) return null;
  return Math.abs(measured / predicted - 1);
}

/** What a measured or simulated trial has of them. */
export function figuresOf({ responseTime: { p50, p95 }, throughput, failureRate }: MeasuredTrial): Figures {
  return { p50, p95, throughput, failureRate };
}

/** Whether a trial parts from its prediction, and in this figure. */
export function partsIn(trial: MeasuredTrial, figure: keyof Figures): boolean {
  const { predicted } = trial;
  if (!predicted || predicted.breaks === null) return false;
  return !isNear({ ...predicted, [figure]: figuresOf(trial)[figure] }, predicted);
}
