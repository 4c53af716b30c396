/** A simulated trial that goes on until its percentiles are known, and no longer. Pure: the same input gives the same digits. */
import type { MeasuredTrial } from '../measurement/record.js';
import { samplesNeeded } from '../measurement/times.js';
import { MOST_SAMPLES } from '../simulation/discrete-event/request-log.js';
import type { SimulationInput } from '../simulation/simulate.js';
import { simulateTrial, type TrialInput } from '../simulation/trial.js';
import { sectionedInterval, SECTIONS, type Interval } from '../verdict/statistics/percentile-intervals.js';
import { imprecise, precisionOf, seriesOf } from './series.js';

/** The percentiles that have to be known. */
const SHARES = { p95: 0.95, p99: 0.99 } as const;
/** A window that was too short is simulated anew, so many times as long at least and at most. */
const GROWTH = { least: 2, most: 10 };
/** More than is thought to be needed: what is known of a window is itself a matter of luck. */
const SPARE = 1.2;
/** Windows are of whole seconds, so that they can be told, ms. */
const WHOLE = 1000;
/** Requests that a window is made longer to, at most: of more than a million no series is kept. */
const MOST_REQUESTS = 0.9 * MOST_SAMPLES;

type Known = Record<keyof typeof SHARES, Interval | null>;

/**
 * Simulates a trial, for as long as its input says. The same draws give the same beginning: a longer window holds the
 * shorter one, so that which lengths are tried on the way is no part of the result but in where it ends.
 */
export function simulateUntilPrecise(input: SimulationInput, simulate: (input: TrialInput) => MeasuredTrial = simulateTrial): MeasuredTrial {
  const { until } = input;
  if (!until) return simulate(input);
  const within = Math.max(input.duration, until.within);
  let { duration } = input;
  for (let shorter: MeasuredTrial | undefined; ; ) {
    const trial = simulate({ ...input, duration });
    const known = knownOf(trial);
    // It became busier than it was before, and has outgrown what is kept.
    if (!known) return shorter ?? trial;
    const longer = duration * Math.min(growthOf(known, trial, until.precision), roomOf(trial, { ...input, duration }));
    const next = Math.min(within, Math.ceil(longer / WHOLE) * WHOLE);
    const answer = told(trial, known, until);
    if (isKnown(known, until.precision) || next <= duration) return answer;
    shorter = answer;
    duration = next;
  }
}

/** Intervals of the percentiles; undefined where there is no series to tell. */
function knownOf(trial: MeasuredTrial): Known | undefined {
  if (trial.samples.time === '' && trial.outcomes.sent > 0) return undefined;
  const times = seriesOf(trial);
  return { p95: sectionedInterval(times, SHARES.p95), p99: sectionedInterval(times, SHARES.p99) };
}

function isKnown(known: Known, precision: number): boolean {
  return Object.values(known).every((interval) => interval !== null && precisionOf(interval) <= precision);
}

/** How many times as long the window would have to be, by the square root law. */
function growthOf(known: Known, { responseTime: { count } }: MeasuredTrial, precision: number): number {
  const needed = Object.values(known).map((interval) =>
    interval === null ? (SECTIONS * samplesNeeded(SHARES.p99)) / Math.max(1, count) : (precisionOf(interval) / precision) ** 2,
  );
  return Math.min(GROWTH.most, Math.max(GROWTH.least, SPARE * Math.max(...needed)));
}

/** How many times as long it can be without more requests than are kept. */
function roomOf({ outcomes: { sent } }: MeasuredTrial, { warmup, duration }: TrialInput): number {
  return MOST_REQUESTS / Math.max(1, sent * (1 + warmup / duration));
}

/** With what is known of it, and a note where that is less than it should be. */
function told(trial: MeasuredTrial, known: Known, until: NonNullable<SimulationInput['until']>): MeasuredTrial {
  const { p95 } = known;
  const { validity } = trial;
  if (isKnown(known, until.precision)) return { ...trial, p95Interval: p95 };
  const isOver = trial.window.seconds * 1000 >= until.within;
  const note = imprecise(known, until, trial, isOver ? 'allow a longer window.' : 'it would take more than a million requests.');
  return { ...trial, p95Interval: p95, validity: { ...validity, notes: [...validity.notes, note] } };
}
