/** What an engine saw of its requests, whatever it calls it: rows, and what it says that there should be. */
import { OUTCOMES, type Observations, type Outcome } from '../load/load.js';

/** One request as an engine tells it. Moments are ms from the start of the measured window, on the clock of its own machine. */
export interface EngineRow {
  /** Whose clock it is on: a worker, or a file. */
  source: string;
  /** Negative for warm-up. */
  index: number;
  intendedAt: number;
  sentAt: number;
  /** Left out where the engine does not tell it. */
  firstByteAt?: number;
  endedAt: number;
  outcome: Outcome;
  /** HTTP status; 0 without one. */
  status: number;
}

/** The rows of a run, and its books. */
export interface EngineRun {
  engine: string;
  /** Moments are right to so much, ms. */
  resolution: number;
  rows: EngineRow[];
  /** Start of the window by the wall clock of the machine that began first, ms since 1970; null where no row says. */
  startedAt: number | null;
  /** Requests as the engine itself counts them; null where it does not tell. */
  total: number | null;
  /** Load machines or processes: those that should have told their last row, and those that did. */
  workers: { expected: number; done: number };
  /** Requests that were due and never sent, as the engine tells; without it, it sends all of them. */
  unsent?: number;
  /** Whether it does not tell when requests were due: how late they were sent is not known then. */
  untold?: boolean;
  /** What has to be known of it, as sentences. */
  notes?: string[];
  /** What is wrong with the books, as sentences. */
  problems: string[];
}

/** The columns that measurement reads; requests in order of their intended start. */
export function observationsOf(rows: readonly EngineRow[]): Observations {
  const sorted = rows.toSorted((a, b) => a.intendedAt - b.intendedAt);
  const column = (of: (row: EngineRow) => number): number[] => sorted.map(of);
  return {
    index: Int32Array.from(column(({ index }) => index)),
    intendedAt: Float64Array.from(column(({ intendedAt }) => intendedAt)),
    sentAt: Float64Array.from(column(({ sentAt }) => sentAt)),
    firstByteAt: Float64Array.from(column(({ firstByteAt = 0 }) => firstByteAt)),
    endedAt: Float64Array.from(column(({ endedAt }) => endedAt)),
    outcome: Uint8Array.from(column(({ outcome }) => OUTCOMES.indexOf(outcome))),
    status: Uint16Array.from(column(({ status }) => status)),
    unreached: Uint8Array.from(column(({ outcome }) => (outcome === 'connection' ? 1 : 0))),
  };
}

/** What does not add up: rows that are missing, or there twice, and workers that never told their last one. */
export function bookProblems({ engine, rows, total, workers }: Pick<EngineRun, 'engine' | 'rows' | 'total' | 'workers'>): string[] {
  const twice = rows.length - new Set(rows.map(({ index }) => index)).size;
  const lost = workers.expected - workers.done;
  return [
    ...(total !== null && total !== rows.length
      ? [`The books do not balance: ${engine} counts ${total} requests, and there are ${rows.length} rows.`]
      : []),
    ...(twice > 0 ? [`${twice} ${twice === 1 ? 'row has' : 'rows have'} the index of another: a request is in the books more than once.`] : []),
    ...(lost > 0 ? [`${lost} of ${workers.expected} workers of ${engine} did not tell their last row: what they sent is missing.`] : []),
  ];
}
