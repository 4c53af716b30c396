/** Findings in words: plain sentences that say what happened, why, and what it costs. */
import { storyOf, topicOf } from '../advice/story.js';
import { isOf, type Finding, type FindingKind, type Found } from '../measurement/finding.js';
import { atLoads, type Teller, at, thereAre } from './clause.js';
import { tellAccepts, tellBothFail, tellEverythingFailed, tellClosest, tellFaster, tellMeetsGoals, tellMoreReliable, tellNoDifference, tellParallelWins, tellStay, tellTooFew, tellWithinGoals } from './clauses-answer.js';
import { tellBacklog, tellFailedLater, tellKeepsUp, tellLost } from './clauses-bill.js';
import { tellBottleneck, tellClientRetries, tellColdStarts, tellFailures, tellOrphaned, tellPool, tellRateLimit } from './clauses-cause.js';
import { oneLine, formatCounted, formatRate, formatShare, formatTime, plural } from './format.js';

/** Stories that a reader in a hurry is given. */
const FEW = 3;
/** Words of a sentence at most. */
export const MOST_WORDS = 40;
/** From this share of failures on, how soon the rest was answered is not the news. */
const MANY = 0.5;

/** Each story in a sentence, or in several where one would be too long; the most telling first. */
export function sentences(findings: readonly Finding[]): string[] {
  const stories = new Map<string, Finding[]>();
  for (const finding of findings.filter(isNew)) stories.set(storyOf(finding), [...(stories.get(storyOf(finding)) ?? []), finding]);
  return [...stories.values()].map((story) => oneLine(tell(story))).filter((sentence) => sentence !== '');
}

/** That a chain meets the goals as it is is the same beside each of its rivals, and told once. */
function isNew(finding: Finding, i: number, findings: readonly Finding[]): boolean {
  return !isOf(finding, 'within-goals') || findings.findIndex((other) => isOf(other, 'within-goals') && other.architecture === finding.architecture) === i;
}

/** The two or three that matter. What could not be measured is a problem, and not told here again. */
export function keySentences(findings: readonly Finding[]): string[] {
  const told = sentences(findings.filter((finding) => topicOf(finding) !== 'trouble'));
  if (told.length === 0 && findings.length > 0)
    return ['Nothing was measured well enough to compare: see the problems.'];
  // The other half of an answer is no sentence of its own.
  return told.slice(0, findings.some((finding) => topicOf(finding) === 'orders') ? FEW + 1 : FEW);
}

const TELLERS: { [K in FindingKind]: Teller<K> } = {
  unmeasured: tellTrouble('could not be measured'),
  invalid: tellTrouble('was not measured well and is not compared'),
  faster: tellFaster,
  accepts: tellAccepts,
  'more-reliable': tellMoreReliable,
  'no-difference': tellNoDifference,
  'too-few': tellTooFew,
  'both-fail': tellBothFail,
  'everything-failed': tellEverythingFailed,
  'within-goals': tellWithinGoals,
  'meets-goals': tellMeetsGoals,
  'closest-to-goals': tellClosest,
  'parallel-wins': tellParallelWins,
  'stay-with-requests': tellStay,
  'same-orders': tellSameOrders,
  bottleneck: tellBottleneck,
  'cold-starts': tellColdStarts,
  'rate-limit': tellRateLimit,
  pool: tellPool,
  'client-retries': tellClientRetries,
  failures: tellFailures,
  orphaned: tellOrphaned,
  lost: tellLost,
  'failed-later': tellFailedLater,
  'backlog-grows': tellBacklog,
  'keeps-up': tellKeepsUp,
};

function tell(story: Finding[]): string {
  const rest = story.filter((finding) => !isSaidByAnother(finding, story));
  const kinds = [...new Set(rest.map((finding) => finding.kind))];
  const clauses = kinds.flatMap((kind) => clausesOf(kind, rest));
  return packed(clauses)
    .map((sentence) => `${capitalised(sentence)}.`)
    .join(' ');
}

/** At as many loads as a sentence has room for: at all, at the first and the last, or at the last. */
function clausesOf(kind: FindingKind, story: readonly Finding[]): string[] {
  const findings = story.filter((finding) => finding.kind === kind);
  const last = findings.slice(-1);
  const told = [findings, [...findings.slice(0, 1), ...last], last].map((some) => tellOf(kind, some).split(CLAUSE));
  const clauses = told.find((those) => those.every(fits)) ?? told.at(-1) ?? [];
  return clauses.filter((clause) => clause !== '');
}

const CLAUSE = '; ';

/** Clauses in sentences, as many in each as it has room for. */
function packed(clauses: readonly string[]): string[] {
  const whole: string[] = [];
  for (const clause of clauses) {
    const longer = [whole.at(-1), clause].filter((part) => part !== undefined).join(CLAUSE);
    if (fits(longer)) whole.splice(-1, 1, longer);
    else whole.push(clause);
  }
  return whole;
}

function fits(text: string): boolean {
  return text.split('. ').every((sentence) => sentence.split(' ').length <= MOST_WORDS);
}

/** What is said of findings of one kind; nothing of a kind that is not known, such as one of a later version. */
function tellOf<K extends FindingKind>(kind: K, findings: Found<K>[]): string {
  const last = findings.at(-1);
  return last && kind in TELLERS ? TELLERS[kind](findings, last) : '';
}

/** A name at the start of a sentence stays as it is. */
function capitalised(sentence: string): string {
  return sentence.replace(/^(?:at|the|too|stay|calling|of|none|what|retries) /, (word) => word[0]?.toUpperCase() + word.slice(1));
}

/** Keeping up at a low load is no news beside a backlog at a higher one; nor are failures at a step beside its being the bottleneck. */
function isSaidByAnother(finding: Finding, story: readonly Finding[]): boolean {
  if (isOf(finding, 'keeps-up')) return story.some((other) => isOf(other, 'backlog-grows'));
  return isOf(finding, 'failures') && story.some((other) => isOf(other, 'bottleneck', 'rate-limit') && other.names.step === finding.names.step && sameLoad(other.load, finding.load));
}

function sameLoad(a: Finding['load'], b: Finding['load']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function tellTrouble(what: string): Teller<'unmeasured' | 'invalid'> {
  return (findings, { architecture, names }) =>
    `${architecture} ${atLoads(findings)} ${what}${names.reason ? `: ${names.reason.replace(/\.$/, '')}` : ''}`;
}

/** That closed loops took different numbers of orders, and what the same do, in words: two sentences. */
function tellSameOrders(_: Found<'same-orders'>[], finding: Found<'same-orders'>): string {
  const { architecture, numbers, names } = finding;
  const { orders, otherOrders, rate, time, otherTime, failureRate, otherFailureRate } = numbers;
  const taken = `${at(finding)} ${architecture} took ${formatRate(orders)} ${plural(names.noun ?? 'order')} a second and ${names.than} ${formatRate(otherOrders)}`;
  const same = `At the same ${formatRate(rate)} a second ${architecture} ${reply(time, failureRate)}, and ${names.than} ${reply(otherTime, otherFailureRate)}`;
  return `${taken}, because users ask again as soon as they are answered. ${same}${waiting(finding)}`;
}

function reply(time: number | undefined, failureRate: number): string {
  const failed = failureRate > 0 ? `fails ${formatShare(failureRate)}` : '';
  if (time === undefined || failureRate >= MANY) return failed === '' ? 'answers nothing' : failed;
  return `answers in ${formatTime(time)}${failed === '' ? '' : ` and ${failed}`}`;
}

function waiting({ architecture, numbers: { slope, workers, workersNeeded, scales }, names: { consumer } }: Found<'same-orders'>): string {
  if (slope === undefined) return '';
  const has = workers === undefined ? '' : `, ${thereAre(workers, scales)}`;
  const needed = workersNeeded === undefined ? '' : `; ${formatCounted(workersNeeded, 'worker')} would keep up${has}`;
  return `; the ${consumer} backlog of ${architecture} grows by ${formatRate(slope)} a second${needed}`;
}
