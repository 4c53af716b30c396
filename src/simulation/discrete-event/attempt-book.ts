import type { Standing } from './effect-book.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';

/** Whether something that an attempt did stands at a moment. */
export type AttemptEffect = (until: number) => boolean;

/** What has taken effect in each attempt of the requests that their clients have sent several times. */
export class AttemptBook {
  private readonly requests: RequestTable;
  /** Of the attempts before, by row of the one that follows. */
  private readonly earlier = new Map<number, AttemptEffect[]>();

  constructor(requests: RequestTable) {
    this.requests = requests;
  }

  /** Nobody has anything more to do with an attempt that another follows: what it did is kept for that. @returns row of the other */
  handOver(row: number, standing: Standing | null): number {
    const next = this.requests.get(row, REQUEST.next);
    this.earlier.set(next, this.take(row, standing));
    return next;
  }

  /** What took effect in a request that is done with, attempt by attempt; null where it had one. */
  settle(row: number, standing: Standing | null): AttemptEffect[] | null {
    return this.earlier.has(row) ? this.take(row, standing) : null;
  }

  private take(row: number, standing: Standing | null): AttemptEffect[] {
    const { earlier, requests } = this;
    const isEffective = requests.is(row, REQUEST_IS.effective);
    const effectiveAt = requests.at(row, REQUEST.effectiveAt);
    const before = earlier.get(row) ?? [];
    earlier.delete(row);
    return [...before, (until) => isEffective || effectiveAt <= until || (standing?.at(until) ?? false)];
  }
}
