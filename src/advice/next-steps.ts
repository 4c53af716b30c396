/**
 * What to do next, by what a run has shown: what stands in the way first, then the decision that its findings make, each with the
 * number that decides it. Nothing new is judged here. Pure.
 */
import { isOf, type Finding, type FindingKind, type Found } from '../measurement/finding.js';
import type { Check, RunRecord, TrialLoad } from '../measurement/record.js';
import type { Comparison } from '../measurement/schema/comparison.js';
import { isKnown } from '../measurement/times.js';
import { failureRateOf } from './finding-compare.js';
import type { Goal } from './goals.js';
import { fold, groupTrials, type TrialGroup } from './rounds.js';

/** One thing to do. Times in ms, shares as ratios, rates per second. */
export type NextStep =
  /** So many trials say nothing. */
  | { kind: 'measure-again'; trials: number; of: number }
  /** What was asked for and is not so, or is not known; so many more beside it. */
  | { kind: 'mend-check' | 'decide-check'; check: Check; more: number }
  | { kind: 'mend-comparison' | 'decide-comparison'; comparison: Comparison; more: number }
  /** Every comparison that the verdict hangs on passed. */
  | { kind: 'nothing-slower'; comparison: Comparison }
  | { kind: 'stay'; architecture: string; rivals: string; loads: number; failing?: number }
  | { kind: 'change-nothing'; architecture: string; p95: number; limit: number }
  | { kind: 'side-by-side'; architecture: string; than: string; time: number; otherTime: number; load: TrialLoad | null }
  /** It meets the goals, or comes closest and misses some still; at worst, over the loads. */
  | { kind: 'take'; architecture: string; than: string; worst: Worst; otherWorst: Worst; limit: number; still: Goal[] }
  /** Workers of the service of a consumer, at the same orders where users took different numbers, or of a step; where they scale, it has so many at most. */
  | { kind: 'workers'; who: string; architecture: string; needed: number; has: number | null; scales: boolean; load: TrialLoad | null; orders: number | null };

/** What a subject came to at the load where it was worst. */
export interface Worst {
  /** Null where too few were answered to know it. */
  p95: number | null;
  failureRate: number;
}

type Choice = Extract<NextStep, { kind: 'stay' | 'change-nothing' | 'side-by-side' | 'take' }>;

/** What is read of a run. */
export type Shown = Pick<RunRecord, 'advice' | 'trials' | 'checks' | 'comparisons' | 'paired'>;

/** Steps in the order in which to take them; none where nothing was shown. */
export function nextSteps(shown: Shown): NextStep[] {
  const choice = decided(shown);
  const needed = workers(shown, choice[0]);
  // What cannot be done in time with what there is comes after the workers that it takes.
  const isLate = choice[0]?.kind === 'take' && choice[0].still.includes('within');
  return [...measureAgain(shown), ...ofChecks(shown), ...ofComparisons(shown), ...(isLate ? [...needed, ...choice] : [...choice, ...needed])];
}

function measureAgain({ trials }: Shown): NextStep[] {
  const without = trials.filter((trial) => 'message' in trial || !trial.validity.valid).length;
  return without > 0 ? [{ kind: 'measure-again', trials: without, of: trials.length }] : [];
}

function ofChecks({ checks }: Shown): NextStep[] {
  const errors = checks.filter(({ level }) => level === 'error');
  const of = (state: Check['state']): Check[] => errors.filter((check) => check.state === state);
  const [failed, unknown] = [of('fail'), of('unknown')];
  if (failed[0]) return [{ kind: 'mend-check', check: failed[0], more: failed.length - 1 }];
  return unknown[0] ? [{ kind: 'decide-check', check: unknown[0], more: unknown.length - 1 }] : [];
}

/** Only what the verdict hangs on; the change that is largest is told. */
function ofComparisons({ comparisons }: Shown): NextStep[] {
  const gates = comparisons.filter(({ gate }) => gate).toSorted((a, b) => Math.abs(b.change ?? 0) - Math.abs(a.change ?? 0));
  const of = (state: Comparison['state']): Comparison[] => gates.filter((comparison) => comparison.state === state);
  const [failed, unsure] = [of('fail'), of('inconclusive')];
  if (failed[0]) return [{ kind: 'mend-comparison', comparison: failed[0], more: failed.length - 1 }];
  if (unsure[0]) return [{ kind: 'decide-comparison', comparison: unsure[0], more: unsure.length - 1 }];
  return gates[0] ? [{ kind: 'nothing-slower', comparison: gates[0] }] : [];
}

/** The one decision that the findings make, by the rules of `advise`; none where they make none. */
function decided({ advice, trials }: Shown): Choice[] {
  const found = <K extends FindingKind>(...kinds: K[]): (Found<K> & Finding) | undefined => advice.find((finding) => isOf(finding, ...kinds));
  const stay = found('stay-with-requests');
  if (stay) return [{ kind: 'stay', architecture: stay.architecture, rivals: stay.names.rivals, ...stay.numbers }];
  const parallel = found('parallel-wins');
  if (parallel) {
    const { architecture, names: { than }, numbers: { time, otherTime }, load } = parallel;
    return [{ kind: 'side-by-side', architecture, than, time, otherTime, load }];
  }
  const within = found('within-goals');
  if (within) return [{ kind: 'change-nothing', architecture: within.architecture, p95: within.numbers.p95, limit: within.numbers.limit }];
  const chosen = found('meets-goals') ?? found('closest-to-goals');
  return chosen ? [taken(chosen, groupTrials(trials))] : [];
}

function taken({ architecture, names: { than, still }, numbers: { limit } }: Found<'meets-goals' | 'closest-to-goals'>, groups: readonly TrialGroup[]): Choice {
  const atWorst = (name: string): Worst => worstOf(groups.filter((group) => group.architecture === name && group.valid));
  return { kind: 'take', architecture, than, worst: atWorst(architecture), otherWorst: atWorst(than), limit, still: still === '' ? [] : (still.split(', ') as Goal[]) };
}

function worstOf(groups: readonly TrialGroup[]): Worst {
  const p95s = groups.map((group) => fold(group, ({ responseTime }) => (isKnown(responseTime, 'p95') ? responseTime.p95 : null)));
  const isWhole = p95s.length > 0 && p95s.every((p95) => p95 !== null);
  return { p95: isWhole ? Math.max(...p95s.map(Number)) : null, failureRate: Math.max(0, ...groups.map(failureRateOf)) };
}

/** Of the consumer that falls behind at the same orders; else of those at the highest load, or of the step that limits. Of what is chosen, where something is. */
function workers({ advice }: Shown, choice: Choice | undefined): NextStep[] {
  const isAsked = ({ architecture, numbers }: Shortage): boolean =>
    (choice === undefined || choice.architecture === architecture) && (numbers.workersNeeded ?? 0) > (numbers.workers ?? Infinity);
  const short = (kind: Shortage['kind']): Shortage[] => worst(advice.filter((finding) => isOf(finding, kind)).filter(isAsked));
  const growing = short('backlog-grows');
  const found = advice.some(({ kind }) => kind === 'same-orders') ? short('same-orders') : growing.length > 0 ? growing : short('bottleneck').slice(0, 1);
  return distinct(found.map(shortageOf));
}

function shortageOf(found: Shortage): Extract<NextStep, { kind: 'workers' }> {
  const { architecture, load, numbers: { workersNeeded = 0, workers: has, scales } } = found;
  // Of a consumer that calls a service of another name, the workers are those of the service.
  const who = isOf(found, 'same-orders') ? (found.names.consumer ?? '') : found.names.service;
  const orders = isOf(found, 'same-orders') ? found.numbers.rate : null;
  return { kind: 'workers', who, architecture, needed: workersNeeded, has: has ?? null, scales: scales !== undefined, load, orders };
}

/** Consumers that call the same service lack the same workers. */
function distinct(found: readonly Extract<NextStep, { kind: 'workers' }>[]): NextStep[] {
  return found.filter((one, i) => found.findIndex(({ who, architecture }) => who === one.who && architecture === one.architecture) === i);
}

/** A finding that may say of whom there are too few. */
type Shortage = Found<'same-orders' | 'backlog-grows' | 'bottleneck'>;

/** At the highest load, those of the subject whose backlog grows fastest, that one first. */
function worst(found: readonly Shortage[]): Shortage[] {
  const load = JSON.stringify(found.at(-1)?.load);
  const sorted = found.filter((finding) => JSON.stringify(finding.load) === load).toSorted((a, b) => slopeOf(b) - slopeOf(a));
  return sorted.filter(({ architecture }) => architecture === sorted[0]?.architecture);
}

const slopeOf = (finding: Shortage): number => (isOf(finding, 'bottleneck') ? 0 : (finding.numbers.slope ?? 0));
