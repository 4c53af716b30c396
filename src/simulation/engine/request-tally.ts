import { OUTCOMES } from '../../load/load.js';
import type { KindResult, Outcomes } from '../../measurement/record.js';
import { Moments } from './tables.js';
import type { VirtualWindow } from './model.js';
import { TimesCollector } from './times.js';

/** The account of measured requests, of all or of one kind. */
export class RequestTally {
  /** Sent within the window. */
  measured = 0;
  orphaned = 0;
  failedLater = 0;
  readonly ends = new Int32Array(OUTCOMES.length);
  readonly responseTime = new TimesCollector();
  readonly responseTimeOk = new TimesCollector();
  /** From the start of a good request to the end of its last work. */
  readonly completionTime = new TimesCollector();
  /** When a critical step takes effect whose request has failed already. */
  readonly orphanedAt = new Moments();
  /** Of requests that have failed and of which something was done that can be undone: whether something stands at a moment. */
  readonly standing: ((until: number) => boolean)[] = [];

  /** The figures once the trial is over, at `now`. */
  result({ startAt, endAt }: VirtualWindow, now: number): Omit<KindResult, 'completionTime'> {
    const outcomes = this.outcomes();
    return {
      outcomes,
      failureRate: outcomes.sent === 0 ? 0 : (outcomes.sent - outcomes.ok) / outcomes.sent,
      throughput: outcomes.ok / ((endAt - startAt) / 1000),
      responseTime: this.responseTime.times,
      responseTimeOk: this.responseTimeOk.times,
      orphaned: this.orphaned + this.orphanedAt.countUpTo(now) + this.standing.filter((isStanding) => isStanding(now)).length,
      failedLater: this.failedLater,
    };
  }

  private outcomes(): Outcomes {
    const ends = Object.fromEntries(OUTCOMES.map((outcome, position) => [outcome, this.ends[position]]));
    return { sent: this.measured, ...ends } as Outcomes;
  }
}
