/**
 * What happened to events, in the order it happened, as one process saw it. Written while it happens, judged
 * afterwards (`measurement/ledger.ts`).
 */

/** Kinds of entries. `applied`: the effect of a delivery took place. */
export const HISTORY_KINDS = ['attempted', 'acknowledged', 'rejected', 'started', 'applied', 'processed', 'failed', 'deadLettered'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** One entry. */
export interface HistoryEntry {
  kind: HistoryKind;
  /** Identifies the event (CloudEvents source and id). */
  event: string;
  /** Index of the request that it belongs to: negative for warm-up. */
  request: number;
  /** Position within its subject, for order. */
  sequence: number;
  /** The consumer; empty for the publisher's entries. */
  consumer: string;
  /** Monotonic clock, ms. */
  at: number;
}
