/** What the load generator is asked and what it answers. It is given a URL and knows no server. */
import type { Cause } from '../base/causes.js';
import type { Usage } from '../processes/usage.js';
import type { ArrivalKind, ClientRetries, Ramp } from '../scenarios/load.js';

/**
 * The shape of the load. Users are connections (closed model), rates are requests per second (open). With a ramp, `users`
 * and `rate` are its highest level, and it begins with the measured window: what warms up is the level it begins with.
 */
export type LoadShape =
  | { model: 'closed'; users: number; ramp?: Ramp }
  | { model: 'open'; rate: number; arrivals: ArrivalKind; ramp?: Ramp };

export { ATTEMPT_HEADER, IDEMPOTENCY_HEADER, REQUEST_HEADER } from '../scenarios/request.js';

/** What a good answer is. */
export interface ExpectedAnswer {
  /** HTTP statuses that are good; none is any 2xx, and 304. */
  status: readonly number[];
  /** A text that the body must contain, `{{index}}` replaced; null: whatever it says. */
  body: string | null;
}

/** One trial's load. Times are ms; moments are on the machine's monotonic clock (`now()`). */
export interface LoadJob {
  /** `{{index}}` and `{{uuid}}` in its path and query are replaced. */
  url: string;
  method: string;
  /** Sent with every request, beside REQUEST_HEADER. `{{index}}` and `{{uuid}}` are replaced. */
  headers: Record<string, string>;
  /** What ids of its traces end with, 24 hexadecimal digits: every request then carries a `traceparent`, unless its headers have one. */
  run?: string;
  /** Request body; empty is none. `{{index}}` and `{{uuid}}` are replaced. */
  body: string;
  /** What a good answer is; without it any 2xx or 3xx. */
  expect?: ExpectedAnswer;
  /** Whether the server may close a connection that is idle: the simulated ones never do. */
  closesIdle?: boolean;
  shape: LoadShape;
  /** Start of the measured window, at the latest; warm-up begins `warmup` ms before. Without it, warm-up begins at once. */
  startAt?: number;
  warmup: number;
  /** Length of the measured window, at most. */
  duration: number;
  /** Time over which the users are let in one by one, from the start of the warm-up. */
  entry: number;
  /** Pause of a user between answer and next request. */
  think: number;
  /** Client timeout of one attempt. */
  timeout: number;
  /** How clients send a request again that has failed; without it they do not. */
  retries?: ClientRetries;
  /** Seed of Poisson arrivals. */
  seed: number;
  /** Requests that were sent as warm-up before: their indices are not used again. */
  warmed?: number;
}

/** A job whose window begins at a moment that others know too. */
export type TimedJob = LoadJob & { startAt: number };

/** How a request ended: the one outcome of each request sent. Records hold positions: what comes new comes last. */
export const OUTCOMES = ['ok', 'http4xx', 'http5xx', 'timeout', 'connection', 'hangup', 'cutOff', 'mismatch', 'stale'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * Every request sent, warm-up included, column by column; row i of each array is one request.
 * `ok` is any 2xx or 3xx, or what the job expects; `mismatch`: a whole answer, and not the one expected.
 * `connection`: refused or reset; `hangup`: closed before a whole answer, or no HTTP at all; `cutOff`: still in flight when
 * the load was stopped from outside; `stale`: the server had closed the connection for being idle, and the request may not
 * be sent again (POST, PATCH), or met the same a second time.
 */
export interface Observations {
  /** As sent in REQUEST_HEADER: negative for warm-up. */
  index: Int32Array;
  /** When it should have been sent: the user was ready, or the schedule said so. */
  intendedAt: Float64Array;
  /** When its last attempt was written to the connection; when it failed, for a request that never was (`unreached`). */
  sentAt: Float64Array;
  /** When the first byte of its answer arrived; 0 when none did. */
  firstByteAt: Float64Array;
  /** When its last byte arrived, or it failed. */
  endedAt: Float64Array;
  /** Position in OUTCOMES. */
  outcome: Uint8Array;
  /** HTTP status; 0 without one. */
  status: Uint16Array;
  /** 1 when it failed before a connection existed, so that no server can have seen it; of several attempts, how many of them. */
  unreached: Uint8Array;
  /** Times that it was sent: every other column is of the last one, or of all together. Left out where no client has sent one again. */
  attempts?: Uint8Array;
}

/** What the load generator tells while it runs, about 4 times a second: counts since the start of the window. */
export interface LoadProgress {
  sent: number;
  ok: number;
  failed: number;
  inFlight: number;
  /** 95th percentile of the response times of the last second or so, ms; null without any. */
  p95: number | null;
}

/** How late requests were handed to a connection, ms after their intended start: the generator's fault, no server's. */
export interface Lateness {
  p99: number;
  max: number;
}

/** From here on a request counts as sent late, ms. */
export const LATE_MS = 10;

/** How the schedule of the measured requests was kept. */
export interface Schedule {
  /** Requests handed to a connection more than LATE_MS after their intended start. */
  late: number;
  /** Requests that were due and for which every connection was taken: booked as `connection`, and never sent. */
  unsent: number;
  /** Zeros without any request. */
  lateness: Lateness;
}

/** What a load was. */
export interface LoadResult {
  observations: Observations;
  /** Where the measured window was. */
  window: MeasuredWindow;
  /** What the generator used within the measured window. */
  usage: Usage;
  schedule: Schedule;
  /** Measured requests that were sent again because the server had closed the connection for being idle. */
  retried: number;
  /** Why measured requests got no good answer; none when left out. */
  causes?: Cause[];
  /** Connections used at once, at most. */
  connections: number;
}

/** The measured window, moments on the machine's monotonic clock, ms. */
export interface MeasuredWindow {
  startAt: number;
  endAt: number;
}

/** Requests that have ended since it was asked last, in the order of their end. */
export interface NewRows {
  /** Negative for warm-up. */
  index: Int32Array;
  /** Response time, ms. */
  time: Float32Array;
}

/** Functions of the load process. It tells `progress` (LoadProgress) while it runs. */
export type LoadRemote = {
  /**
   * Runs one load to its end: sends until the window is over and waits for what is in flight. A timed job should
   * arrive 100 ms before its warm-up begins.
   * @throws Error when the window has already begun, or another load is running
   */
  run(job: LoadJob): Promise<LoadResult>;
  /** What the running load has seen since it was asked last: it costs what is new, however long the load is. */
  newRows(): NewRows;
  /** Lets the window begin so many ms from now, unless it begins earlier; its length stays. Answers where it is now. */
  begin(lead: number): MeasuredWindow;
  /** Lets the window end so many ms from now, unless it ends earlier. Answers where it is now. */
  finish(lead: number): MeasuredWindow;
  /** Ends the running load at once: what is in flight becomes `cutOff`, and `run` answers. */
  stop(): void;
};
