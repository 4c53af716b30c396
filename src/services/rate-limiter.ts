/**
 * A token bucket, kept as the moment at which its next token falls due (the generic cell rate algorithm, ITU-T I.371): the
 * same decisions as with a count of tokens, and nothing to fill up. Pure: the same live and simulated.
 */
import type { RateLimit } from '../scenarios/scenario.js';

/** A token that comes within so much is there, ms: a tenth added ten times is not 1. */
const ROUNDING = 1e-6;

/** Lets so many pass in a time, and `burst` at once after a quiet time. */
export class RateLimiter {
  /** Time in which one token comes, and in which all but one of a full bucket do, ms. */
  private readonly interval: number;
  private readonly ahead: number;
  /** When a bucket that is used from now on at its very rate would give its next token. */
  private dueAt = -Infinity;

  constructor({ count, per, burst }: RateLimit) {
    this.interval = per / count;
    this.ahead = (burst - 1) * this.interval;
  }

  /** Takes a token, if there is one. @param now ms, never less than before */
  take(now: number): boolean {
    if (this.waitAt(now) > 0) return false;
    this.spend(now);
    return true;
  }

  /** Takes the next token that nobody has taken yet. @returns the wait for it, ms; 0 when it is there */
  reserve(now: number): number {
    const wait = this.waitAt(now);
    this.spend(now);
    return wait;
  }

  /** Time until there is a token, ms; 0 when there is one. */
  waitAt(now: number): number {
    const wait = this.dueAt - this.ahead - now;
    return wait > ROUNDING ? wait : 0;
  }

  private spend(now: number): void {
    this.dueAt = Math.max(this.dueAt, now) + this.interval;
  }
}

/** What `Retry-After` says of a wait, ms: HTTP counts whole seconds (RFC 9110, 10.2.3), and none of them too early. */
export function retryAfterOf(wait: number): number {
  return Math.ceil(wait / 1000) * 1000;
}
