/** Whether a backlog grows for as long as the load lasts: one judgement, of what was measured and of what is advised. */

/** Growth, as a share of what arrives, below which a backlog only goes up and down. */
const GROWING = 0.02;
/** Standard deviations by which a count of independent events is hardly ever off by chance. */
const SURELY = 3;

/** What is known of a backlog in a window. */
export interface BacklogFigures {
  /** Events per second by which it grows. */
  slope: number;
  /** Events per second that arrive. */
  arrivalRate: number;
  /** Events at the end of the window. */
  end: number;
  /** Events in the hands of a consumer that keeps up: as many as it needs workers (Little). */
  inHand: number;
}

/**
 * It grows, and not just by chance or because work has only begun: what a consumer that keeps up has in hand, give or take
 * the deviation of a count, is no backlog yet.
 * @param seconds length of the window
 */
export function isGrowing({ slope, arrivalRate, end, inHand }: BacklogFigures, seconds: number): boolean {
  const byChance = inHand + SURELY * Math.sqrt(inHand);
  return slope > GROWING * arrivalRate && end > byChance && slope * seconds > SURELY * Math.sqrt(end);
}
