/** How one number of a row is shown: what is not known for sure says so. */
import { fold, type TrialGroup } from '../advice/rounds.js';
import type { MeasuredTrial, Times, Trial } from '../measurement/record.js';
import { isCensored, isKnown, type Percentile } from '../measurement/times.js';
import { ABSENT, formatTime } from './format.js';

/** Marks a percentile with too few samples to be known. */
export const TOO_FEW = '~';
/** Marks a subject whose measurement is not valid. */
export const INVALID = ' !';
/** Marks a time that is only known to be at least that long. */
export const AT_LEAST = '>= ';

/** The times of a trial that a column is about; null when the trial has none. */
export type TimesOf = (trial: MeasuredTrial) => Times | null;

/** How far from the truth the times of a trial may be, ms, because the clocks of its hosts are known no better; 0 for one clock. */
export type BoundOf = (trial: MeasuredTrial) => number;

export const lagBound: BoundOf = ({ clocks }) => clocks?.lagBound ?? 0;
export const completionBound: BoundOf = ({ clocks }) => clocks?.completionBound ?? 0;

/** A percentile, median over the rounds; marked when one of the rounds does not know it for sure. */
export function percentileCell(row: TrialGroup, which: Percentile, timesOf: TimesOf, boundOf: BoundOf = () => 0): string {
  const value = fold(row, (trial) => timesOf(trial)?.[which] ?? null);
  if (value === null) return ABSENT;
  const bound = fold(row, boundOf) ?? 0;
  if (value < bound) return `< ${formatTime(bound)}`;
  const rounds = row.measured.flatMap((trial) => timesOf(trial) ?? []);
  const few = rounds.some((times) => !isKnown(times, which)) ? TOO_FEW : '';
  const atLeast = rounds.some((times) => isCensored(times, which)) ? AT_LEAST : '';
  return few + atLeast + formatTime(value);
}

/** An interval of times, median over the rounds of both its ends; absent when no round knows one. */
export function intervalCell(row: TrialGroup, intervalOf: (trial: MeasuredTrial) => { low: number; high: number } | null): string {
  const end = (which: 'low' | 'high'): number | null => fold(row, (trial) => intervalOf(trial)?.[which] ?? null);
  const [low, high] = [end('low'), end('high')];
  return low === null ? ABSENT : `${formatTime(low)} to ${formatTime(high)}`;
}

/** What became of a row without numbers. */
export function stateOf(row: TrialGroup): Trial['state'] {
  return row.rounds.some((trial) => trial.state === 'errored') ? 'errored' : (row.rounds[0]?.state ?? 'aborted');
}
