import { limitOf, type Outage, type Service } from '../../scenarios/scenario.js';
import { CALL, CALL_BITS, CALL_IS, CALL_MOMENT_BITS, type CallTable } from './call-table.js';
import type { CallDraws } from './draws.js';
import { Ring } from './grow.js';
import type { Kernel } from './kernel.js';
import { EVENT, type VirtualWindow } from './model.js';

/** Whoever calls a station: its draws decide how a call fares. */
export interface Drawing {
  readonly draws: CallDraws;
}

/** The answer to a call that finds the queue full. */
export const REJECTED = -1;

/** A service: so many workers, a queue in order of arrival, a limit to the queue, and outages. */
export class Station {
  readonly service: Service;
  protected readonly kernel: Kernel;
  protected readonly calls: CallTable;
  protected readonly callers: readonly Drawing[];
  protected readonly workers: number;
  private readonly window: VirtualWindow;
  private readonly limit: number;
  private readonly outages: readonly Outage[];
  /** It never fails. */
  private readonly isPlain: boolean;
  private readonly queue = new Ring();
  private waiting = 0;
  private inProgress = 0;
  private connections = 0;
  private mostInProgress = 0;
  private mostConnections = 0;
  private busy = 0;

  constructor(service: Service, kernel: Kernel, calls: CallTable, callers: readonly Drawing[], window: VirtualWindow) {
    this.service = service;
    this.kernel = kernel;
    this.calls = calls;
    this.callers = callers;
    this.window = window;
    this.workers = limitOf(service.workers);
    this.limit = limitOf(service.queue);
    this.outages = service.outages;
    this.isPlain = service.outages.length === 0 && service.errors === 0;
  }

  /** Most calls in progress at any moment. */
  get peakInProgress(): number {
    return this.mostInProgress;
  }

  /** Most connections in use at any moment. */
  get peakConnections(): number {
    return this.mostConnections;
  }

  /** Takes a call. @returns ms until it is served; Infinity when that is not known yet; REJECTED when the queue is full */
  arrive(call: number): number {
    if (++this.connections > this.mostConnections) this.mostConnections = this.connections;
    if (this.inProgress < this.workers) return this.start(call);
    if (this.waiting >= this.limit) return REJECTED;
    this.waiting++;
    this.calls.setAt(call, CALL.arrivedAt, this.kernel.now);
    this.calls.mark(call, CALL_IS.queued);
    this.queue.push(call);
    return Infinity;
  }

  /** The caller listens no more: it has its answer, or has gone away. */
  disconnect(): void {
    this.connections--;
  }

  /** A worker has done with a call, which it had begun at a moment, and takes up the next. */
  leave(startedAt: number): void {
    this.countBusy(startedAt, this.kernel.now);
    this.inProgress--;
    if (this.queue.length > 0) this.takeNext();
  }

  /**
   * The caller has gone away from a call that waits or is in progress.
   * @returns whether the service drops it; otherwise the work will be done all the same
   */
  abandon(call: number): boolean {
    if (this.service.abandoned === 'finish') return false;
    const { calls } = this;
    if (!calls.is(call, CALL_IS.inProgress)) this.waiting--;
    else this.leave(calls.at(call, CALL.startedAt));
    calls.mark(call, CALL_IS.dropped);
    return true;
  }

  /** Counts the time so far of a call that a worker is still on when the trial ends. */
  settle(call: number): void {
    this.countBusy(this.calls.at(call, CALL.startedAt), this.kernel.now);
  }

  /** Share of the workers' time that was busy in the window; null without a limit. */
  get utilisation(): number | null {
    return this.workers === Infinity ? null : this.busy / (this.workers * (this.window.endAt - this.window.startAt));
  }

  private takeNext(): void {
    const { calls } = this;
    while (this.queue.length > 0) {
      const call = this.queue.shift();
      if (!calls.is(call, CALL_IS.dropped)) {
        this.waiting--;
        this.start(call);
        return;
      }
      // Everybody had done with it: only its place in the queue was left.
      calls.settle(call);
    }
  }

  private start(call: number): number {
    const { ints, moments } = this.calls;
    const { now } = this.kernel;
    const row = call << CALL_BITS;
    if (++this.inProgress > this.mostInProgress) this.mostInProgress = this.inProgress;
    moments[(call << CALL_MOMENT_BITS) + CALL.startedAt] = now;
    const { draws } = this.callers[ints[row + CALL.caller]!]!;
    if (!this.isPlain) return this.startTroubled(call, draws);
    ints[row + CALL.flags] = ints[row + CALL.flags]! | CALL_IS.inProgress;
    const ms = draws.latency(ints[row + CALL.request]!, ints[row + CALL.number]!);
    this.kernel.plan(now + ms, EVENT.served, call);
    return ms;
  }

  /** As `fateOf` has it for the live service. */
  private startTroubled(call: number, draws: CallDraws): number {
    const { calls, kernel } = this;
    calls.mark(call, CALL_IS.inProgress);
    const sinceStart = kernel.now - this.window.startAt;
    const outage = this.outages.find(({ from, for: length }) => sinceStart >= from && sinceStart < from + length);
    const request = calls.get(call, CALL.request);
    const number = calls.get(call, CALL.number);
    const fails = outage?.kind === 'error' || draws.fails(request, number);
    if (fails) calls.mark(call, CALL_IS.failing);
    let ms = outage?.kind === 'error' ? 0 : draws.latency(request, number);
    if (outage?.kind === 'slow') ms *= outage.factor;
    if (outage?.kind === 'hang') ms = Math.max(ms, outage.from + outage.for - sinceStart);
    kernel.plan(kernel.now + ms, EVENT.served, call);
    return ms;
  }

  /** Counts what is within the window of a time that a worker was busy. */
  protected countBusy(from: number, to: number): void {
    const { startAt, endAt } = this.window;
    if (from >= startAt && to <= endAt) this.busy += to - from;
    else this.busy += Math.max(0, Math.min(to, endAt) - Math.max(from, startAt));
  }
}
