/** The parts that sentences about findings are made of. */
import type { Finding, FindingKind, Found } from '../measurement/finding.js';
import type { TrialLoad } from '../measurement/record.js';
import { formatCount, formatList, formatLoad } from './format.js';

/** What is said of the findings of one kind within a story: one for each load, the loads ascending. */
export type Teller<K extends FindingKind> = (findings: Found<K>[], last: Found<K>) => string;

/** Ways to fail, in the plural: outcomes of requests and of calls. */
export const FAILURES: Record<string, string> = {
  http4xx: 'client errors (4xx)',
  http5xx: 'server errors (5xx)',
  timeout: 'timeouts',
  connection: 'refused or reset connections',
  hangup: 'connections closed before the answer',
  cutOff: 'requests cut off at the end',
  mismatch: 'answers other than expected',
  stale: 'requests on connections that had been closed for being idle',
  timeouts: 'timeouts',
  errors: 'errors',
  rejected: 'calls rejected by a full queue',
  shortCircuited: 'calls stopped by the open breaker',
  limited: 'calls refused because they came too often (429)',
};

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
