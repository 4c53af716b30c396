/** What decision and cases rest on: the numbers of each step, and what each arrangement gains. */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import type { Gain } from './gain.js';
import type { Goals } from './goals.js';
import type { Hindrance } from './moves.js';
import type { Option } from './option.js';

/** What moving one step, with what comes after it, does at one load. */
export interface MoveAtLoad {
  load: TrialLoad;
  /** At the load as the scenario says it: the same users, or the same rate. */
  gain: Gain;
  /** The busiest service of the reply afterwards; null when none is limited. */
  bottleneck: string | null;
  /** Requests per second, the same for all alternatives. What follows is at these. */
  orders: number;
  /** Events per second that the step's consumer gets. */
  arrivalRate: number;
  /** The least workers with which its work is done in time; null when no number of them is enough. */
  workersNeeded: number | null;
  /** 95th percentile of the event lag, and of the time from the reply to the end of the work, ms. */
  lag: number | null;
  staleness: number | null;
  /** Whether both are only known to be at least that: events still wait when the time is over. */
  unfinished: boolean;
  /** Share of the requests that were told "ok", and whose work died. */
  failedLater: number;
  /** Time after a peak until nothing waits, s; null where the load has no peak. */
  drainSeconds: number | null;
  /** Most events that wait or are worked on at once: lost with the process when they are only in its memory. */
  atRisk: number;
}

/** What is said of one step. */
export interface StepAdvice {
  step: string;
  service: string;
  /** What keeps it in the request; null: it may move. */
  hindrance: Hindrance | null;
  /** Steps that have to move with it, because they come after it. */
  with: string[];
  /** Messages that its consumer can work on at once, its service's workers included; null: no limit. */
  workers: number | null;
  /** There: so many at most. */
  scales?: true;
  /** At each load; none for a step that may not move. */
  loads: MoveAtLoad[];
  /** Mean share of the response time saved, over the loads. */
  gain: number;
  /**
   * `move`: it gains, and its consumer keeps up. `with-workers`: at some of the loads it needs more workers. `only-with-
   * workers`: at all of them. `too-late`: its work dies, or is not done in time, however many there are. `keep`: it may not
   * move, or it gains too little.
   */
  verdict: 'move' | 'with-workers' | 'only-with-workers' | 'too-late' | 'keep';
}

/** What an arrangement gives at one load. */
export interface GainAtLoad {
  load: TrialLoad;
  gain: Gain;
}

/** What the decision rests on. */
export interface Grounds {
  goals: Goals;
  /** Whether the goals are the user's own. */
  isAsked: boolean;
  /** The chain as it is, at the loads of the scenario. */
  sync: readonly MeasuredTrial[];
  /** Calling side by side, and moving all that may move, at the loads of the scenario. */
  parallel: readonly GainAtLoad[];
  moved: readonly GainAtLoad[];
  steps: readonly StepAdvice[];
  /** At the same orders; the first is the chain as it is. */
  options: readonly Option[];
}
