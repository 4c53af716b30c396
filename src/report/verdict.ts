/** The verdict of a run in one sentence. */
import type { RunRecord } from '../measurement/record.js';
import { formatCounted } from './format.js';

/** `FAIL: 1 of 3 checks failed, 1 is unknown.`; empty when nothing was asked of the run. */
export function verdictSentence({ checks, comparisons, verdict }: RunRecord): string {
  const gates = comparisons.filter((comparison) => comparison.gate);
  const states = [...checks.filter((check) => check.level === 'error'), ...gates].map((result) => result.state);
  if (checks.length + gates.length === 0)
    return verdict === 'pass' ? '' : `${verdict.toUpperCase()}: see the problems.`;
  const failed = states.filter((state) => state === 'fail').length;
  const unknown = states.filter((state) => state === 'unknown' || state === 'inconclusive').length;
  const warnings = checks.filter((check) => check.level === 'warn' && check.state !== 'pass').length;
  const counts = [
    ...(failed > 0 ? [`${failed} of ${formatCounted(states.length, 'check')} failed`] : []),
    ...(unknown > 0 ? [`${unknown} of ${formatCounted(states.length, 'check')} unknown`] : []),
    ...(warnings > 0 ? [formatCounted(warnings, 'warning')] : []),
  ];
  const isPassed = states.length > 0 && failed + unknown === 0;
  const passed = states.length === 1 ? 'the check passed' : `all ${states.length} checks passed`;
  return `${verdict.toUpperCase()}: ${[...(isPassed ? [passed] : []), ...counts].join(', ')}.`;
}
