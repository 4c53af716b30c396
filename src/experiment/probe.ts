/** One level of load, judged: is it carried, and is that sure? */
import { isMeasured } from '../advice/rounds.js';
import type { CapacityLimit, MeasuredTrial, Trial } from '../measurement/record.js';
import { apparentGrowth, passedLimit, sureGrowth, type CapacityLimits } from '../simulation/capacity.js';

/** What one trial of a level says. `known` is false when it was not measured, or not validly. */
export interface Reading {
  trial: Trial;
  known: boolean;
  passed: CapacityLimit | null;
  /** So close to a limit that another trial might say the opposite. */
  close: boolean;
}

/** Share of a scheduled rate that must be answered well in time: below, requests pile up however short the window. */
const KEPT_UP = 0.98;
/** Response times nearer to their limit than this are close. */
const CLOSE = 0.1;
/** Rare things are close within this factor of their limit. */
const CLOSE_FACTOR = 2;

export function readProbe(trial: Trial, limits: CapacityLimits): Reading {
  if (!isMeasured(trial) || !trial.validity.valid) return { trial, known: false, passed: null, close: true };
  const passed = passedLimit(trial, limits) ?? (keepsUp(trial) ? null : 'throughput');
  return { trial, known: true, passed, close: isClose(trial, limits, passed) };
}

function keepsUp({ load, throughput, failureRate }: MeasuredTrial): boolean {
  return load.model === 'closed' || throughput >= KEPT_UP * load.rate * (1 - failureRate);
}

/** What is far beyond one limit is beyond, whatever the others say; growth that may be noise is looked at again. */
function isClose(trial: MeasuredTrial, limits: CapacityLimits, passed: CapacityLimit | null): boolean {
  const p95 = (trial.responseTime.p95 ?? Infinity) / limits.p95;
  const failures = trial.failureRate / limits.failureRate;
  if (passed !== null) return p95 <= 1 + CLOSE && Math.max(failures, sureGrowth(trial) / limits.backlogGrowth) <= CLOSE_FACTOR;
  return p95 > 1 - CLOSE || Math.max(failures, apparentGrowth(trial) / limits.backlogGrowth) > 1 / CLOSE_FACTOR;
}

/** Trials of one level at most. */
export const MOST_ROUNDS = 3;

/** What the trials of one level say together; undefined: another one is needed. */
export function verdictOf(readings: readonly Reading[]): 'carried' | 'passed' | 'unknown' | undefined {
  const known = readings.filter((reading) => reading.known);
  const passed = known.filter((reading) => reading.passed !== null).length;
  const [only] = known;
  if (known.length === 1 && only && !only.close) return only.passed === null ? 'carried' : 'passed';
  if (passed >= 2) return 'passed';
  if (known.length - passed >= 2) return 'carried';
  if (readings.length < MOST_ROUNDS) return undefined;
  // Once said by one trial and by none denied.
  return known.length === 1 && only ? (only.passed === null ? 'carried' : 'passed') : 'unknown';
}
