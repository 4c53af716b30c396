/** What could be done with a chain: as it is, side by side, or with some of its steps moved onto an event. */
import type { Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { meanWork } from './mean-work.js';
import { hindranceOf, movedWith, withMoved } from './moves.js';

/**
 * One of them. A way to catch the error of a step and go on will stand between `stay` and `parallel`, as soon as a scenario
 * can say it.
 */
export interface Alternative {
  kind: 'stay' | 'parallel' | 'move';
  /** Steps that have moved, in the order of the chain. */
  moved: string[];
  subject: Subject;
}

/** Steps, with what depends on them, that are combined with each other in every way; of more, those that weigh most, three at once. */
const COMBINED = 5;
const AT_ONCE = 3;

/** The chain as it is. */
export function staying(subject: Subject): Alternative {
  return { kind: 'stay', moved: [], subject: { ...subject, architecture: 'sync' } };
}

/** Everything that does not need each other side by side. */
export function sideBySide(subject: Subject): Alternative {
  return { kind: 'parallel', moved: [], subject: { ...subject, architecture: 'parallel' } };
}

/** Each step that may move, with everything after it. */
export function singleMoves(subject: Subject): Alternative[] {
  return unique(movable(subject).map((step) => movedWith(step, subject.steps))).map((names) => moving(subject, names));
}

/** Several of them together, and all that may move; what is among the single moves is not told again. */
export function combinedMoves(subject: Subject): Alternative[] {
  const all = movable(subject);
  const heaviest = all.toSorted((a, b) => weightOf(b, subject) - weightOf(a, subject)).slice(0, COMBINED);
  const singles = all.map((step) => movedWith(step, subject.steps));
  const parts = heaviest.map((step) => movedWith(step, subject.steps));
  const most = all.length <= COMBINED ? all.length : AT_ONCE;
  const together = Array.from({ length: Math.max(0, most - 1) }, (_, i) => combinations(parts, i + 2)).flat();
  const sets = [...together, singles].map((set) => inOrder(set.flat(), subject.steps)).filter(({ length }) => length > 0);
  const known = new Set(singles.map(keyOf));
  return unique(sets)
    .filter((names) => !known.has(keyOf(names)))
    .toSorted((a, b) => a.length - b.length)
    .map((names) => moving(subject, names));
}

/** Steps that may leave the request. */
export function movable({ steps }: Subject): Step[] {
  return steps.filter((step) => hindranceOf(step, steps) === null);
}

function moving(subject: Subject, names: string[]): Alternative {
  return { kind: 'move', moved: names, subject: withMoved(subject, names) };
}

/** Mean time of the step, ms; a service that fails weighs more than any time. */
function weightOf(step: Step, { services }: Subject): number {
  const service = services.find(({ name }) => name === step.call);
  if (!service) return 0;
  const isUnreliable = service.errors > 0 || service.outages.length > 0;
  return meanWork(step, services) + (isUnreliable ? 1e9 : 0);
}

function combinations<T>(items: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) => combinations(items.slice(i + 1), count - 1).map((rest) => [item, ...rest]));
}

function inOrder(names: readonly string[], steps: readonly Step[]): string[] {
  return steps.filter(({ name }) => names.includes(name)).map(({ name }) => name);
}

function unique(sets: readonly string[][]): string[][] {
  return [...new Map(sets.map((names) => [keyOf(names), names])).values()];
}

function keyOf(names: readonly string[]): string {
  return names.join(' ');
}
