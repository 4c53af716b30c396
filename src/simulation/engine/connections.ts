import { Ring } from './grow.js';

/** The connections of one caller's pool, and the calls that wait for one. */
export class Connections {
  private readonly limit: number;
  private readonly line = new Ring();
  private inUse = 0;
  private lending = false;

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
    // A call that is rejected gives its connection back at once: taken in turn, not one within the other.
    if (this.lending || this.line.length === 0) return;
    this.lending = true;
    while (this.line.length > 0 && this.isFree) lend(this.line.shift());
    this.lending = false;
  }
}
