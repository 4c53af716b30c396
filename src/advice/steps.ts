/**
 * Advice step by step: which may leave the request, what that gains at the loads given, and what it takes. Everything
 * is simulated with the same draws; nothing is said that is not a number.
 */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import { limitOf, type Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { simulateTrial } from '../simulation/trial.js';
import { casesOf, type Case } from './cases.js';
import { decide, type Decision } from './decision.js';
import { gainOf, isWorthIt } from './gain.js';
import type { GainAtLoad, StepAdvice } from './grounds.js';
import { moveAt, type MoveAtLoad, type MoveOptions } from './move.js';
import { hindranceOf, withMoved } from './moves.js';

/** Everything that is advised. */
export interface Advice {
  decision: Decision;
  steps: StepAdvice[];
  /** Steps worth moving, the one to begin with first. */
  order: string[];
  /** What is gained once each of these has been moved after the ones before it. */
  path: { step: string; loads: GainAtLoad[] }[];
  /** What calling side by side gives without any event, and what moving all that may move gives, at each load. */
  parallel: GainAtLoad[];
  moved: GainAtLoad[];
  /** When requests are right, and when events are. */
  cases: Case[];
}

/** What the advice rests on. */
export interface AdviceOptions extends MoveOptions {
  loads: readonly TrialLoad[];
}

/** Advice about a chain, whatever architecture its subject has now. */
export function advise(subject: Subject, options: AdviceOptions): Advice {
  const run = (arranged: Subject, load: TrialLoad): MeasuredTrial => simulateTrial(options.plan(arranged, load));
  const sync = options.loads.map((load) => run({ ...subject, architecture: 'sync' }, load));
  const gains = (arranged: Subject): GainAtLoad[] =>
    options.loads.map((load, i) => ({ load, gain: gainOf(sync[i], run(arranged, load)) }));
  const steps = subject.steps.map((step) => adviceOf(step, subject, options, sync));
  const order = steps
    .filter(({ verdict }) => verdict !== 'keep')
    .toSorted((a, b) => b.gain - a.gain)
    .map(({ step }) => step);
  const path = order.map((step, i) => ({ step, loads: gains(withMoved(subject, order.slice(0, i + 1))) }));
  const movable = steps.filter(({ hindrance }) => hindrance === null).map(({ step }) => step);
  const parallel = gains({ ...subject, architecture: 'parallel' });
  const moved = gains(withMoved(subject, movable));
  const found = { sync, parallel, moved, steps, order };
  return { decision: decide(found), steps, order, path, parallel, moved, cases: casesOf(subject, found) };
}

function adviceOf(step: Step, subject: Subject, options: AdviceOptions, sync: readonly MeasuredTrial[]): StepAdvice {
  const hindrance = hindranceOf(step, subject.steps);
  const arranged = withMoved(subject, [step.name]);
  const workers = limitOf(arranged.event.consumers[0]?.workers ?? 'unlimited');
  const loads = hindrance ? [] : options.loads.map((load, i) => moveAt(step, arranged, load, options, sync[i]));
  const gain = loads.reduce((sum, at) => sum + at.gain.share, 0) / Math.max(1, loads.length);
  return {
    step: step.name,
    service: step.call,
    hindrance,
    workers: Number.isFinite(workers) ? workers : null,
    loads,
    gain,
    verdict: verdictOf(loads, workers),
  };
}

function verdictOf(loads: readonly MoveAtLoad[], workers: number): StepAdvice['verdict'] {
  if (!loads.some(({ gain }) => isWorthIt(gain))) return 'keep';
  const short = loads.filter((at) => at.workersNeeded > workers).length;
  if (short === 0) return 'move';
  return short < loads.length ? 'with-workers' : 'only-with-workers';
}
