/** Findings in words: plain sentences that say what happened, why, and what it costs. */
import type { Finding } from '../measurement/record.js';
import { storyOf, topicOf } from '../advice/story.js';
import { atLoads, type Teller } from './clause.js';
import {
  tellAccepts,
  tellBothFail,
  tellEverythingFailed,
  tellClosest,
  tellFaster,
  tellMeetsGoals,
  tellMoreReliable,
  tellNoDifference,
  tellParallelWins,
  tellStay,
  tellTooFew,
  tellWithinGoals,
} from './clauses-answer.js';
import { tellBacklog, tellFailedLater, tellKeepsUp, tellLost } from './clauses-bill.js';
import { tellBottleneck, tellFailures, tellOrphaned, tellPool } from './clauses-cause.js';
import { tellSameOrders } from './clauses-orders.js';
import { oneLine } from './format.js';

/** Sentences that a reader in a hurry is given. */
const FEW = 3;

/** One sentence for each story, the most telling first. */
export function sentences(findings: readonly Finding[]): string[] {
  const stories = new Map<string, Finding[]>();
  for (const finding of findings) stories.set(storyOf(finding), [...(stories.get(storyOf(finding)) ?? []), finding]);
  return [...stories.values()].map((story) => oneLine(tell(story))).filter((sentence) => sentence !== '');
}

/** The two or three sentences that matter. What could not be measured is a problem, and not told here again. */
export function keySentences(findings: readonly Finding[]): string[] {
  const told = sentences(findings.filter((finding) => topicOf(finding) !== 'trouble'));
  if (told.length === 0 && findings.length > 0)
    return ['Nothing was measured well enough to compare: see the problems.'];
  // The other half of an answer is no sentence of its own.
  return told.slice(0, findings.some((finding) => topicOf(finding) === 'orders') ? FEW + 1 : FEW);
}

const TELLERS: Record<string, Teller> = {
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
  pool: tellPool,
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
  const clauses = kinds
    .map((kind) => {
      const findings = rest.filter((finding) => finding.kind === kind);
      return TELLERS[kind]?.(findings, findings.at(-1) as Finding) ?? '';
    })
    .filter((clause) => clause !== '');
  return clauses.length > 0 ? `${capitalised(clauses.join('; '))}.` : '';
}

/** A name at the start of a sentence stays as it is. */
function capitalised(sentence: string): string {
  return sentence.replace(/^(?:at|the|too|stay|calling|of|none) /, (word) => word[0]?.toUpperCase() + word.slice(1));
}

/** Keeping up at a low load is no news beside a backlog at a higher one; nor are failures at a step beside its being the bottleneck. */
function isSaidByAnother({ kind, names, load }: Finding, story: readonly Finding[]): boolean {
  if (kind === 'keeps-up') return story.some((other) => other.kind === 'backlog-grows');
  return kind === 'failures' && story.some((other) => other.kind === 'bottleneck' && other.names.step === names.step && sameLoad(other.load, load));
}

function sameLoad(a: Finding['load'], b: Finding['load']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function tellTrouble(what: string): Teller {
  return (findings, { architecture, names }) =>
    `${architecture} ${atLoads(findings)} ${what}${names.reason ? `: ${names.reason.replace(/\.$/, '')}` : ''}`;
}
