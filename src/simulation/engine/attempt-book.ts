import type { MeasuredTrial } from '../../measurement/record.js';
import type { Standing } from './effect-book.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';

/** Whether something that an attempt did stands at a moment. */
export type AttemptEffect = (until: number) => boolean;

/** What a trial says of attempts. */
export type AttemptFigures = Pick<MeasuredTrial, 'attempts' | 'repeatedEffects'>;

/** What has taken effect in each attempt of the requests that their clients have sent several times. */
export class AttemptBook {
  /** Attempts of measured requests beyond the first ones. */
  private further = 0;
  private readonly requests: RequestTable;
  /** Of the attempts before, by row of the one that follows. */
  private readonly earlier = new Map<number, AttemptEffect[]>();
  /** Of all attempts of each measured request that had several. */
  private readonly repeated: AttemptEffect[][] = [];

  constructor(requests: RequestTable) {
    this.requests = requests;
  }

  /** A further attempt is made. */
  count(row: number): void {
    if (this.requests.isMeasured(row)) this.further++;
  }

  /** Nobody has anything more to do with an attempt that another follows: what it did is kept for that. @returns row of the other */
  handOver(row: number, standing: Standing | null): number {
    const next = this.requests.get(row, REQUEST.next);
    this.earlier.set(next, this.take(row, standing));
    return next;
  }

  /** What took effect in a request that is done with, attempt by attempt; null where it had one. */
  settle(row: number, standing: Standing | null): AttemptEffect[] | null {
    if (!this.earlier.has(row)) return null;
    const effects = this.take(row, standing);
    if (this.requests.isMeasured(row)) this.repeated.push(effects);
    return effects;
  }

  /** The figures once the trial is over, at `now`; nothing where every request was sent once. @param sent measured requests */
  result(sent: number, now: number): AttemptFigures {
    if (this.further === 0) return {};
    const twice = this.repeated.filter((effects) => effects.filter((isStanding) => isStanding(now)).length > 1);
    return { attempts: sent + this.further, repeatedEffects: twice.length };
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
