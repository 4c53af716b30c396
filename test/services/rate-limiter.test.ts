import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimiter, retryAfterOf } from '../../src/services/rate-limiter.js';

/** A token bucket as it is told: tokens come one after another, and what does not fit is lost. */
class CountedBucket {
  private readonly every: number;
  private readonly burst: number;
  private tokens: number;
  private at = 0;

  constructor(every: number, burst: number) {
    this.every = every;
    this.burst = burst;
    this.tokens = burst;
  }

  take(now: number): boolean {
    this.tokens = Math.min(this.burst, this.tokens + (now - this.at) / this.every);
    this.at = now;
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens--;
    return true;
  }
}

describe('a rate limiter', () => {
  it('decides as a bucket of tokens does', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })), { maxLength: 60 });
    fc.assert(fc.property(fc.constantFrom(50, 100, 125), fc.integer({ min: 1, max: 6 }), gaps, (every, burst, waits) => {
      const limiter = new RateLimiter({ count: 1000 / every, per: 1000, burst });
      const bucket = new CountedBucket(every, burst);
      let now = 0;
      for (const gap of waits) {
        now += gap;
        expect(limiter.take(now)).toBe(bucket.take(now));
      }
    }));
  });

  it('hands tokens out in order, and never more than there are', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 }), (burst, gaps) => {
      const limiter = new RateLimiter({ count: 10, per: 1000, burst });
      let now = 0;
      const turns = gaps.map((gap) => (now += gap) + limiter.reserve(now));
      expect(turns).toEqual(turns.toSorted((a, b) => a - b));
      for (const [i, turn] of turns.entries()) {
        // Of those in any stretch of time no more than a full bucket and what came in it.
        const within = turns.slice(i).filter((later) => later <= turn + 1000 + 1e-6).length;
        expect(within).toBeLessThanOrEqual(burst + 10);
      }
    }));
  });

  it('lets even calls at its very rate pass for ever, whatever rounding does', () => {
    const limiter = new RateLimiter({ count: 7, per: 1000, burst: 1 });
    const calls = Array.from({ length: 10_000 }, (_, i) => limiter.take((i * 1000) / 7));
    expect(calls).not.toContain(false);
  });

  it('tells the wait in whole seconds, rounded up', () => {
    expect([0, 1, 1000, 1001].map(retryAfterOf)).toEqual([0, 1000, 1000, 2000]);
  });
});
