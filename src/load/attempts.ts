/** A client that sends a request again that has failed, as a user who presses the button once more. */
import { attemptNumber } from '../scenarios/request.js';
import type { ClientRetries } from '../scenarios/load.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { LoadClock } from './clock.js';
import type { Journal } from './journal.js';
import type { Outcome } from './load.js';

/**
 * How long a client waits before it sends a request again, ms; null: it does not.
 * @param made attempts so far
 * @param outcome of the last of them
 */
export function pauseBefore(retries: ClientRetries | undefined, made: number, outcome: Outcome): number | null {
  if (!retries || made >= retries.attempts || !(retries.on as readonly Outcome[]).includes(outcome)) return null;
  return retries.backoff * 2 ** (made - 1);
}

/** How long a request lasts at the most with all its attempts, ms. */
export function longestRequest({ timeout, retries }: { timeout: number; retries?: ClientRetries | undefined }): number {
  const { attempts, backoff } = retries ?? { attempts: 1, backoff: 0 };
  return attempts * timeout + backoff * (2 ** (attempts - 1) - 1);
}

/** What the attempts of a load have in common. */
interface AttemptParts {
  journal: Journal;
  retries: ClientRetries | undefined;
  clock: LoadClock;
}

/** The attempts of whoever sends one request at a time: all of them are one row of the books. */
export class Attempts {
  private readonly parts: AttemptParts;
  private readonly send: (row: number, attempt: number, from: number) => void;
  private row = -1;
  private attempt = 0;

  /** @param send sends an attempt, from 0, of the request of a row; its timeout counts from the moment named */
  constructor(parts: AttemptParts, send: (row: number, attempt: number, from: number) => void) {
    this.parts = parts;
    this.send = send;
  }

  /** A request begins. */
  begin(row: number, intendedAt: number): void {
    this.row = row;
    this.attempt = 0;
    this.send(row, 0, intendedAt);
  }

  /**
   * An attempt has ended.
   * @param reached false when no server can have seen it
   * @returns whether the request goes on: another attempt follows
   */
  goesOn(outcome: Outcome, reached: boolean): boolean {
    const { row, parts: { journal, retries, clock } } = this;
    const pause = pauseBefore(retries, this.attempt + 1, outcome);
    if (pause === null) return false;
    const attempt = ++this.attempt;
    const again = (): void => {
      if (this.row !== row) return;
      journal.again(row, reached);
      this.send(row, attempt, clock.now());
    };
    clock.at(clock.now() + pause, again, turnOf(RANK.retry, attemptNumber(journal.index(row), attempt)));
    return true;
  }

  /** No further attempt is made of the request. */
  stop(): void {
    this.row = -1;
  }
}
