/** The parts that sentences about findings are made of. */
import type { Finding, FindingKind, Found } from '../measurement/finding.js';
import type { TrialLoad } from '../measurement/record.js';
import { formatCount, formatCounted, formatList, formatLoad, plural } from './format.js';

/** What is said of the findings of one kind within a story: one for each load, the loads ascending. */
export type Teller<K extends FindingKind> = (findings: Found<K>[], last: Found<K>) => string;

/** Ways to fail, outcomes of requests and of calls: a noun, and what is said of one as of many. */
const FAILURES: Record<string, readonly [noun: string, about?: string]> = {
  http4xx: ['client error', ' (4xx)'],
  http5xx: ['server error', ' (5xx)'],
  timeout: ['timeout'],
  connection: ['refused or reset connection'],
  hangup: ['connection', ' closed before the answer'],
  cutOff: ['request', ' cut off at the end'],
  mismatch: ['answer', ' other than expected'],
  stale: ['request', ' on connections that had been closed for being idle'],
  timeouts: ['timeout'],
  errors: ['error'],
  rejected: ['call', ' rejected by a full queue'],
  shortCircuited: ['call', ' stopped by the open breaker'],
  limited: ['call', ' refused for coming too often (429)'],
};
const ANY_FAILURE = ['failure'] as const;

/** A way to fail in the plural. */
export function failuresWords(how: string): string {
  const [noun, about = ''] = FAILURES[how] ?? ANY_FAILURE;
  return plural(noun) + about;
}

/** `1 timeout`, `3 calls rejected by a full queue`. */
export function countedFailures(count: number, how: string): string {
  const [noun, about = ''] = FAILURES[how] ?? ANY_FAILURE;
  return formatCounted(count, noun) + about;
}

/** `at 100 users`. */
export function at({ load }: Pick<Finding, 'load'>): string {
  return load ? `at ${formatLoad(load)}` : 'at every load';
}

/** `at 10, 100 and 500 users`. */
export function atLoads(findings: readonly Pick<Finding, 'load'>[]): string {
  const loads = findings.flatMap((finding) => finding.load ?? []);
  return loads.length === 0 ? 'at every load' : `at ${formatLoads(loads)}`;
}

/** Of workers that scale there are so many at most. */
export function upTo(scales: unknown): string {
  return scales ? 'up to ' : '';
}

/** `there are 20`, `there are up to 20` where they scale. */
export function thereAre(workers: number, scales: unknown): string {
  return `there ${workers === 1 ? 'is' : 'are'} ${upTo(scales)}${formatCount(workers)}`;
}

/** `10, 100 and 500 users`. */
export function formatLoads(loads: readonly TrialLoad[]): string {
  const names = loads.map(formatLoad);
  const unit = names.every((name) => name.endsWith(' users')) ? ' users' : '';
  return `${formatList(names.map((name) => name.slice(0, name.length - unit.length)))}${unit}`;
}
