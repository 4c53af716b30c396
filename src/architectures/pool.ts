import { Line, type Place } from '../services/line.js';

/** Who needs a connection. `place` belongs to the pool. */
export interface Borrower<C> {
  place: Place<Borrower<C>> | null;
  /** Is lent a connection. */
  take(connection: C): void;
}

/**
 * Lends connections, never more than its limit; further borrowers wait in order of arrival. The connection last given
 * back is lent first. Lending takes constant time, where undici's Pool looks through its clients.
 */
export class Pool<C> {
  /** Every connection opened. */
  readonly connections: C[] = [];
  private readonly limit: number;
  private readonly open: () => C;
  private readonly idle: C[] = [];
  private readonly line = new Line<Borrower<C>>();

  /** @param limit connections at most; Infinity is no limit */
  constructor(limit: number, open: () => C) {
    this.limit = limit;
    this.open = open;
  }

  /** Lends a connection to the borrower: now, or when its turn comes. */
  lend(borrower: Borrower<C>): void {
    const connection = this.idle.pop() ?? this.another();
    if (connection) borrower.take(connection);
    else borrower.place = this.line.join(borrower);
  }

  giveBack(connection: C): void {
    const next = this.line.next();
    if (!next) return void this.idle.push(connection);
    next.place = null;
    next.take(connection);
  }

  /** Takes a borrower out of the line; false when it is not in it. */
  withdraw(borrower: Borrower<C>): boolean {
    if (!borrower.place) return false;
    this.line.leave(borrower.place);
    borrower.place = null;
    return true;
  }

  private another(): C | undefined {
    if (this.connections.length >= this.limit) return undefined;
    const connection = this.open();
    this.connections.push(connection);
    return connection;
  }
}
