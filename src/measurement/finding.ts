/** Findings, told apart by their kind. */
import type { Finding, FindingKind, Found } from './schema/finding.js';

export type { Finding, FindingKind, Found };

/** Whether a finding is of one of these kinds. */
export function isOf<K extends FindingKind>(finding: Finding, ...kinds: readonly K[]): finding is Found<K> & Finding {
  return (kinds as readonly string[]).includes(finding.kind);
}
