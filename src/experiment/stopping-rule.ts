/** When a window has told what it is there to tell: p95, failures and backlog are known, and more of it would only repeat them. Pure. */
import { percentileInterval, sectionedInterval } from '../verdict/statistics/percentile-intervals.js';
import { wilson } from '../verdict/statistics/share-intervals.js';
import { studentQuantile } from '../verdict/statistics/student.js';
import { isSteady, precisionOf } from './series.js';

/** What is known of a window that is under way. Times in ms. */
export interface Sight {
  /** Since it began. */
  elapsed: number;
  /** Response times of the requests that have ended, in the order of their start. */
  times: Float32Array;
  /** Requests of it so far. */
  sent: number;
  ok: number;
  failed: number;
  inFlight: number;
  /** Events waiting, at moments of the window; empty where none are published. */
  backlog: readonly BacklogLook[];
}

/** A look at a backlog: so many events waited at that moment of the window, ms. */
export interface BacklogLook {
  at: number;
  waiting: number;
}

/** How well it has to be known. */
export interface Enough {
  /** p95, as a share of itself; failures, in points: so much more or less. */
  precision: number;
  /** The slope of the backlog, as a share of itself, or of the events of the good answers where that is more. */
  slope: number;
}

/** Confidence of all of it: with 59 requests p95 is bounded from above (`samplesNeeded`). */
const CONFIDENCE = 0.9;
/** So many p95 that a window lasts at least: what was late to be answered had the time to be. */
const CYCLES = 1.5;
/** Requests in flight beyond what Little's law says of those that have ended: some are late, and have not been seen. */
const HIDDEN = { factor: 1.5, few: 5 };
/** Looks at a backlog that its slope takes. */
const LOOKS = 8;

/** Whether it is enough. */
export function isEnough(sight: Sight, { precision, slope }: Enough): boolean {
  const { times, elapsed, ok, failed } = sight;
  const p95 = p95Interval(times);
  if (p95 === null || precisionOf(p95) > precision || elapsed < CYCLES * p95.high) return false;
  const failures = wilson(failed, ok + failed, CONFIDENCE);
  return failures.high - failures.low <= 2 * precision && isSteady(times) && !hidesLate(sight) && isSlopeKnown(sight, slope);
}

/** By sections where they are long enough, which knows of neighbours that resemble each other; else each for itself. */
function p95Interval(times: Float32Array): { low: number; high: number } | null {
  const sectioned = sectionedInterval(times, 0.95, CONFIDENCE);
  if (sectioned) return sectioned;
  const { low, high } = percentileInterval(times.toSorted(), 0.95, CONFIDENCE);
  return low === null || high === null ? null : { low, high };
}

function hidesLate({ sent, elapsed, inFlight, times }: Sight): boolean {
  return inFlight > HIDDEN.few + HIDDEN.factor * (sent / elapsed) * mean([...times]);
}

/**
 * The slope is that of a least-squares line. What is left of the looks beside the line depends on the look before: they
 * count for as many fewer as an autoregressive series of first order says.
 * Source: Santer et al., J. Geophys. Res. 105 (2000), 7337, section 4.1.
 */
function isSlopeKnown({ backlog, ok, elapsed }: Sight, share: number): boolean {
  const n = backlog.length;
  if (n === 0) return true;
  if (n < LOOKS) return false;
  const [meanAt, meanWaiting] = [mean(backlog.map(({ at }) => at)), mean(backlog.map(({ waiting }) => waiting))];
  const spread = backlog.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  const slope = backlog.reduce((sum, { at, waiting }) => sum + (at - meanAt) * (waiting - meanWaiting), 0) / spread;
  const rest = backlog.map(({ at, waiting }) => waiting - meanWaiting - slope * (at - meanAt));
  const squares = rest.reduce((sum, value) => sum + value ** 2, 0);
  const products = rest.slice(1).reduce((sum, value, i) => sum + value * (rest[i] ?? 0), 0);
  const correlation = squares === 0 ? 0 : Math.max(0, products / squares);
  const effective = (n * (1 - correlation)) / (1 + correlation);
  if (effective <= 3) return false;
  const half = studentQuantile((1 + CONFIDENCE) / 2, effective - 2) * Math.sqrt(squares / (effective - 2) / spread);
  return half <= share * Math.max(Math.abs(slope), ok / elapsed);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
