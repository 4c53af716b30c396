/** What a finding costs the user: by it causes and bills are ranked. */
import type { Finding } from '../measurement/finding.js';

/**
 * How many of the requests it concerns, and how badly: what failed, died or was lost weighs more than anything that only waits. From 1 on
 * the share of the requests that came to nothing, and 1; below 1 what waits, as a share of the time or of the work.
 */
export function costOf(finding: Finding): number {
  switch (finding.kind) {
    case 'failures':
      return 1 + finding.numbers.failureRate;
    case 'orphaned':
      return 1 + finding.numbers.orphaned / Math.max(1, finding.numbers.sent);
    case 'lost':
      return 1 + finding.numbers.lost / Math.max(1, finding.numbers.acknowledged);
    case 'failed-later':
      return 1 + finding.numbers.failedLater / Math.max(1, finding.numbers.ok);
    case 'bottleneck':
    case 'pool':
      return 1 - 1 / (1 + finding.numbers.wait / finding.numbers.service);
    case 'cold-starts':
      return Math.min(1, finding.numbers.wait / finding.numbers.p95);
    case 'rate-limit':
      return Math.max(0, 1 - finding.numbers.capacity / finding.numbers.demand);
    case 'client-retries':
      return finding.numbers.share;
    case 'backlog-grows':
      return Math.min(1, finding.numbers.slope / Math.max(Number.MIN_VALUE, finding.numbers.arrivalRate));
    default:
      return 0;
  }
}

/** Findings with those of the subject first that any of them costs most; those of one subject stay in order. */
export function byCost<F extends Finding>(findings: readonly F[]): F[] {
  const worst = new Map<string, number>();
  for (const finding of findings) worst.set(finding.architecture, Math.max(worst.get(finding.architecture) ?? 0, costOf(finding)));
  return findings.toSorted((a, b) => (worst.get(b.architecture) ?? 0) - (worst.get(a.architecture) ?? 0));
}
