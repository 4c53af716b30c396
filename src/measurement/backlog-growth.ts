/** Whether a backlog grows for as long as the load lasts, or only moves as queues do: one judgement, of what was measured and of what is advised. */
import type { ConsumerResult } from './record.js';

/** Parts of the window that are compared with each other. */
const PARTS = 10;
/** 95 % quantile of Student's distribution with `PARTS - 1` degrees of freedom: what is sure is so in 19 of 20 windows. */
const STUDENT = 1.833;

/** Growth, as a share of what arrives, below which a backlog only goes up and down. */
const GROWING = 0.02;

/** Standard deviations by which a count of independent events is hardly ever off by chance. */
const SURELY = 3;

/** Growth of one backlog within the window. */
export interface Growth {
  /** As a share of what arrives. */
  share: number;
  /** It is more than the noise of arrivals and processing. */
  isSure: boolean;
}

/**
 * Growth of a backlog, by its slope and the slope's uncertainty. What comes and goes in one part of the window tells
 * little of the next part: the backlog of a busy consumer is a random walk, and the least-squares slope of a random walk
 * over a time T has the variance 6/5 of (variance of its steps per time) / T. That of a backlog that comes back to its
 * level is smaller: the doubt is on the safe side.
 * @param seconds length of the window
 */
export function growthOf({ backlog, arrivalRate }: Pick<ConsumerResult, 'backlog' | 'arrivalRate'>, seconds: number): Growth {
  const { slopePerSecond, series } = backlog;
  const steps = stepsOf(series, seconds * 1000);
  // Without a curve the doubt is that of a count: by 3 of its deviations it is hardly ever off by chance.
  const error = steps === null ? ((3 / STUDENT) * Math.sqrt(backlog.end)) / seconds : (Math.sqrt(1.2 * PARTS) * deviation(steps)) / seconds;
  return { share: arrivalRate > 0 ? slopePerSecond / arrivalRate : 0, isSure: slopePerSecond > STUDENT * error };
}

/** Whether it is growth at all, wherever nobody has said another limit. */
export function isGrowth({ share, isSure }: Growth): boolean {
  return isSure && share > GROWING;
}

/**
 * It grows, and not just by chance (as `capacity` judges it) or because work has only begun: what a consumer that keeps up has in hand,
 * give or take the deviation of a count, is no backlog yet.
 * @param inHand events in the hands of a consumer that keeps up: as many as it needs workers (Little)
 * @param seconds length of the window
 */
export function isBacklogGrowing(flow: Pick<ConsumerResult, 'backlog' | 'arrivalRate'>, inHand: number, seconds: number): boolean {
  return isGrowth(growthOf(flow, seconds)) && flow.backlog.end > inHand + SURELY * Math.sqrt(inHand);
}

/** By how much the backlog changed from part to part of the window; null when it was not looked at that often. */
function stepsOf({ at, waiting }: ConsumerResult['backlog']['series'], length: number): number[] | null {
  const inside = at.filter((moment) => moment <= length);
  if (inside.length <= PARTS) return null;
  // The last moment may be a little before the end of the window: parts are of the time that was looked at.
  const last = inside.length - 1;
  const edges = Array.from({ length: PARTS + 1 }, (_, i) => waiting[Math.round((i * last) / PARTS)] ?? 0);
  return edges.slice(1).map((count, i) => count - (edges[i] ?? 0));
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
