/** Values with the intervals they are known to, for drawing. */
import { fold, type TrialGroup } from '../../advice/rounds.js';
import { knownFailureRate, responseTimes } from '../../measurement/outcomes.js';
import { PERCENTILES, type Percentile } from '../../measurement/times.js';
import { percentileInterval } from '../../verdict/statistics/percentile-intervals.js';
import { wilson } from '../../verdict/statistics/share-intervals.js';
import type { Context } from './context.js';

/** Of the intervals drawn. */
export const CONFIDENCE = 0.95;

export interface Known {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** A percentile of the response time, ms, with the interval that all samples of its rounds together leave it. */
export function responseTimeKnown(context: Context, row: TrialGroup, which: Percentile): Known {
  const samples = row.measured.map((trial) => responseTimes(context.samplesOf(trial)).map(Math.abs));
  const sorted = Float64Array.from(samples.flatMap((times) => Array.from(times))).toSorted();
  const interval = percentileInterval(sorted, PERCENTILES[which] / 1000, CONFIDENCE);
  return { value: fold(row, (trial) => trial.responseTime[which]), ...interval };
}

/** The failure rate with its interval. */
export function failureRateKnown(row: TrialGroup): Known {
  const sent = row.measured.reduce((sum, { outcomes }) => sum + outcomes.sent, 0);
  const ok = row.measured.reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
  const value = fold(row, knownFailureRate);
  return value === null || sent === 0 ? { value, low: null, high: null } : { value, ...wilson(sent - ok, sent) };
}
