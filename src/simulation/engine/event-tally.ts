import type { LedgerCounts } from '../../measurement/record.js';
import { BacklogMeter } from './backlog-meter.js';
import type { VirtualWindow } from './model.js';
import { TimesCollector } from './times.js';

/** The account of messages, of one consumer or of all together; counts and lags are of measured requests. */
export class EventTally {
  readonly meter: BacklogMeter;
  readonly lag = new TimesCollector();
  acknowledged = 0;
  processed = 0;
  deadLettered = 0;
  outOfOrder = 0;

  constructor(window: VirtualWindow, longest: number) {
    this.meter = new BacklogMeter(window, longest);
  }

  /** A message that is begun at once and will be processed. */
  countForeseen(): void {
    this.acknowledged++;
    this.processed++;
    this.lag.add(0);
  }

  /** The simulated bus loses nothing, repeats nothing and acknowledges everything. */
  get counts(): LedgerCounts {
    const { acknowledged, processed, deadLettered, outOfOrder } = this;
    return {
      attempted: acknowledged,
      acknowledged,
      processed,
      lost: 0,
      duplicated: 0,
      unexpected: 0,
      recovered: 0,
      deadLettered,
      outOfOrder,
      pending: acknowledged - processed - deadLettered,
      appliedTwice: 0,
    };
  }
}
