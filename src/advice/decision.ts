/** One decision out of many numbers: the cheapest alternative that meets the goals at every load. */
import type { Caught, Change } from './alternatives.js';
import { FEW_FAILURES, isWorthIt, meanShare, WORTH_IT } from './gain.js';
import type { Goal } from './goals.js';
import type { Grounds } from './grounds.js';
import type { Option } from './option.js';
import type { Outlook } from './outlook.js';
import type { WorkersAdvice } from './workers.js';

/** What to do, and the numbers that say so. Gains are mean shares of the median response time. */
export type Decision =
  /** Nothing may move, nothing saves enough, or nothing that was tried comes close enough to the goals. */
  | { kind: 'stay'; because: 'nothing-to-move' | 'too-little-gain' | 'nothing-helps'; gain: number; missed: Goal[] }
  /** The goals are met as it is: ms, share of the requests. */
  | { kind: 'stay'; because: 'quick-enough'; p95: number; failureRate: number; gain: number; missed: Goal[] }
  /** The request goes on without the results of these steps: `undone` is the share of the requests that have to. */
  | { kind: 'catch'; caught: Caught[]; gain: number; undone: number; missed: Goal[] }
  /** Calling side by side is enough, without any event. */
  | { kind: 'parallel'; caught: Caught[]; gain: number; eventsGain: number; undone: number; missed: Goal[] }
  /** Move these steps, the first of them first; `workers` its consumer needs at the peak when it has fewer, null when it keeps up. */
  | ({ kind: 'move'; workers: number | null } & Moving)
  /** The same, where it never keeps up with what it has. */
  | ({ kind: 'buy-workers'; workers: number } & Moving);

/** `beside`: what stays is called side by side. */
interface Moving {
  first: string;
  steps: string[];
  beside: boolean;
  caught: Caught[];
  gain: number;
  undone: number;
  /** Whose workers these are: of what moves, the consumer that lacks most; where none does, that of the first. */
  consumer: string;
  has: number | null;
  /** There: so many at most. */
  scales?: true;
  missed: Goal[];
}

/** Shares of the response time that are as good as equal. */
const AS_GOOD = 0.05;

/** Where the goals are not met, nobody is advised to do what fails more than this: that it fails a little less is no answer. */
export const MOST = 0.1;
/** Share of the failures that is left where an option comes closer to the goals and does not meet them. */
const MOST_LEFT = 0.75;

/** The decision, and the option that it stands for. */
export interface Decided {
  decision: Decision;
  option: Option;
}

/** The cheapest that meets the goals; where none does, the cheapest of those that come closest. */
export function decide(grounds: Grounds): Decided {
  const { options, isAsked } = grounds;
  const [stay, ...others] = options as [Option, ...Option[]];
  if (stay.missed.length === 0) return (isAsked ? null : freeGain(grounds, stay)) ?? { decision: staying(grounds, stay), option: stay };
  const good = others.filter(({ missed }) => missed.length === 0).toSorted(byCost);
  const [option] = good.length > 0 ? good : closest(stay, others);
  return option ? { decision: decisionOf(grounds, option, stay), option } : { decision: staying(grounds, stay), option: stay };
}

/** Side by side costs next to nothing: where it saves as much as events do it is told, also of a chain that meets its goals. */
function freeGain(grounds: Grounds, stay: Option): Decided | null {
  const { parallel, moved, options } = grounds;
  const option = options.find(isPlainParallel);
  const isGood = option?.missed.length === 0 && parallel.some((at) => isWorthIt(at.gain));
  const isAsGood = parallel.every((at, i) => {
    const events = moved[i]?.gain;
    return !events || (at.gain.share >= events.share - AS_GOOD && at.gain.failuresAfter <= events.failuresAfter + FEW_FAILURES);
  });
  return option && isGood && isAsGood ? { decision: decisionOf(grounds, option, stay), option } : null;
}

/** Side by side and nothing else. */
export function isPlainParallel({ kind, caught }: Option): boolean {
  return kind === 'parallel' && caught.length === 0;
}

/** Cheapest first: by what changes, then fewer workers to buy, then the quicker reply. */
function byCost(a: Option, b: Option): number {
  return compareCosts(a, b) || Number(boughtFor(a) > 0) - Number(boughtFor(b) > 0) || worth(a) - worth(b);
}

/** Fewer things to run, then less of which the work may be left undone; to rearrange what stays costs nothing where a consumer is built anyway. */
export function compareCosts(a: Change, b: Change): number {
  const things = a.moved.length - b.moved.length || a.caught.length - b.caught.length;
  return things || (a.moved.length === 0 ? Number(a.beside) - Number(b.beside) : 0);
}

/** p95 where it is longest; side by side has to be quicker by more than nobody notices. */
function worth(option: Option): number {
  return worstP95(option) / (option.beside ? 1 - AS_GOOD : 1);
}

/** Workers that an option takes beyond those that there are. */
export function boughtFor({ workers }: Option): number {
  return workers.reduce((sum, { has, needs }) => sum + (has === null ? 0 : Math.max(0, Math.max(...needs.map((count) => count ?? 0)) - has)), 0);
}

/** The cheapest of those that are about as close to the goals as any, and closer than the chain as it is; none when nothing is. */
function closest(stay: Option, others: readonly Option[]): Option[] {
  const better = others.filter((option) => isFarCloser(option, stay) && worstBad(option) <= MOST);
  const best = better.reduce((least, option) => (isCloser(option, least) ? option : least), better[0] ?? stay);
  return better.filter((option) => !isCloser(best, option)).toSorted(byCost);
}

/** Closer by more than two queues at their limit differ by chance: three quarters of the failures, or nine tenths of the time. */
function isFarCloser(option: Option, stay: Option): boolean {
  if (!isCloser(option, stay)) return false;
  const [fails, failed] = [worstBad(option), worstBad(stay)];
  if (failed - fails > FEW_FAILURES) return fails <= MOST_LEFT * failed;
  // A p95 that is within its goal is none the closer for being shorter.
  const isQuicker = stay.missed.includes('p95') && worstP95(option) <= worstP95(stay) * (1 - WORTH_IT);
  return option.missed.length < stay.missed.length || isQuicker;
}

/** It fails less by more than a point, or fails no more and is quicker at the load where either is slowest. */
function isCloser(a: Option, b: Option): boolean {
  const [failuresA, failuresB] = [worstBad(a), worstBad(b)];
  if (Math.abs(failuresA - failuresB) > FEW_FAILURES) return failuresA < failuresB;
  const [lateA, lateB] = [a, b].map(({ missed }) => missed.includes('within'));
  if (lateA !== lateB) return !lateA;
  return worstP95(a) < worstP95(b) * (1 - AS_GOOD);
}

/** Share of the requests in which work was left undone, at the load where most is. */
function worstUndone({ loads }: Option): number {
  return Math.max(0, ...loads.map(({ undone }) => undone));
}

/** Share of the requests that fail, at once or later, at the load where most do. */
export function worstFailures({ loads }: Pick<Option, 'loads'>): number {
  return Math.max(0, ...loads.map(({ failureRate, failedLater }) => failureRate + failedLater));
}

/** The same with what is left undone: to leave it is no way to fail less. */
export function worstBad({ loads }: Pick<Option, 'loads'>): number {
  return Math.max(0, ...loads.map(({ failureRate, failedLater, undone }) => failureRate + failedLater + undone));
}

/** p95 at the load where it is longest, ms. */
export function worstP95({ loads }: Pick<Option, 'loads'>): number {
  return Math.max(...loads.map(({ p95 }) => p95 ?? Infinity));
}

function staying({ steps, moved, parallel }: Grounds, { missed, loads }: Option): Decision {
  const gain = meanShare(moved);
  if (missed.length === 0) {
    if (steps.every(({ hindrance }) => hindrance !== null)) return { kind: 'stay', because: 'nothing-to-move', gain, missed };
    if (![...moved, ...parallel].some((at) => isWorthIt(at.gain))) return { kind: 'stay', because: 'too-little-gain', gain, missed };
    return { kind: 'stay', because: 'quick-enough', p95: worstP95({ loads }), failureRate: worstFailures({ loads }), gain, missed };
  }
  return { kind: 'stay', because: steps.every(({ hindrance }) => hindrance !== null) ? 'nothing-to-move' : 'nothing-helps', gain, missed };
}

function decisionOf({ steps, moved, parallel }: Grounds, option: Option, stay: Option): Decision {
  const gain = gainAgainst(stay, option);
  const { missed, caught, beside } = option;
  const undone = worstUndone(option);
  // At a rate the orders are the same anyway, and have been looked at for longer.
  const isOpen = option.loads.every(({ load }) => load.model === 'open');
  if (option.kind === 'catch') return { kind: 'catch', caught, gain, undone, missed };
  if (option.kind === 'parallel') return { kind: 'parallel', caught, undone, gain: isOpen ? meanShare(parallel) : gain, eventsGain: meanShare(moved), missed };
  const first = firstOf(option, steps);
  const sized = scarcestOf(option, first);
  const needs = Math.max(...(sized?.needs ?? []).map((count) => count ?? 0), 0);
  const has = sized?.has ?? null;
  const isShort = has !== null && needs > has;
  const isAlwaysShort = isShort && (sized?.needs ?? []).every((count) => (count ?? Infinity) > has);
  const moving: Moving = { first, steps: option.moved, beside, caught, gain, undone, consumer: sized?.consumer ?? first, has, ...(sized?.scales && { scales: true }), missed };
  if (isAlwaysShort) return { kind: 'buy-workers', workers: needs, ...moving };
  return { kind: 'move', workers: isShort ? needs : null, ...moving };
}

/** Of the consumers of what moves, the one that lacks most workers for what it has; that of the first where none does. */
function scarcestOf({ workers, moved }: Option, first: string): WorkersAdvice | undefined {
  const shortage = ({ has, needs }: WorkersAdvice): number => Math.max(1, Math.max(...needs.map((count) => count ?? 0)) / (has ?? Infinity));
  const mine = workers.filter(({ consumer }) => moved.includes(consumer));
  return mine.toSorted((a, b) => shortage(b) - shortage(a) || Number(b.consumer === first) - Number(a.consumer === first))[0];
}

/** Of those that move, the one that saves most by itself. */
function firstOf({ moved }: Option, steps: Grounds['steps']): string {
  const [first] = steps.filter(({ step }) => moved.includes(step)).toSorted((a, b) => b.gain - a.gain);
  return first?.step ?? moved[0] ?? '';
}

/** Mean share of the median response time that an option saves at the same orders. */
export function gainAgainst(stay: Option, option: Option): number {
  const share = ({ p50 }: Outlook, i: number): number => {
    const before = stay.loads[i]?.p50 ?? null;
    return before && p50 !== null ? 1 - p50 / before : 0;
  };
  return option.loads.reduce((sum, outlook, i) => sum + share(outlook, i), 0) / Math.max(1, option.loads.length);
}

