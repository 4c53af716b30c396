/** One level of load, judged: is it carried, and is that sure? */
import { isMeasured } from '../advice/rounds.js';
import type { CapacityLimit, MeasuredTrial, Trial } from '../measurement/record.js';
import { goodAnswersWithin } from '../measurement/outcomes.js';
import { decodeSamples } from '../measurement/samples.js';
import { isKnown, PERCENTILES, samplesNeeded } from '../measurement/times.js';
import { isMachines } from '../measurement/validity.js';
import { apparentGrowth, passedLimit, sureGrowth, type CapacityLimits } from '../simulation/capacity.js';

/** Why a trial could not tell, as a sentence, and whether the machine is to blame. */
export interface Doubt {
  reason: string;
  machine: boolean;
}

/** What one trial of a level says. */
export interface Reading {
  trial: Trial;
  /** Null when it could tell. */
  doubt: Doubt | null;
  passed: CapacityLimit | null;
  /** So close to a limit that another trial might say the opposite. */
  close: boolean;
}

/** Share of what was sent that must be answered well in time: below, requests pile up however short the window. */
const KEPT_UP = 0.98;
/** Standard deviations by which a count of requests in flight is hardly ever off by chance. */
const SURELY = 3;
/** Response times nearer to their limit than this are close. */
const CLOSE = 0.1;
/** Rare things are close within this factor of their limit. */
const CLOSE_FACTOR = 2;

/** @param expectation what the model says of the level */
export function readProbe(trial: Trial, limits: CapacityLimits, expectation: Expectation = null): Reading {
  const doubt = doubtOf(trial);
  if (doubt || !isMeasured(trial)) return { trial, doubt, passed: null, close: true };
  const passed = passedLimit(trial, limits, expectation === 'passed') ?? (keepsUp(trial) ? null : 'throughput');
  // Nobody knows the 95th percentile of a handful of requests. That they failed, or were late, is known.
  if (passed === null && !isKnown(trial.responseTime, 'p95')) return { trial, doubt: tooFew(trial), passed: null, close: true };
  return { trial, doubt: null, passed, close: isClose(trial, limits, passed) };
}

/** Why the numbers of a trial cannot be used; null when they can. */
function doubtOf(trial: Trial): Doubt | null {
  if (!isMeasured(trial)) return { reason: trial.message, machine: false };
  const { valid, problems } = trial.validity;
  return valid ? null : { reason: problems.join(' '), machine: isMachines(trial) };
}

function tooFew({ responseTime: { count }, window: { seconds } }: MeasuredTrial): Doubt {
  const needed = samplesNeeded(PERCENTILES.p95 / 1000);
  return { reason: `${count} requests were answered in ${Math.round(seconds)} s, and it takes ${needed} to know their p95; a longer --duration has more.`, machine: false };
}

/**
 * Whether what was sent is answered, and does not pile up. Held against the requests that were really sent, which by
 * chance are more or fewer than the rate says. Those in flight at the end of the window and not at its start lack too:
 * there are rate x response time of them (Little), and as many more or less as two such counts differ by chance.
 */
function keepsUp({ load, outcomes, samples, window, responseTime }: MeasuredTrial): boolean {
  if (load.model === 'closed') return true;
  const inFlight = (outcomes.sent / window.seconds) * ((responseTime.mean ?? 0) / 1000);
  const missing = outcomes.ok - goodAnswersWithin(decodeSamples(samples), window.seconds * 1000);
  const byChance = load.arrivals === 'poisson' ? SURELY * Math.sqrt(2 * inFlight) : 0;
  return missing <= (1 - KEPT_UP) * outcomes.ok + byChance + ROUNDING;
}

/** A share of a request: rates are quotients. */
const ROUNDING = 1e-6;

/** What is far beyond one limit is beyond, whatever the others say; growth that may be noise is looked at again. */
function isClose(trial: MeasuredTrial, limits: CapacityLimits, passed: CapacityLimit | null): boolean {
  const p95 = (trial.responseTime.p95 ?? Infinity) / limits.p95;
  const failures = trial.failureRate / limits.failureRate;
  if (passed !== null) return p95 <= 1 + CLOSE && Math.max(failures, sureGrowth(trial) / limits.backlogGrowth) <= CLOSE_FACTOR;
  return p95 > 1 - CLOSE || Math.max(failures, apparentGrowth(trial) / limits.backlogGrowth) > 1 / CLOSE_FACTOR;
}

/** Trials of one level at most. */
export const MOST_ROUNDS = 3;

/** What the model says of a level; null: nothing. */
export type Expectation = 'carried' | 'passed' | null;

/**
 * What the trials of one level say together; undefined: another one is needed. What is close is said by two: by trials, or by one and
 * the model, which has the same draws and no machine.
 */
export function verdictOf(readings: readonly Reading[], expectation: Expectation = null): 'carried' | 'passed' | 'unknown' | undefined {
  const known = readings.filter(({ doubt }) => doubt === null);
  const passed = known.filter((reading) => reading.passed !== null).length;
  const [only] = known;
  const first = only && (only.passed === null ? 'carried' : 'passed');
  if (known.length === 1 && only && (!only.close || first === expectation)) return first;
  if (passed >= 2) return 'passed';
  if (known.length - passed >= 2) return 'carried';
  if (readings.length < MOST_ROUNDS) return undefined;
  // Once said by one trial and by none denied.
  return known.length === 1 && first ? first : 'unknown';
}
