/** What another arrangement of the same steps gives. */
import type { MeasuredTrial } from '../measurement/record.js';

/** What an arrangement gives against calling the steps in turn. */
export interface Gain {
  /** Median response time in turn, and so arranged, ms; null when nothing was answered. */
  before: number | null;
  after: number | null;
  /** Share of the median response time that is saved; below 0 when it takes longer. */
  share: number;
  /** Shares of the requests that fail, at once or later. */
  failuresBefore: number;
  failuresAfter: number;
}

/** Least share of the response time that is worth a change. */
export const WORTH_IT = 0.1;
/** Failures that nobody would rebuild anything for, and that nobody would take in exchange for time. */
export const FEW_FAILURES = 0.01;

/** The gain of one simulated or measured trial over another. */
export function gainOf(before: MeasuredTrial | undefined, after: MeasuredTrial): Gain {
  return gain(before?.responseTime.p50 ?? null, after.responseTime.p50, before ? badShare(before) : 0, badShare(after));
}

/** The same of what is known of both. */
export function gain(before: number | null, after: number | null, failuresBefore: number, failuresAfter: number): Gain {
  return { before, after, share: before && after !== null ? 1 - after / before : 0, failuresBefore, failuresAfter };
}

/** What failed at once and what failed later. */
function badShare({ failureRate, failedLater, outcomes }: MeasuredTrial): number {
  return failureRate + (outcomes.sent > 0 ? failedLater / outcomes.sent : 0);
}

/** It saves a share of the time that anybody would notice and fails no more, or a share of the failures. */
export function isWorthIt({ share, failuresBefore, failuresAfter }: Gain): boolean {
  const isSafe = failuresAfter <= failuresBefore + FEW_FAILURES;
  return (share >= WORTH_IT && isSafe) || failuresBefore - failuresAfter >= WORTH_IT;
}

/** Mean share saved over the loads. */
export function meanShare(at: readonly { gain: Gain }[]): number {
  return at.reduce((sum, one) => sum + one.gain.share, 0) / Math.max(1, at.length);
}
