import type { Service } from '../../scenarios/scenario.js';
import { CALL, CALL_IS, type CallTable } from './call-table.js';
import { Crowd } from './crowd.js';
import type { Kernel } from './kernel.js';
import type { Lookahead } from './lookahead.js';
import { EVENT, type VirtualWindow } from './model.js';
import { Station, type Drawing } from './station.js';

/**
 * A service that is taken to have a worker for every call: when a call begins, its end is known. That is true as long as
 * calls do not outnumber the workers, which is watched; once they do, the trial has to be begun anew, step by step.
 */
export class AmpleStation extends Station {
  private readonly crowd: Crowd;
  private readonly mistaken: () => void;

  /** @param mistaken told when it should have had a queue */
  constructor(
    service: Service,
    parts: { kernel: Kernel; calls: CallTable; callers: readonly Drawing[]; window: VirtualWindow },
    { calls, longest }: Lookahead,
    mistaken: () => void,
  ) {
    super(service, parts.kernel, parts.calls, parts.callers, parts.window);
    this.crowd = new Crowd(parts.kernel, longest, calls);
    this.mistaken = mistaken;
  }

  override get peakInProgress(): number {
    return this.crowd.peak;
  }

  override get peakConnections(): number {
    return this.crowd.peakHeard;
  }

  /** A call is sure to come and to be served. @param moments its beginning at i, and its end next to it */
  foresee(moments: Float64Array, i: number): void {
    const from = moments[i]!;
    const to = moments[i + 1]!;
    this.crowd.add(moments, i);
    this.countBusy(from, to);
    if (this.crowd.peak > this.workers) this.mistaken();
  }

  override arrive(call: number): number {
    const { calls, kernel } = this;
    const { now } = kernel;
    calls.setAt(call, CALL.startedAt, now);
    calls.mark(call, CALL_IS.inProgress);
    const ms = this.latencyOf(call);
    if (ms > this.crowd.horizon) this.mistaken();
    else this.crowd.add(Float64Array.of(now, now + ms), 0);
    kernel.plan(now + ms, EVENT.served, call);
    return ms;
  }

  override disconnect(): void {}

  override leave(startedAt: number): void {
    this.countBusy(startedAt, this.kernel.now);
  }

  override abandon(call: number): boolean {
    this.unhear(this.kernel.now, this.calls.at(call, CALL.startedAt) + this.latencyOf(call));
    return false;
  }

  /** The caller goes away from a call before it ends. */
  unhear(from: number, to: number): void {
    if (!this.crowd.unhear(from, to)) this.mistaken();
  }

  /** The trial is over: nothing came after it. */
  close(): void {
    this.crowd.close();
    if (this.crowd.peak > this.workers) this.mistaken();
  }

  private latencyOf(call: number): number {
    const { draws } = this.callers[this.calls.get(call, CALL.caller)]!;
    return draws.latency(this.calls.get(call, CALL.request), this.calls.get(call, CALL.number));
  }
}
