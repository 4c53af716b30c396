import { Ring } from './tables.js';

/** The connections of a pool, of one caller or of several that share it, and the calls that wait for one in order of arrival. */
export class ConnectionPool {
  private readonly limit: number;
  private readonly line = new Ring();
  private readonly lend: (call: number) => void;
  private inUse = 0;

  /**
   * @param limit connections at most
   * @param lend gives a connection to a call that has waited, or not when nobody wants it any more
   */
  constructor(limit: number, lend: (call: number) => void) {
    this.limit = limit;
    this.lend = lend;
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

  giveBack(): void {
    this.inUse--;
    while (this.line.length > 0 && this.isFree) this.lend(this.line.shift());
  }
}
