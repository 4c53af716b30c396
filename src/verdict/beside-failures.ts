/** Times beside failures: an error can be quick, and a head that fails must never look better for it. */
import type { Comparison } from '../measurement/schema/comparison.js';
import { UNKNOWN } from './reading.js';

/** What failed requests have a part in. Throughput counts good answers alone. */
const TIMES: ReadonlySet<string> = new Set(['p50', 'p95', 'completion_p95']);

/**
 * Takes back what times say in favour of a head that fails more: faster, or no worse. Slower stays: more failures are no
 * excuse. Times of good answers alone would be no way out, since those that fail may be the slow ones.
 * @param rows of one base and one head, the failure rate among them
 */
export function timesBesideFailures(rows: readonly Comparison[]): Comparison[] {
  const failures = rows.find(({ metric }) => metric === 'failure_rate');
  const more = failures?.change ?? 0;
  if (!failures || failures.state === 'pass' || more <= failures.limits.margin) return [...rows];
  const why = `not judged: the head fails ${Number((more * 100).toFixed(2))} points more, and failing is quick`;
  return rows.map((row) => (row.state === 'pass' && TIMES.has(row.metric) ? { ...row, ...UNKNOWN, why } : row));
}
