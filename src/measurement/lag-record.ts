/** What a record holds of event lag over time. */

/** Lags of the events published in each stretch of the window. Of a stretch without any, nothing is known. */
export interface LagSeries {
  /** Middles of the stretches, ms from the start of the window. */
  at: number[];
  /** Half of the events started within it, ms; below 0: not started yet, and that old at the end of the trial. */
  median: (number | null)[];
  /** The longest, of the same kind. */
  longest: (number | null)[];
}
