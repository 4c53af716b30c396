/** How far a percentile is known when neighbours resemble each other, as the requests of one load do. */
import { samplesNeeded } from '../../measurement/times.js';
import type { Interval } from './intervals.js';
import { studentQuantile } from './student.js';

/** Few and long, so that each is nearly independent of the next; the usual number. */
export const SECTIONS = 10;

/**
 * Interval of a percentile by sectioning: the series is cut into ten sections in order, and how far their percentiles
 * lie from that of the whole tells its error, whatever the correlation within a section. Source: Asmussen and Glynn,
 * Stochastic Simulation (2007), III.5a; Nakayama, ACM TOMACS 24 (2014), for quantiles.
 * @param values in order of time; any unit, and the interval has the same
 * @param share of the percentile: 0.95 for p95
 * @returns null when a section is too short to know its own percentile
 */
export function sectionedInterval(values: Float32Array, share: number, confidence = 0.95): Interval | null {
  const length = Math.floor(values.length / SECTIONS);
  if (length < samplesNeeded(share)) return null;
  const whole = percentileOf(values, share);
  let squares = 0;
  for (let i = 0; i < SECTIONS; i++) squares += (percentileOf(values.subarray(i * length, (i + 1) * length), share) - whole) ** 2;
  const error = Math.sqrt(squares / (SECTIONS - 1) / SECTIONS);
  const half = studentQuantile((1 + confidence) / 2, SECTIONS - 1) * error;
  return { low: Math.max(0, whole - half), high: whole + half };
}

function percentileOf(values: Float32Array, share: number): number {
  return values.toSorted()[Math.ceil(values.length * share) - 1] as number;
}
