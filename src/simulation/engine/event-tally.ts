import type { LedgerCounts } from '../../measurement/record.js';
import { BacklogMeter } from './backlog.js';
import type { VirtualWindow } from './model.js';
import { WaitLog } from './wait-log.js';
import { TimesCollector } from './times.js';

/** The account of messages, of one consumer or of all together; counts and lags are of measured requests. */
export class EventTally {
  readonly meter: BacklogMeter | WaitLog;
  readonly lag = new TimesCollector();
  acknowledged = 0;
  processed = 0;
  deadLettered = 0;
  outOfOrder = 0;
  lost = 0;
  duplicated = 0;
  appliedTwice = 0;

  /** @param loses whether anything may be lost: only afterwards is it known what has waited */
  constructor(window: VirtualWindow, loses = false) {
    this.meter = loses ? new WaitLog(window) : new BacklogMeter(window);
  }

  /** A message is lost, which was due at a moment: nobody will ever begin with it. */
  lose(dueAt: number, isMeasured: boolean): void {
    this.meter.lose(dueAt);
    if (isMeasured) this.lost++;
  }

  /** The simulated bus acknowledges everything. */
  get counts(): LedgerCounts {
    const { acknowledged, processed, deadLettered, outOfOrder, lost, duplicated, appliedTwice } = this;
    return {
      attempted: acknowledged,
      acknowledged,
      processed,
      lost,
      duplicated,
      unexpected: 0,
      recovered: 0,
      deadLettered,
      outOfOrder,
      pending: acknowledged - processed - deadLettered - lost,
      appliedTwice,
    };
  }
}
