/** The rounds of one trial, folded: what was measured several times is told once, as the median. */
import type { Architecture } from '../scenarios/architectures.js';
import { loadKey, loadSize } from '../measurement/loads.js';
import type { MeasuredTrial, Trial, TrialLoad } from '../measurement/record.js';
import { traitsOf } from './traits.js';

export { loadKey, loadSize };

/** One subject under one load, in all its rounds. */
export interface TrialGroup {
  architecture: string;
  base: Architecture | null;
  /** What others are compared with: the subject that the scenario names, or those that call in turn where it names none. */
  isBaseline: boolean;
  load: TrialLoad;
  rounds: Trial[];
  /** The rounds that numbers are taken from: the valid ones, or all measured ones when none is valid. */
  measured: MeasuredTrial[];
  /** Whether at least one round was measured and valid. */
  valid: boolean;
}

/**
 * Groups of the same subject and load; by load, then in the order in which the subjects first appear.
 * @param baseline name of the subject that others are compared with
 */
export function groupTrials(trials: readonly Trial[], baseline?: string): TrialGroup[] {
  const subjects = [...new Set(trials.map((trial) => trial.architecture))];
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = `${loadKey(trial.load)} ${trial.architecture}`;
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  return [...groups.values()]
    .map((rounds) => groupOf(rounds, baseline))
    .toSorted(
      (a, b) => compareLoads(a.load, b.load) || subjects.indexOf(a.architecture) - subjects.indexOf(b.architecture),
    );
}

function groupOf(rounds: Trial[], baseline: string | undefined): TrialGroup {
  const { architecture, base, load } = rounds[0] as Trial;
  const all = rounds.filter(isMeasured);
  const valid = all.filter((trial) => trial.validity.valid);
  const isBaseline = baseline === undefined ? traitsOf(base).inTurn : architecture === baseline;
  return { architecture, base, isBaseline, load, rounds, measured: valid.length > 0 ? valid : all, valid: valid.length > 0 };
}

/** Whether a trial has numbers. */
export function isMeasured(trial: Trial): trial is MeasuredTrial {
  return trial.state === 'measured' || trial.state === 'simulated';
}

function compareLoads(a: TrialLoad, b: TrialLoad): number {
  return a.model.localeCompare(b.model) || loadSize(a) - loadSize(b);
}

/** Median over the rounds of one number of a trial; null when no round has it. */
export function fold(group: TrialGroup, pick: (trial: MeasuredTrial) => number | null): number | null {
  return median(group.measured.map(pick));
}

/** Median of the numbers that are there; of an even count the mean of the middle two. */
export function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}
