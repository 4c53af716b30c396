/** What decision and cases rest on: the numbers of each step, and what each arrangement gains. */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import type { Gain } from './gain.js';
import type { MoveAtLoad } from './move.js';
import type { Hindrance } from './moves.js';

/** What is said of one step. */
export interface StepAdvice {
  step: string;
  service: string;
  /** What keeps it in the request; null: it may move. */
  hindrance: Hindrance | null;
  /** Workers that its consumer has; null: no limit. */
  workers: number | null;
  /** At each load; none for a step that may not move. */
  loads: MoveAtLoad[];
  /** Mean share of the response time saved, over the loads. */
  gain: number;
  /**
   * `move`: it gains, and its consumer keeps up. `with-workers`: at some of the loads it needs more workers. `only-with-
   * workers`: at all of them, the backlog can never be worked off. `keep`: it may not move, or it gains too little.
   */
  verdict: 'move' | 'with-workers' | 'only-with-workers' | 'keep';
}

/** What an arrangement gives at one load. */
export interface GainAtLoad {
  load: TrialLoad;
  gain: Gain;
}

/** What the decision rests on. */
export interface Grounds {
  sync: readonly MeasuredTrial[];
  parallel: readonly GainAtLoad[];
  moved: readonly GainAtLoad[];
  steps: readonly StepAdvice[];
  order: readonly string[];
}
