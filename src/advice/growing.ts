/** Whether a backlog grows for as long as the load lasts: one judgement, of what was measured and of what is advised. */
import { growthOf, isGrowth } from '../measurement/growth.js';
import type { ConsumerResult } from '../measurement/record.js';

/** Standard deviations by which a count of independent events is hardly ever off by chance. */
const SURELY = 3;

/**
 * It grows, and not just by chance (as `capacity` judges it) or because work has only begun: what a consumer that keeps up has in hand,
 * give or take the deviation of a count, is no backlog yet.
 * @param inHand events in the hands of a consumer that keeps up: as many as it needs workers (Little)
 * @param seconds length of the window
 */
export function isGrowing(flow: Pick<ConsumerResult, 'backlog' | 'arrivalRate'>, inHand: number, seconds: number): boolean {
  return isGrowth(growthOf(flow, seconds)) && flow.backlog.end > inHand + SURELY * Math.sqrt(inHand);
}
