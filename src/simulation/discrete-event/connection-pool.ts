import type { ServiceCall } from '../../scenarios/call-graph.js';
import type { FaultProcess } from '../../scenarios/fault.js';
import { limitOf } from '../../scenarios/scenario.js';
import { Ring } from './tables.js';

/** The connections of a pool, of one caller or of several that share it, and the calls that wait for one in order of arrival. */
export class ConnectionPool {
  private readonly limit: number;
  private line = new Ring();
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

  /** Its process begins anew: nobody waits, and none is in use. */
  restart(): void {
    this.line = new Ring();
    this.inUse = 0;
  }

  giveBack(): void {
    this.inUse--;
    while (this.line.length > 0 && this.isFree) this.lend(this.line.shift());
  }
}

/** Pools that calls of several steps in one process share. */
export class SharedPools {
  private readonly pools = new Map<string, ConnectionPool>();
  private readonly lend: (call: number) => void;

  /** @param lend as of each pool */
  constructor(lend: (call: number) => void) {
    this.lend = lend;
  }

  /** The pool that a call shares; null: it shares none. */
  of({ pool }: ServiceCall, process: FaultProcess): ConnectionPool | null {
    if (!pool) return null;
    const key = `${process} ${pool.name}`;
    const shared = this.pools.get(key) ?? new ConnectionPool(limitOf(pool.connections), this.lend);
    this.pools.set(key, shared);
    return shared;
  }
}
