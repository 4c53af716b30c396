/** Findings of any kind, for tests that look for one number or name in whatever kind has it. */
import type { Finding } from '../../src/measurement/finding.js';

export type AnyFinding = Omit<Finding, 'kind' | 'numbers' | 'names'> & { kind: string; numbers: Record<string, number>; names: Record<string, string> };

export function ofAnyKind(findings: readonly Finding[]): AnyFinding[] {
  return findings as unknown as AnyFinding[];
}
