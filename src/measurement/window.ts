/** The stretch of time that a trial measures. */
export interface Window {
  /** Start of the measured window on the machine's monotonic clock, ms. Warm-up is the `warmup` ms before. */
  startAt: number;
  duration: number;
  warmup: number;
  /** When the trial was over and the processes were asked for their reports: what was unfinished then is that old at least. */
  endedAt: number;
  /** Start of the window by the wall clock, ISO 8601. */
  startedAt: string;
}
