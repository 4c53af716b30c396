/** Limits that a trial cannot be expected to keep any more, while it still runs. */
import { PERCENTILES, type Percentile } from '../measurement/times.js';
import { formatNumber } from './detail.js';
import { holds } from './limits.js';
import { percentileLower } from './statistics/percentile-intervals.js';
import { shareLower } from './statistics/share-intervals.js';
import { isLive, type Threshold } from './thresholds.js';

/** What is known of a running trial. */
export interface Seen {
  /** How much of the measured window has passed, ms. */
  elapsed: number;
  /** Response times of the measured requests that have ended, ms. */
  times: Float32Array;
  ok: number;
  failed: number;
}

/** Of one look. It is looked again and again, and one false alarm ends a whole run. */
const CERTAINTY = 0.9999;

/** The first of the limits that is hopeless, and why, as a sentence; undefined while none is. */
export function firstHopeless(limits: readonly Threshold[], seen: Seen): { expression: string; why: string } | undefined {
  for (const { expression, metric, operator, limit, abortAfter } of limits) {
    if (abortAfter === undefined || seen.elapsed < abortAfter || !isLive(metric)) continue;
    const low = leastOf(metric, seen);
    if (low === null || holds({ value: low, low, high: Infinity, why: '' }, operator, limit) !== 'fail') continue;
    const found = formatNumber(low, metric === 'failure_rate' ? 'share' : 'time', limit);
    const after = `${(seen.elapsed / 1000).toFixed(1)} s and ${seen.ok + seen.failed} requests`;
    return { expression, why: `Hopeless after ${after}: ${metric} is at least ${found} with ${CERTAINTY * 100} % confidence` };
  }
  return undefined;
}

/** The lower bound of a metric; null when there are too few requests for one. A share of none is at least 0. */
function leastOf(metric: 'failure_rate' | Percentile, { times, ok, failed }: Seen): number | null {
  if (metric !== 'failure_rate') return percentileLower(times.toSorted(), PERCENTILES[metric] / 1000, CERTAINTY);
  return shareLower(failed, ok + failed, CERTAINTY);
}
