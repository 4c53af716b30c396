/** What `advise` would decide among what was run, whether it was measured or simulated: one judgement for all commands. */
import type { Found } from '../measurement/finding.js';
import type { MeasuredTrial } from '../measurement/record.js';
import { isKnown } from '../measurement/times.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { callsIn } from '../scenarios/call-graph.js';
import type { Scenario } from '../scenarios/scenario.js';
import { subjectOf, type Subject } from '../scenarios/subject.js';
import { UNCHANGED, type Alternative } from './alternatives.js';
import { decide } from './decision.js';
import { gainOf } from './gain.js';
import { DEFAULT_GOALS, type Goal } from './goals.js';
import type { GainAtLoad, StepAdvice } from './grounds.js';
import { hindranceOf } from './moves.js';
import { missedAt, type Option } from './option.js';
import { outlookOf, type Outlook } from './outlook.js';
import { loadKey, type TrialGroup } from './rounds.js';
import { traitsOf } from './traits.js';

/** One subject at all loads, and the option that it is. */
interface Run {
  name: string;
  trials: MeasuredTrial[];
  option: Option;
  /** Whether its work is done in time cannot be told. */
  isOpen: boolean;
}

/** What is to be said of the goals, and which of the subjects that were run is the one to choose. */
export interface Judgement {
  kind: 'stay' | 'parallel' | 'move';
  /** The chain as it is misses these; none: it meets the goals. */
  missed: Goal[];
  /** As typed facts; none where what is compared says it already. */
  found: Found<'meets-goals' | 'closest-to-goals'>[];
}

/**
 * The cheapest of what was run that meets the goals of `advise`, by the rules of `advise`. What is only accepted is no reply yet
 * and takes no part; null where the baseline was not run, p95 is not known, or what waited in the end may be done in time or not.
 */
export function judgementOf(groups: readonly TrialGroup[], scenario: Scenario): Judgement | null {
  const runs = [...new Set(groups.map(({ architecture }) => architecture))].flatMap((name) => runOf(name, groups, scenario));
  const stay = runs.find(({ name, option }) => (scenario.baseline === undefined ? option.kind === 'stay' : name === scenario.baseline));
  if (!stay || runs.some(({ isOpen }) => isOpen)) return null;
  const others = runs.filter((run) => run !== stay && run.option.kind !== 'stay' && run.trials.length === stay.trials.length);
  const of = (kind: Option['kind']): GainAtLoad[] => {
    const run = others.find(({ option }) => option.kind === kind);
    return (run?.trials ?? []).map((trial, i) => ({ load: trial.load, gain: gainOf(stay.trials[i], trial) }));
  };
  const options = [stay, ...others].map(({ option }) => option);
  const steps = scenario.steps.map((step): StepAdvice => ({ step: step.name, service: step.call, hindrance: hindranceOf(step, scenario.steps), with: [], workers: null, loads: [], gain: 0, verdict: 'keep' }));
  const { option } = decide({ goals: DEFAULT_GOALS, isAsked: false, sync: stay.trials, parallel: of('parallel'), moved: of('move'), steps, options });
  const winner = [stay, ...others].find((run) => run.option === option) ?? stay;
  return { kind: option.kind === 'catch' ? 'stay' : option.kind, missed: stay.option.missed, found: others.length === 0 ? [] : told(winner, stay) };
}

/** Where the chain as it is meets the goals, or nothing comes closer, comparisons say so. */
function told(winner: Run, stay: Run): Judgement['found'] {
  const { missed } = stay.option;
  if (missed.length === 0 || winner === stay) return [];
  const kind = winner.option.missed.length === 0 ? 'meets-goals' : 'closest-to-goals';
  const names = { than: stay.name, missed: missed.join(', '), still: winner.option.missed.join(', ') };
  return [{ kind, architecture: winner.name, load: null, numbers: { limit: DEFAULT_GOALS.p95, failures: DEFAULT_GOALS.failures, within: DEFAULT_GOALS.within }, names }];
}

function runOf(name: string, groups: readonly TrialGroup[], scenario: Scenario): Run[] {
  const mine = groups.filter(({ architecture }) => architecture === name);
  const subject = subjectOf(scenario, name);
  const loads = new Set(groups.map(({ load }) => loadKey(load)));
  const trials = mine.flatMap((group) => medianOf(group) ?? []);
  if (!subject || trials.length < loads.size || traitsOf(subject.architecture).accepts) return [];
  if (!trials.every((trial) => isKnown(trial.responseTime, 'p95'))) return [];
  const outlooks = trials.map((trial) => outlookOf(trial, subject, trial.load, trial.load.model === 'open' ? trial.load.rate : 0));
  const settled = outlooks.map(doneSurely);
  return [{ name, trials, option: { ...changeOf(subject, name === scenario.baseline), workers: [], loads: settled, missed: missedAt(settled, DEFAULT_GOALS) }, isOpen: settled.some(isUnknown) }];
}

/** What waited when nobody looked any longer is done when it has drained, which may be known to be in time. */
function doneSurely(outlook: Outlook): Outlook {
  const { unfinished, completionP95, drainSeconds } = outlook;
  const latest = unfinished && isUnknown(outlook) && drainSeconds !== null ? (completionP95 ?? Infinity) + drainSeconds * 1000 : Infinity;
  return latest <= DEFAULT_GOALS.within ? { ...outlook, unfinished: false, completionP95: latest } : outlook;
}

/** Nothing grows or has died, a peak drains in time, and still nobody has seen the end of so much that it may be late. */
function isUnknown({ unfinished, completionP95, growing, failedLater, isPeak, drainSeconds }: Outlook): boolean {
  const { within, failures } = DEFAULT_GOALS;
  const mayDrain = !isPeak || (drainSeconds !== null && drainSeconds * 1000 <= within);
  return unfinished && completionP95 !== null && completionP95 <= within && growing.length === 0 && failedLater <= failures && mayDrain;
}

/** The round whose p95 is the median one. */
function medianOf({ measured }: TrialGroup): MeasuredTrial | undefined {
  const sorted = measured.toSorted((a, b) => (a.responseTime.p95 ?? 0) - (b.responseTime.p95 ?? 0));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** What an arrangement changes about the baseline, or about calling in turn, by its call graph. */
function changeOf(subject: Subject, isBaseline: boolean): Omit<Alternative, 'subject'> {
  const { publishes, inTurn } = traitsOf(subject.architecture);
  if (isBaseline) return { kind: 'stay', ...UNCHANGED };
  if (!publishes) return inTurn ? { kind: 'stay', ...UNCHANGED } : { kind: 'parallel', ...UNCHANGED, beside: true };
  const inReply = new Set(callsIn(callGraphOf(subject).request).map(({ name }) => name));
  return { kind: 'move', ...UNCHANGED, moved: subject.steps.map(({ name }) => name).filter((name) => !inReply.has(name)) };
}
