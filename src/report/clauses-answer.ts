/** Which subject answers better, in words. */
import type { Goal } from '../advice/goals.js';
import type { Found } from '../measurement/finding.js';
import { at, atLoads, failuresWords } from './clause.js';
import { formatCount, formatFactor, formatList, formatShare, formatTime, plural } from './format.js';

/** One clause for each winner: where the order turns over the loads, both are told. */
export function tellFaster(findings: Found<'faster'>[]): string {
  const winners = [...new Set(findings.map((finding) => finding.architecture))];
  const clauses = winners.map((winner) => {
    const wins = findings.filter((finding) => finding.architecture === winner);
    return `${winner} answers faster than ${wins[0]?.names.than}: ${formatList(wins.map(gain))}`;
  });
  return clauses.join('; ');
}

function gain(finding: Found<'faster'>): string {
  const { factor, time, otherTime } = finding.numbers;
  const metric = finding.names.metric === 'p50' ? '' : `${finding.names.metric} `;
  return `${formatFactor(factor)} times ${at(finding)} (${metric}${formatTime(time)} against ${formatTime(otherTime)})`;
}

/** How soon orders are accepted is told with how late they are complete. */
export function tellAccepts(findings: Found<'accepts'>[], last: Found<'accepts'>): string {
  const times = findings.map((finding) => `${formatTime(finding.numbers.time)} ${at(finding)}`);
  const { noun = 'order' } = last.names;
  const complete = completionOf(last);
  return `${last.architecture} only accepts ${plural(noun)}, within ${formatList(times)}${complete}`;
}

function completionOf({ numbers: { completionP95, incomplete = 0, accepted = 0 }, names: { noun = 'order' }, load }: Found<'accepts'>): string {
  const where = at({ load });
  if (completionP95 === undefined) return '';
  if (accepted > 0 && incomplete >= accepted) return `; none of them was complete ${where}`;
  return `; p95 of the completed ${noun} is ${incomplete > 0 ? 'at least ' : ''}${formatTime(completionP95)} ${where}`;
}

export function tellMoreReliable(findings: Found<'more-reliable'>[]): string {
  const clauses = findings.map((finding) => {
    const { failureRate, otherFailureRate, later = 0, otherLater = 0 } = finding.numbers;
    const rest = failureRate === 0 ? 'none' : formatShare(failureRate);
    const worse = `${finding.names.than} fails ${formatShare(otherFailureRate)} of its requests${laterWords(otherLater)}`;
    return `${at(finding)} ${worse}, ${finding.architecture} ${rest}${laterWords(later)}`;
  });
  return clauses.join('; ');
}

export function tellNoDifference(findings: Found<'no-difference'>[], { architecture, names, numbers }: Found<'no-difference'>): string {
  const margin = formatShare(numbers.margin);
  return `${architecture} and ${names.than} do not differ by more than ${margin} ${atLoads(findings)}`;
}

export function tellTooFew(findings: Found<'too-few'>[], { architecture, names }: Found<'too-few'>): string {
  return `too few requests ended to compare ${architecture} and ${names.than} ${atLoads(findings)}`;
}

export function tellBothFail(findings: Found<'both-fail'>[]): string {
  const clauses = findings.map((finding) => {
    const { failureRate, otherFailureRate, later = 0, otherLater = 0 } = finding.numbers;
    const one = `${formatShare(failureRate)}${laterWords(later)}`;
    const other = `${formatShare(otherFailureRate)}${laterWords(otherLater)}`;
    return `${at(finding)} both fail: ${finding.architecture} ${one} of its requests, ${finding.names.than} ${other}`;
  });
  return clauses.join('; ');
}

/** What was accepted and died is no success. */
function laterWords(later: number): string {
  return later > 0 ? ` and ${formatShare(later)} later` : '';
}

export function tellEverythingFailed(findings: Found<'everything-failed'>[]): string {
  const clauses = findings.map((finding) => {
    const { failureRate, sent } = finding.numbers;
    const share = `${formatShare(failureRate)} of ${formatCount(sent)} requests`;
    return `${finding.architecture} failed as a whole ${at(finding)}: ${share}, most of them ${failuresWords(finding.names.how)}`;
  });
  return clauses.join('; ');
}

export function tellParallelWins(_: Found<'parallel-wins'>[], last: Found<'parallel-wins'>): string {
  const { architecture, numbers, names } = last;
  const { time, otherTime } = numbers;
  return (
    `calling in parallel is enough: ${architecture} answers in ${formatTime(time)} ${at(last)}, ${names.than} in ` +
    `${formatTime(otherTime)}, and there are no events to run`
  );
}

/** What `advise` would say: nothing has to change. */
export function tellWithinGoals(_: Found<'within-goals'>[], { architecture, numbers: { p95, failureRate } }: Found<'within-goals'>): string {
  return `${architecture} meets the goals of advise at every load all the same: p95 at most ${formatTime(p95)}, ${formatShare(failureRate)} failed`;
}

/** By the rules of `advise`, among what was run: `advise` tries what was not. */
export function tellMeetsGoals(_: Found<'meets-goals'>[], { architecture, names: { than, missed } }: Found<'meets-goals'>): string {
  return `of what was run, ${architecture} is the cheapest that meets the goals of advise; ${than} misses them: ${missedWords(missed)}`;
}

export function tellClosest(_: Found<'closest-to-goals'>[], { architecture, names: { still } }: Found<'closest-to-goals'>): string {
  return `none of what was run meets the goals of advise; ${architecture} comes closest: ${missedWords(still)}`;
}

/** What is the matter where a goal is missed. */
export const MISSED: Record<Goal, string> = { p95: 'the reply takes too long', failures: 'too many fail', within: 'work is not done in time' };

function missedWords(missed: string): string {
  return formatList(missed.split(', ').map((goal) => MISSED[goal as Goal] ?? goal));
}

export function tellStay(_: Found<'stay-with-requests'>[], { architecture, numbers, names }: Found<'stay-with-requests'>): string {
  const reason = whyStay({ architecture, rivals: names.rivals, ...numbers });
  return `stay with requests: ${reason}${numbers.failing === undefined ? ', and events have a price' : ''}`;
}

/** `hybrid gains nothing over sync at any of the 2 loads`; where more fails on the event side, that: it may well reply sooner. */
export function whyStay({ architecture, rivals, loads, failing }: { architecture: string; rivals: string; loads: number; failing?: number | undefined }): string {
  if (failing === undefined) return `${gainsNothing(rivals)} over ${architecture} at ${loads === 1 ? 'this load' : `any of the ${loads} loads`}`;
  const where = loads === 1 ? 'this load' : `${failing === loads ? 'each' : failing} of the ${loads} loads`;
  return `at ${where} more fails in ${formatList(rivals.split(', '))}, at once or later, than in ${architecture}, however soon the reply comes`;
}

/** `hybrid gains nothing`, `hybrid and event-driven gain nothing`. */
function gainsNothing(rivals: string): string {
  const names = rivals.split(', ');
  return `${formatList(names)} ${names.length === 1 ? 'gains' : 'gain'} nothing`;
}
