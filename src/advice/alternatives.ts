/**
 * What could be done with a chain: as it is, the errors of some steps caught, side by side, or with some of its steps moved onto
 * an event, and these together.
 */
import { latencyQuantile } from '../scenarios/draw.js';
import type { Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { meanWorkOfRequests } from './mean-work.js';
import { hindranceOf, isChain, movedWith, withMoved } from './moves.js';
import { traitsOf } from './traits.js';

/** A step whose failure the reply goes on without (best effort), given up after so long, ms an attempt. */
export interface Caught {
  step: string;
  timeout: number;
  /** Its timeout is shorter than it was. */
  isShorter: boolean;
}

/** What is changed about the chain as it is. */
export interface Change {
  caught: Caught[];
  /** What stays in the request is called side by side, where it was called in turn. */
  beside: boolean;
  /** Steps that have moved, in the order of the chain. */
  moved: string[];
}

/** One of them, by the largest of its changes. */
export interface Alternative extends Change {
  kind: 'stay' | 'catch' | 'parallel' | 'move';
  subject: Subject;
}

export const UNCHANGED: Change = { caught: [], beside: false, moved: [] };

/** Steps, with what depends on them, that are combined with each other in every way; of more, those that weigh most, three at once. */
const COMBINED = 5;
const AT_ONCE = 3;

/**
 * The chain so changed. What is called in turn stays so: what events gain is not what doing it side by side does. One that publishes goes on
 * to: its steps are those that its reply waits for.
 */
export function arranged(subject: Subject, { caught, beside, moved }: Change): Subject {
  const patience = new Map(caught.map(({ step, timeout }) => [step, timeout]));
  const steps = subject.steps.map((step): Step => {
    const timeout = patience.get(step.name);
    return timeout === undefined ? step : { ...step, onError: 'continue', timeout };
  });
  const order = beside || isBeside(subject) ? 'side by side' : 'in turn';
  if (moved.length > 0 || traitsOf(subject.architecture).publishes) return withMoved({ ...subject, steps }, moved, order);
  return { ...subject, steps, architecture: order === 'in turn' ? 'sync' : 'parallel' };
}

/** The alternative of a change. */
export function alternativeOf(subject: Subject, change: Change): Alternative {
  const { caught, beside, moved } = change;
  const kind = moved.length > 0 ? 'move' : beside ? 'parallel' : caught.length > 0 ? 'catch' : 'stay';
  return { kind, ...change, subject: arranged(subject, change) };
}

/** The chain as it is. */
export function staying(subject: Subject): Alternative {
  return alternativeOf(subject, UNCHANGED);
}

/** Everything that does not need each other side by side; none where it is so already, or each step needs the one before it. */
export function sideBySide(subject: Subject): Alternative[] {
  return canBeBeside(subject, []) ? [alternativeOf(subject, { ...UNCHANGED, beside: true })] : [];
}

/** Each step that may move, with everything after it. */
export function singleMoves(subject: Subject): Alternative[] {
  return unique(movable(subject).map((step) => movedWith(step, subject.steps))).map((moved) => alternativeOf(subject, { ...UNCHANGED, moved }));
}

/**
 * Every other one: moves together, each of them also with what stays side by side, and with the errors of what stays caught.
 * @param troubled steps whose errors are worth catching
 */
export function combinations(subject: Subject, troubled: readonly Step[]): Alternative[] {
  const changes = [[], ...moveSets(subject)].flatMap((moved) => {
    const orders = canBeBeside(subject, moved) ? [false, true] : [false];
    const catches = [[], ...catchSets(subject, troubled.filter(({ name }) => !moved.includes(name)))];
    return catches.flatMap((caught) => orders.map((beside) => ({ caught, beside, moved })));
  });
  return changes.map((change) => alternativeOf(subject, change));
}

/** A name for what it changes: two of the same are the same. */
export function keyOf({ caught, beside, moved }: Change): string {
  return [moved.join(' '), beside, ...caught.map(({ step, timeout }) => `${step} ${timeout}`)].join('|');
}

/** Steps that may leave the request. */
export function movable({ steps }: Subject): Step[] {
  return steps.filter((step) => hindranceOf(step, steps) === null);
}

/** Every set of steps that may move together; see `COMBINED`. */
function moveSets(subject: Subject): string[][] {
  const all = movable(subject);
  const heaviest = all.toSorted((a, b) => weightOf(b, subject) - weightOf(a, subject)).slice(0, COMBINED);
  const parts = heaviest.map((step) => movedWith(step, subject.steps));
  const singles = all.map((step) => movedWith(step, subject.steps));
  const most = all.length <= COMBINED ? all.length : AT_ONCE;
  const together = Array.from({ length: Math.max(0, most - 1) }, (_, i) => choose(parts, i + 2)).flat();
  return unique([...singles, ...together.map((set) => set.flat()), singles.flat()].map((names) => inOrder(names, subject.steps)));
}

/** Every set of these steps, with timeouts that leave room and with those that they have. */
function catchSets({ services }: Subject, steps: readonly Step[]): Caught[][] {
  const sets = steps.flatMap((_, i) => choose(steps, i + 1));
  return sets.flatMap((set) => {
    const [short, asSaid] = [true, false].map((isShort) => set.map((step) => caughtAs(step, isShort))) as [Caught[], Caught[]];
    return short.some(({ isShorter }) => isShorter) ? [short, asSaid] : [asSaid];
  });

  function caughtAs({ name, call, timeout }: Step, isShort: boolean): Caught {
    const latency = services.find((service) => service.name === call)?.latency;
    const enough = latency && isShort ? twoDigits(PATIENCE * latencyQuantile(latency, 0.99)) : timeout;
    return { step: name, timeout: Math.min(timeout, enough), isShorter: enough < timeout };
  }
}

/** A caught step is waited for as many times the 99th percentile of its latency: nearly every call is done, and has room to wait. */
const PATIENCE = 1.5;

/** A timeout as one would write it, ms: never less. */
function twoDigits(ms: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(ms, 1))) - 1);
  return Math.max(1, Math.ceil(ms / unit) * unit);
}

/** Whether calling what stays side by side is anything else than calling it in turn. */
function canBeBeside(subject: Subject, moved: readonly string[]): boolean {
  return !isBeside(subject) && !isChain(subject.steps.filter(({ name }) => !moved.includes(name)));
}

/** Each step is called as soon as those that it comes after are done. So it is before an event, too. */
function isBeside({ architecture }: Subject): boolean {
  const traits = traitsOf(architecture);
  return traits.publishes || traits.sideBySide;
}

/** Mean time of the step, ms; a service that fails weighs more than any time. */
function weightOf(step: Step, subject: Subject): number {
  const service = subject.services.find(({ name }) => name === step.call);
  if (!service) return 0;
  const isUnreliable = service.errors > 0 || service.outages.length > 0;
  return meanWorkOfRequests(step, subject) + (isUnreliable ? 1e9 : 0);
}

function choose<T>(items: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) => choose(items.slice(i + 1), count - 1).map((rest) => [item, ...rest]));
}

function inOrder(names: readonly string[], steps: readonly Step[]): string[] {
  return steps.filter(({ name }) => names.includes(name)).map(({ name }) => name);
}

function unique(sets: readonly string[][]): string[][] {
  return [...new Map(sets.filter(({ length }) => length > 0).map((names) => [names.join(' '), names])).values()];
}
