/** How near a measurement and its prediction are, and how near they have to be. */
import type { MeasuredTrial, Predicted, Range } from '../measurement/record.js';

/** The figures that are predicted: times in ms, completed requests a second, share of requests. */
export type Figures = Pick<Predicted, 'p50' | 'p95' | 'throughput' | 'failureRate'>;

/** How far a measurement may be from the model before it needs a reason: ratios, and points for the failure rate. */
export const PREDICTION_TOLERANCE = { time: 0.05, throughput: 0.03, failureRate: 0.02 } as const;

/** Whether a figure is as near to its prediction as it has to be. What one of them does not have cannot be compared. */
const NEAR: Record<keyof Figures, (measured: number, predicted: Figures) => boolean> = {
  p50: (measured, { p50 }) => (errorOf(measured, p50) ?? 0) <= PREDICTION_TOLERANCE.time,
  p95: (measured, { p95 }) => (errorOf(measured, p95) ?? 0) <= PREDICTION_TOLERANCE.time,
  throughput: (measured, { throughput, failureRate }) => Math.abs(measured - throughput) <= throughputTolerance(throughput, failureRate),
  failureRate: (measured, { failureRate }) => Math.abs(measured - failureRate) <= PREDICTION_TOLERANCE.failureRate,
};

/**
 * How far good answers a second may be from the model. They are requests that did not fail: where many do, the points that the
 * failure rate may be off are more of them than the ratio allows.
 */
function throughputTolerance(throughput: number, failureRate: number): number {
  if (throughput === 0) return Infinity;
  const requests = throughput / (1 - failureRate);
  return Math.max(PREDICTION_TOLERANCE.throughput * throughput, PREDICTION_TOLERANCE.failureRate * requests);
}

const FIGURES = Object.keys(NEAR) as (keyof Figures)[];

/** Whether all figures measured are as near to those predicted as they have to be. */
export function isNear(measured: Figures, predicted: Figures): boolean {
  return FIGURES.every((name) => isFigureNear(name, measured[name], predicted));
}

/** Whether each figure is near the predicted one, or lies in the range that is predicted for it. */
export function holds(measured: Figures, predicted: Predicted): boolean {
  return FIGURES.every((name) => figureHolds(name, measured[name], predicted));
}

function figureHolds(name: keyof Figures, measured: number | null, predicted: Predicted): boolean {
  return isFigureNear(name, measured, predicted) || isIn(measured, predicted.ranges?.[name]);
}

/** How much longer a time is than what is near its prediction, or in its range; negative: shorter; 0: neither. ms */
export function howFarBeyond(name: 'p50' | 'p95', measured: number, predicted: Predicted): number {
  const ms = predicted[name] ?? 0;
  const { low, high } = predicted.ranges?.[name] ?? { low: ms, high: ms };
  const least = Math.min(low, ms * (1 - PREDICTION_TOLERANCE.time));
  const most = Math.max(high, ms * (1 + PREDICTION_TOLERANCE.time));
  return measured > most ? measured - most : Math.min(0, measured - least);
}

/** Whether a range says more than that its figure is near the predicted one. */
export function isWide(name: keyof Figures, predicted: Predicted): boolean {
  const range = predicted.ranges?.[name];
  return range !== undefined && range !== null && [range.low, range.high].some((end) => !isFigureNear(name, end, predicted));
}

function isFigureNear(name: keyof Figures, measured: number | null, predicted: Figures): boolean {
  return measured === null || predicted[name] === null || NEAR[name](measured, predicted);
}

function isIn(value: number | null, range: Range | null | undefined): boolean {
  return value !== null && range !== null && range !== undefined && value >= range.low && value <= range.high;
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
  return !figureHolds(figure, figuresOf(trial)[figure], predicted);
}
