import { FailureRate } from '../../architectures/failure-rate.js';
import type { Breaker } from '../../scenarios/scenario.js';

/** What a breaker says to a call: no; yes; yes, to try whether the service is back. */
export const REFUSED = 0;
export const ADMITTED = 1;
export const TRIAL = 2;

/** A circuit breaker with the states of the live one, by the virtual clock. */
export class BreakerState {
  private readonly rate: FailureRate;
  private readonly reset: number;
  private readonly clock: () => number;
  private state: 'closed' | 'open' | 'half-open' = 'closed';
  private openedAt = 0;

  constructor(breaker: Breaker, clock: () => number) {
    this.rate = new FailureRate(breaker, clock);
    this.reset = breaker.reset;
    this.clock = clock;
  }

  admit(): number {
    if (this.state === 'closed') return ADMITTED;
    if (this.state === 'half-open' || this.clock() - this.openedAt < this.reset) return REFUSED;
    this.state = 'half-open';
    return TRIAL;
  }

  /** A call came back; true when the breaker opens at it. */
  record(ok: boolean, trial: boolean): boolean {
    if (ok && trial) this.rate.reset();
    this.rate.record(ok);
    if (ok) {
      if (trial) this.state = 'closed';
      return false;
    }
    // A late failure opens a breaker that is being tried as well, but not one that is open.
    if (this.state === 'open' || !(trial || this.rate.tripped())) return false;
    this.state = 'open';
    this.openedAt = this.clock();
    return true;
  }
}
