import type { LedgerCounts } from '../../measurement/record.js';
import { BacklogMeter } from './backlog.js';
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

  constructor(window: VirtualWindow) {
    this.meter = new BacklogMeter(window);
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
