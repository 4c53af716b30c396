/** What another arrangement of the same steps gives. */
import type { MeasuredTrial } from '../measurement/record.js';

/** What an arrangement gives against calling the steps in turn. */
export interface Gain {
  /** Median response time in turn, and so arranged, ms; null when nothing was answered. */
  before: number | null;
  after: number | null;
  /** Share of the median response time that is saved; below 0 when it takes longer. */
  share: number;
  /** Failure rates. */
  failuresBefore: number;
  failuresAfter: number;
}

/** Least share of the response time that is worth a change. */
export const WORTH_IT = 0.1;

/** The gain of one simulated or measured trial over another. */
export function gainOf(before: MeasuredTrial | undefined, after: MeasuredTrial): Gain {
  const times = { before: before?.responseTime.p50 ?? null, after: after.responseTime.p50 };
  const share = times.before && times.after !== null ? 1 - times.after / times.before : 0;
  return { ...times, share, failuresBefore: before?.failureRate ?? 0, failuresAfter: after.failureRate };
}

/** It saves a share of the time, or of the failures, that anybody would notice. */
export function isWorthIt({ share, failuresBefore, failuresAfter }: Gain): boolean {
  return share >= WORTH_IT || failuresBefore - failuresAfter >= WORTH_IT;
}
