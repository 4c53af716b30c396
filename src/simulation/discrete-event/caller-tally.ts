import { CALL, CALL_BITS, CALL_IS, CALL_MOMENT_BITS, type CallTable } from './call-table.js';
import type { StepCounts } from '../../architectures/architecture.js';
import type { StepResult } from '../../measurement/record.js';
import { finiteLimit, toldCounts } from '../../measurement/steps.js';
import type { Station } from './station.js';
import type { VirtualWindow } from './model.js';
import { Moments } from './tables.js';
import { TimesCollector } from './times.js';

/** What is counted of the calls and runs of one step or consumer, for measured requests. */
export class CallerTally implements StepCounts {
  calls = 0;
  ok = 0;
  failed = 0;
  timeouts = 0;
  errors = 0;
  rejected = 0;
  /** Nothing breaks in virtual time. */
  readonly connection = 0;
  shortCircuited = 0;
  limited = 0;
  paced = 0;
  pacedTime = 0;
  pooled = 0;
  pooledTime = 0;
  budgetExhausted = 0;
  breakerOpened = 0;
  readonly queueTime = new TimesCollector();
  readonly serviceTime = new TimesCollector();
  private readonly window: VirtualWindow;
  /** Of calls that end after the window: their end, time in the queue, and in service. */
  private readonly later = new Moments();

  constructor(window: VirtualWindow) {
    this.window = window;
  }

  /** @param endedAt end of the trial */
  result(station: Station, endedAt: number): StepResult {
    this.addLater(endedAt);
    const { service, utilisation, scaled, peakInProgress, peakConnections } = station;
    return {
      service: service.name,
      ...toldCounts(this),
      utilisation,
      workers: finiteLimit(service.workers),
      ...(scaled && { scaled }),
      peakInProgress: peakInProgress.until(endedAt),
      peakConnections: peakConnections.until(endedAt),
      queueTime: this.queueTime.times,
      serviceTime: this.serviceTime.times,
    };
  }

  /** A run has ended. @param request its index; those of the warm-up are not counted */
  countRun(request: number, ok: boolean): void {
    if (request < 0) return;
    if (ok) this.ok++;
    else this.failed++;
  }

  /** A call is held back by its caller's own rate. @param wait ms */
  hold(wait: number): void {
    this.paced++;
    this.pacedTime += wait;
  }

  /** A call has waited for a connection of a shared pool. @param ms 0: it has not */
  wait(ms: number): void {
    if (ms === 0) return;
    this.pooled++;
    this.pooledTime += ms;
  }

  /** Counts the times of a call, which its service has done with or will have. */
  noteTimes({ ints, moments }: CallTable, call: number): void {
    if (ints[(call << CALL_BITS) + CALL.request]! < 0) return;
    const times = call << CALL_MOMENT_BITS;
    const startedAt = moments[times + CALL.startedAt]!;
    const endAt = moments[times + CALL.endAt]!;
    this.addUntil(endAt, startedAt - moments[times + CALL.arrivedAt]!, endAt - startedAt);
  }

  /** Times of a call that will end at a moment, and that count if the trial is not over by then. */
  addUntil(endAt: number, queued: number, served: number): void {
    if (endAt <= this.window.endAt) {
      this.queueTime.add(queued);
      this.serviceTime.add(served);
    } else if (endAt <= this.window.overBy) {
      this.later.push(endAt);
      this.later.push(queued);
      this.later.push(served);
    }
  }

  private addLater(endedAt: number): void {
    const later = this.later.take();
    for (let i = 0; i < later.length; i += 3) {
      if (later[i]! > endedAt) continue;
      this.queueTime.add(later[i + 1]!);
      this.serviceTime.add(later[i + 2]!);
    }
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
