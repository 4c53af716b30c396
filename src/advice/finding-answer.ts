/** Which subject answers better, at each load and over all of them. */
import { isOf, type Found } from '../measurement/finding.js';
import type { TrialLoad } from '../measurement/record.js';
import { isKnown } from '../measurement/times.js';
import { compare, failureRateOf, isGain, pairOf, type Compared } from './finding-compare.js';
import { fold, loadKey, type TrialGroup } from './rounds.js';
import { DEFAULT_GOALS } from './goals.js';
import type { Judgement } from './judgement.js';
import { pairStory, storyOf } from './story.js';
import { traitsOf } from './traits.js';

/** What is said of which subject answers better. */
export type Answer = Compared | Found<'everything-failed' | 'within-goals' | 'parallel-wins' | 'stay-with-requests' | 'meets-goals' | 'closest-to-goals'>;

/** From this failure rate on a subject is said to have failed as a whole. */
const ALL = 0.99;

/**
 * Findings over all loads first, then each load's comparison of every subject with the baseline (or the first), and what of it meets the goals.
 * @param judgement of the same trials
 */
export function answers(groups: readonly TrialGroup[], judgement: Judgement | null = null): Answer[] {
  const loads = [...new Map(groups.map((group) => [loadKey(group.load), group.load])).values()];
  const compared = loads.flatMap((load) => compareAt(load, groups));
  const failed = groups.filter((group) => isTotalFailure(group) && !isTold(group, compared)).map(everythingFailed);
  // Nothing is called enough that would not be decided.
  const enough = judgement?.kind === 'move' ? [] : parallelWins(groups, loads);
  const stay = judgement && judgement.kind !== 'stay' ? [] : stayWithRequests(groups, compared);
  const told = [...enough, ...stay, ...byGain([...compared, ...withinGoals(groups, compared)], theQuestion(groups)), ...(judgement?.found ?? [])];
  // Where one subject answers, that is the answer; that others failed comes after it.
  return compared.some((finding) => gainOf(finding) > 0) ? [...told, ...failed] : [...failed, ...told];
}

function compareAt(load: TrialLoad, groups: readonly TrialGroup[]): Compared[] {
  const present = groups.filter((group) => loadKey(group.load) === loadKey(load));
  const reference = present.find(isBaseline) ?? present[0];
  if (!reference) return [];
  const others = present.filter((group) => group !== reference);
  // Where both failed as a whole there is nothing left to compare.
  return others
    .filter((group) => !isTotalFailure(group) || !isTotalFailure(reference))
    .map((group) => compare(group, reference));
}

/** Calling in parallel does as well as moving work onto events, at every load, and better than calling in turn. */
function parallelWins(groups: readonly TrialGroup[], loads: readonly TrialLoad[]): Found<'parallel-wins'>[] {
  const rows = loads.map((load) => {
    const present = groups.filter((group) => loadKey(group.load) === loadKey(load));
    return [present.find(isSideBySide), present.find(isConfirmedByEvents), present.find(isBaseline)];
  });
  const whole = rows.filter((row): row is [TrialGroup, TrialGroup, TrialGroup] => row.every((group) => group));
  const last = whole.at(-1);
  const holds = whole.every(([parallel, hybrid]) => compare(parallel, hybrid).architecture === parallel.architecture);
  const gains = whole.some(([parallel, , sync]) => isGain(compare(parallel, sync), parallel.architecture));
  return last && holds && gains ? [pairOf('parallel-wins', [last[0], last[1]], 'p50')] : [];
}

const DECIDED = ['faster', 'accepts', 'more-reliable', 'no-difference'] as const;

/** No event-side subject is better than the reference at any load. */
function stayWithRequests(groups: readonly TrialGroup[], compared: readonly Compared[]): Found<'stay-with-requests'>[] {
  const reference = groups.find(isBaseline);
  const eventSide = groups.filter(hasEvents);
  const names = [...new Set(eventSide.map((group) => group.architecture))];
  const about = compared.filter(({ architecture, names: { than } }) =>
    names.some((name) => name === architecture || name === than),
  );
  const gains = about.some((finding) => names.some((name) => isGain(finding, name)));
  // Where both failed, or too little is known, nothing was shown.
  const decided = about.length === eventSide.length && about.every((finding) => isOf(finding, ...DECIDED));
  if (!reference || about.length === 0 || gains || !decided) return [];
  const loads = new Set(about.map((finding) => finding.load && loadKey(finding.load))).size;
  const { architecture } = reference;
  const failing = new Set(about.flatMap((finding) => (finding.kind === 'more-reliable' && !names.includes(finding.architecture) && finding.load ? [loadKey(finding.load)] : []))).size;
  const numbers = { loads, ...(failing > 0 && { failing }) };
  return [{ kind: 'stay-with-requests', architecture, load: null, numbers, names: { rivals: names.join(', ') } }];
}

/**
 * Events are quicker, and requests are within the goals all the same: by the judgement of `advise` there is nothing to
 * change. Told with the comparison, which alone would read like advice.
 */
function withinGoals(groups: readonly TrialGroup[], compared: readonly Compared[]): Found<'within-goals'>[] {
  const reference = groups.filter(isBaseline);
  const quicker = compared.filter((finding) => isGain(finding, finding.architecture) && isEventSide(groups, finding.architecture));
  const rivals = [...new Set(quicker.filter(({ names }) => reference.some(({ architecture }) => architecture === names.than)).map(({ architecture }) => architecture))];
  const p95 = Math.max(...reference.map((group) => fold(group, ({ responseTime }) => (isKnown(responseTime, 'p95') ? responseTime.p95 : null)) ?? Infinity));
  const failureRate = Math.max(...reference.map(failureRateOf));
  if (reference.length === 0 || p95 > DEFAULT_GOALS.p95 || failureRate > DEFAULT_GOALS.failures) return [];
  const numbers = { p95, failureRate, limit: DEFAULT_GOALS.p95, failures: DEFAULT_GOALS.failures };
  return rivals.map((than) => ({ kind: 'within-goals', architecture: reference[0]!.architecture, load: null, numbers, names: { than } }));
}

function isEventSide(groups: readonly TrialGroup[], name: string): boolean {
  return groups.some((group) => group.architecture === name && hasEvents(group));
}

const isBaseline = (group: TrialGroup): boolean => group.isBaseline;
const isSideBySide = ({ base }: TrialGroup): boolean => traitsOf(base).sideBySide;
const hasEvents = ({ base }: TrialGroup): boolean => traitsOf(base).publishes;
const isConfirmedByEvents = (group: TrialGroup): boolean => hasEvents(group) && !traitsOf(group.base).accepts;

function isTotalFailure(group: TrialGroup): boolean {
  return failureRateOf(group) >= ALL;
}

/** Whether a comparison says already that the subject failed at this load. */
function isTold({ architecture, load }: TrialGroup, compared: readonly Compared[]): boolean {
  return compared.some(
    (it) =>
      it.kind === 'more-reliable' && it.names.than === architecture && it.load && loadKey(it.load) === loadKey(load),
  );
}

function everythingFailed(group: TrialGroup): Found<'everything-failed'> {
  const outcomes = Object.entries(group.measured[0]?.outcomes ?? {}).filter(
    ([name]) => name !== 'sent' && name !== 'ok',
  );
  const [how = ''] = outcomes.toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const sent = fold(group, (trial) => trial.outcomes.sent) ?? 0;
  return {
    kind: 'everything-failed',
    architecture: group.architecture,
    load: group.load,
    numbers: { sent, failureRate: failureRateOf(group) },
    names: { how },
  };
}

/** The question first, then the pair with the largest gain at any load; the loads of a pair stay in order. */
function byGain<F extends Answer>(compared: readonly F[], question: string | null): F[] {
  const best = new Map<string, number>();
  for (const finding of compared) {
    best.set(storyOf(finding), Math.max(best.get(storyOf(finding)) ?? 0, gainOf(finding)));
  }
  const rank = (finding: F): number => (storyOf(finding) === question ? Infinity : (best.get(storyOf(finding)) ?? 0));
  return compared.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

/** The story of what everybody asks first: work moved onto events against the baseline, or in its absence `parallel`; null where one is missing. */
function theQuestion(groups: readonly TrialGroup[]): string | null {
  const [hybrid, parallel] = (['hybrid', 'parallel'] as const).map((base) => groups.find((group) => group.base === base)?.architecture);
  const requests = groups.find(isBaseline)?.architecture ?? parallel;
  return hybrid === undefined || requests === undefined ? null : pairStory(hybrid, requests);
}

/** How much a comparison matters: ten points of failures as much as a factor of two. */
function gainOf(finding: Answer): number {
  if (!isOf(finding, 'faster', 'more-reliable')) return 0;
  const { factor, failureRate, otherFailureRate, later = 0, otherLater = 0 } = finding.numbers;
  return factor + 20 * (otherFailureRate + otherLater - failureRate - later);
}
