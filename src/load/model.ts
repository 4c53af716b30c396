/** What a model of load is: it decides when requests start, and nothing else. */

/** Sends one request at a time. */
export interface Sender {
  /** @param intendedAt when the request should start: the user is ready, or the schedule says so */
  send(intendedAt: number): void;
}

/**
 * Called when a sender's request has ended.
 * @param reached false when no connection could be established
 */
export type Done = (sender: Sender, reached: boolean) => void;

/** Makes a sender with a connection of its own. */
export type Opener = (done: Done) => Sender;

/** Moments of one load, ms on the clock. While it runs, the window may move to an earlier moment that still lies ahead. */
export interface LoadWindow {
  /** Start of the warm-up. */
  readonly beginAt: number;
  /** Measured: from here, */
  startAt: number;
  /** to before here. Nothing is intended to start from then on. */
  endAt: number;
}

/** A running model. */
export interface Model {
  start(): void;
  /** Whether a request is still to start. */
  readonly upcoming: boolean;
  /** Told that the window has moved. */
  moved(): void;
  /** Starts no further request. */
  stop(): void;
}
