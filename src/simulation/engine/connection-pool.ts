import { Ring } from './tables.js';

/** The connections of one caller's pool, and the calls that wait for one in order of arrival. */
export class ConnectionPool {
  private readonly limit: number;
  private readonly line = new Ring();
  private inUse = 0;

  /** @param limit connections at most */
  constructor(limit: number) {
    this.limit = limit;
  }

  get isFree(): boolean {
    return this.inUse < this.limit;
  }

  take(): void {
    this.inUse++;
  }

  /** A call waits for its turn. */
  waitFor(call: number): void {
    this.line.push(call);
  }

  /** One is given back. @param lend gives a connection to a call that has waited, or not when nobody wants it any more */
  giveBack(lend: (call: number) => void): void {
    this.inUse--;
    while (this.line.length > 0 && this.isFree) lend(this.line.shift());
  }
}
