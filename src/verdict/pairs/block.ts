/** A block out of what was measured of it. */
import type { Block } from '../../measurement/schema/comparison.js';
import type { LoadFigures } from '../../measurement/outcomes.js';

/** @param figures of the block's requests, such as a measured trial has them */
export function blockOf({ responseTime, throughput, outcomes }: Omit<LoadFigures, 'responseTimeOk' | 'failureRate'>): Block {
  const { p50, p95 } = responseTime;
  return { p50, p95, throughput, sent: outcomes.sent, failed: outcomes.sent - outcomes.ok };
}
