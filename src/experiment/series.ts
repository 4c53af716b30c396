/** What the response times of a load tell as a series: whether they are steady, and how far p95 is known. */
import { OUTCOMES } from '../load/load.js';
import type { MeasuredTrial } from '../measurement/record.js';
import { decodeSamples } from '../measurement/samples.js';
import { NOT_STEADY } from '../measurement/validity.js';
import { sectionedInterval } from '../verdict/statistics/percentile-intervals.js';
import { truncate } from '../verdict/statistics/mser.js';
import type { TrialPlan } from './plan.js';

/** Response times that it takes to go on warming up for their sake: a false alarm in ten costs little. */
const ENOUGH = 100;
/** And to call a whole window unsteady: below, one in ten of steady windows would be called so. */
const ENOUGH_TO_SAY = 500;
const NOT_TIMED: readonly number[] = (['connection', 'hangup', 'cutOff', 'stale'] as const).map((outcome) => OUTCOMES.indexOf(outcome));

/** Whether response times have been steady for at least half of the way (MSER-5); too few are no sign of the contrary. */
export function isSteady(times: Float32Array): boolean {
  return times.length < ENOUGH || truncate(times).steady;
}

/** Whether p95 is known to so much more or less, as a share of itself. */
export function isKnownTo(times: Float32Array, precision: number): boolean {
  const interval = sectionedInterval(times, 0.95);
  return interval !== null && precisionOf(interval) <= precision;
}

/** The trial with its p95's interval, and with a note where it was not steady or is not known as precisely as it should be. */
export function withSeries(trial: MeasuredTrial, { until, load }: Pick<TrialPlan, 'until' | 'load'>): MeasuredTrial {
  const times = seriesOf(trial);
  const p95Interval = sectionedInterval(times, 0.95);
  const notes = [
    ...(load.ramp || times.length < ENOUGH_TO_SAY || isSteady(times) ? [] : [unsteady(times, trial)]),
    ...(until && !until.early && !(p95Interval && precisionOf(p95Interval) <= until.precision) ? [imprecise({ p95: p95Interval }, until, trial, 'allow a longer window.')] : []),
  ];
  return { ...trial, p95Interval, validity: { ...trial.validity, notes: [...trial.validity.notes, ...notes] } };
}

/** Response times of the measured requests that were answered or timed out, in the order of their start. */
export function seriesOf({ samples }: MeasuredTrial): Float32Array {
  const { start, time, outcome } = decodeSamples(samples);
  let count = 0;
  for (let row = 0; row < time.length; row++) {
    // In place: there may be a million.
    if (start[row]! >= 0 && !NOT_TIMED.includes(outcome[row]!)) time[count++] = time[row]!;
  }
  return time.subarray(0, count);
}

function unsteady(times: Float32Array, { window }: MeasuredTrial): string {
  const cut = Math.round((truncate(times).cut / times.length) * 100);
  return (
    `${NOT_STEADY} after ${seconds(window.warmupSeconds)} of warm-up response times still changed in the second half of the window ` +
    `(MSER-5 would leave out the first ${cut} %).`
  );
}

/** That percentiles are known less well than they should be, and what to do. */
export function imprecise(
  intervals: Record<string, { low: number; high: number } | null>,
  { precision }: NonNullable<TrialPlan['until']>,
  { window }: MeasuredTrial,
  advice: string,
): string {
  const known = Object.entries(intervals).map(
    ([name, interval]) => `${name} is known ${interval ? `to ${percent(precisionOf(interval))} more or less` : 'not at all, for want of requests'}`,
  );
  return `After ${seconds(window.seconds)} ${known.join(', ')}, and should be to ${percent(precision)}: ${advice}`;
}

/** Half of an interval, as a share of its middle. */
export function precisionOf({ low, high }: { low: number; high: number }): number {
  return high === 0 ? 0 : (high - low) / (high + low);
}

function seconds(value: number): string {
  return `${Math.round(value * 10) / 10} s`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
