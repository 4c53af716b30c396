/**
 * Advice step by step: which may leave the request, what that gains at the loads given, and what it takes. Everything
 * is simulated with the same draws; nothing is said that is not a number.
 */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import { limitOf, type Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
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

/** Advice about a chain, whatever architecture its subject has now. Everything that waits for nothing else is simulated at once. */
export async function advise(subject: Subject, options: AdviceOptions): Promise<Advice> {
  const { loads } = options;
  const run = (arranged: Subject, load: TrialLoad): Promise<MeasuredTrial> => options.simulate(options.plan(arranged, load));
  const before = loads.map((load) => run({ ...subject, architecture: 'sync' }, load));
  const gains = (arranged: Subject): Promise<GainAtLoad[]> => {
    const gainAt = async (load: TrialLoad, i: number): Promise<GainAtLoad> => {
      const [was, is] = await Promise.all([before[i], run(arranged, load)]);
      return { load, gain: gainOf(was, is) };
    };
    return Promise.all(loads.map(gainAt));
  };
  const movable = subject.steps.filter((step) => hindranceOf(step, subject.steps) === null).map(({ name }) => name);
  const [sync, steps, parallel, moved] = await Promise.all([
    Promise.all(before),
    Promise.all(subject.steps.map((step) => adviceOf(step, subject, options, before))),
    gains({ ...subject, architecture: 'parallel' }),
    gains(withMoved(subject, movable)),
  ]);
  const order = steps
    .filter(({ verdict }) => verdict !== 'keep')
    .toSorted((a, b) => b.gain - a.gain)
    .map(({ step }) => step);
  // The first move has been looked at alone, and the last where it leaves nothing to move.
  const pathOf = async (step: string, i: number): Promise<GainAtLoad[]> => {
    const alone = i === 0 ? steps.find((one) => one.step === step) : undefined;
    if (alone) return alone.loads.map(({ load, gain }) => ({ load, gain }));
    return i + 1 === movable.length ? moved : gains(withMoved(subject, order.slice(0, i + 1)));
  };
  const path = await Promise.all(order.map(async (step, i) => ({ step, loads: await pathOf(step, i) })));
  const found = { sync, parallel, moved, steps, order };
  return { decision: decide(found), steps, order, path, parallel, moved, cases: casesOf(subject, found) };
}

async function adviceOf(
  step: Step,
  subject: Subject,
  options: AdviceOptions,
  sync: readonly Promise<MeasuredTrial>[],
): Promise<StepAdvice> {
  const hindrance = hindranceOf(step, subject.steps);
  const arranged = withMoved(subject, [step.name]);
  const workers = limitOf(arranged.event.consumers[0]?.workers ?? 'unlimited');
  const loads = hindrance
    ? []
    : await Promise.all(options.loads.map((load, i) => moveAt(step, arranged, load, options, sync[i] as Promise<MeasuredTrial>)));
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
