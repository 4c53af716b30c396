/** Findings that belong together are told together. */
import { isOf, type Finding, type FindingKind } from '../measurement/finding.js';

/** What a finding is about; in this order they are told. */
export type Topic = 'trouble' | 'answer' | 'orders' | 'cause' | 'bill';

const TOPICS: Record<FindingKind, Topic> = {
  unmeasured: 'trouble',
  invalid: 'trouble',
  faster: 'answer',
  accepts: 'answer',
  'more-reliable': 'answer',
  'no-difference': 'answer',
  'too-few': 'answer',
  'both-fail': 'answer',
  'everything-failed': 'answer',
  'within-goals': 'answer',
  'meets-goals': 'answer',
  'closest-to-goals': 'answer',
  'parallel-wins': 'answer',
  'stay-with-requests': 'answer',
  'same-orders': 'orders',
  bottleneck: 'cause',
  'cold-starts': 'cause',
  'rate-limit': 'cause',
  pool: 'cause',
  'client-retries': 'cause',
  failures: 'cause',
  orphaned: 'cause',
  lost: 'bill',
  'failed-later': 'bill',
  'backlog-grows': 'bill',
  'keeps-up': 'bill',
};

/** The topic of a finding. */
export function topicOf(finding: Finding): Topic {
  return TOPICS[finding.kind];
}

const COMPARED = ['faster', 'accepts', 'more-reliable', 'no-difference', 'too-few', 'both-fail', 'within-goals'] as const;

/** The story that tells how two subjects compare. */
export function pairStory(one: string, other: string): string {
  return ['compared', ...[one, other].toSorted()].join(' ');
}

/** A key that findings share when one sentence tells them: one pair of subjects at all loads, one subject's causes. */
export function storyOf(finding: Finding): string {
  const { kind, architecture } = finding;
  if (isOf(finding, ...COMPARED)) return pairStory(architecture, finding.names.than);
  if (kind === 'everything-failed') return kind;
  const topic = topicOf(finding);
  return topic === 'cause' || topic === 'bill' ? `${topic} ${architecture}` : `${kind} ${architecture}`;
}
