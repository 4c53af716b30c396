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

  /** A call that found a worker at once, and was served well. @param moments its beginning at i, and its end next to it */
  addServed(moments: Float64Array, i: number): void {
    this.calls++;
    this.ok++;
    this.queueTime.add(0);
    this.serviceTime.add(moments[i + 1]! - moments[i]!);
  }

  /** A call that found a worker at once, and ended after its caller had gone away. @param moments as above */
  addTimedOut(moments: Float64Array, i: number): void {
    this.calls++;
    this.timeouts++;
    this.failed++;
    this.queueTime.add(0);
    this.serviceTime.add(moments[i + 1]! - moments[i]!);
  }

  /**
   * What is known of a call that the service has dropped.
   * @param flags as they were before
   */
  addDropped(calls: CallTable, call: number, flags: number, now: number): void {
    if (calls.get(call, CALL.request) < 0) return;
    const arrivedAt = calls.at(call, CALL.arrivedAt);
    if ((flags & CALL_IS.inProgress) === 0) return this.queueTime.addAtLeast(now - arrivedAt);
    const startedAt = calls.at(call, CALL.startedAt);
    this.queueTime.add(flags & CALL_IS.queued ? startedAt - arrivedAt : 0);
    this.serviceTime.addAtLeast(now - startedAt);
  }
}
