import { CALL, CALL_IS, type CallTable } from './call-table.js';
import type { StepResult } from '../../measurement/record.js';
import { finiteLimit } from '../../measurement/steps.js';
import type { Station } from './station.js';
import { TimesCollector } from './times.js';

/** What is counted of the calls and runs of one step or consumer, for measured requests. */
export class CallerTally {
  calls = 0;
  ok = 0;
  failed = 0;
  timeouts = 0;
  errors = 0;
  rejected = 0;
  shortCircuited = 0;
  budgetExhausted = 0;
  breakerOpened = 0;
  readonly queueTime = new TimesCollector();
  readonly serviceTime = new TimesCollector();

  result(station: Station): StepResult {
    const { queueTime, serviceTime, ...counts } = this;
    const { service, utilisation, peakInProgress, peakConnections } = station;
    return {
      service: service.name,
      ...counts,
      connection: 0,
      utilisation,
      workers: finiteLimit(service.workers),
      peakInProgress,
      peakConnections,
      queueTime: queueTime.times,
      serviceTime: serviceTime.times,
    };
  }

  /** What is known of a call that the service has dropped. */
  addDropped(calls: CallTable, call: number, now: number): void {
    if (calls.get(call, CALL.request) < 0) return;
    const arrivedAt = calls.at(call, CALL.arrivedAt);
    const startedAt = calls.at(call, CALL.startedAt);
    // One that a worker had only just taken up was not worked on.
    if (!calls.is(call, CALL_IS.inProgress) || startedAt === now) return this.queueTime.addAtLeast(now - arrivedAt);
    this.queueTime.add(startedAt - arrivedAt);
    this.serviceTime.addAtLeast(now - startedAt);
  }
}
