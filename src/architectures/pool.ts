import { Line, type Place } from '../services/line.js';

/** Who needs a connection. `place` belongs to the pool. */
export interface Borrower {
  place: Place<Borrower> | null;
  /** May use one. */
  take(): void;
}

/**
 * Lets so many connections be used at once, of one step or of several that share them; further borrowers wait in order of
 * arrival. Lending takes constant time, where undici's Pool looks through its clients.
 */
export class Pool {
  private readonly limit: number;
  private readonly line = new Line<Borrower>();
  private inUse = 0;

  /** @param limit connections in use at most; Infinity is no limit */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Lends a connection to the borrower: now, or when its turn comes. */
  lend(borrower: Borrower): void {
    if (this.inUse >= this.limit) borrower.place = this.line.join(borrower);
    else {
      this.inUse++;
      borrower.take();
    }
  }

  giveBack(): void {
    const next = this.line.next();
    if (!next) return void this.inUse--;
    next.place = null;
    next.take();
  }

  /** Takes a borrower out of the line; false when it is not in it. */
  withdraw(borrower: Borrower): boolean {
    if (!borrower.place) return false;
    this.line.leave(borrower.place);
    borrower.place = null;
    return true;
  }
}
