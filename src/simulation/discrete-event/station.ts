import { limitOf, type Service } from '../../scenarios/scenario.js';
import { behaviourOf, callOutcomeOf, type Behaviour, type CallOutcome } from '../../services/call-outcome.js';
import { RateLimiter, retryAfterOf } from '../../services/rate-limiter.js';
import { CALL, CALL_IS, CALL_MOMENT_BITS, type CallTable } from './call-table.js';
import { Departures } from './departures.js';
import type { StepResult } from '../../measurement/record.js';
import type { CallDraws } from './draws.js';
import type { EventQueue } from './event-queue.js';
import type { VirtualWindow } from './model.js';
import type { Scalers } from './scalers.js';
import { MomentRing, Peak } from './tables.js';

/** Whoever calls a station: its draws decide how a call fares. */
export interface StationCaller {
  readonly draws: CallDraws;
  /** Nobody waits for its calls, and there are services to which that makes a difference. */
  readonly isBackground: boolean;
  /** A service that could not tell ahead has done with one, at the moment in its row. */
  served(call: number): void;
}

/** What the stations of a trial have in common. */
export interface StationParts {
  seed: number;
  queue: EventQueue;
  calls: CallTable;
  callers: readonly StationCaller[];
  window: VirtualWindow;
  scalers: Scalers;
}

/** What a station says to a call: its end is known; it is not known yet; the queue is full; it came too soon. */
export const ARRIVAL = { decided: 0, taken: 1, rejected: 2, limited: 3 } as const;

/** What becomes of a call whose caller has gone away: the service drops it, or does the work: when, is known already, or not yet. */
export const LEAVING = { dropped: 0, decided: 1, undecided: 2 } as const;

/** A service: so many workers, a queue in order of arrival, a limit to the queue, errors and outages. */
export abstract class Station {
  readonly service: Service;
  /** Most calls in progress, and connections in use, at any moment. */
  readonly peakInProgress: Peak;
  readonly peakConnections: Peak;
  protected readonly parts: StationParts;
  protected readonly calls: CallTable;
  protected readonly events: EventQueue;
  protected readonly workers: number;
  protected readonly limit: number;
  /** It always works, and always works well. */
  protected readonly isSound: boolean;
  private readonly behaviour: Behaviour;
  private readonly limiter: RateLimiter | null;
  private connections = 0;
  protected busy = 0;

  constructor(service: Service, parts: StationParts) {
    this.service = service;
    this.parts = parts;
    this.peakInProgress = new Peak(parts.window.endAt);
    this.peakConnections = new Peak(parts.window.endAt);
    this.calls = parts.calls;
    this.events = parts.queue;
    this.workers = limitOf(service.workers);
    this.limit = limitOf(service.queue);
    this.isSound = service.outages.length === 0 && service.errors === 0;
    this.behaviour = behaviourOf(service, parts.seed);
    this.limiter = service.rate ? new RateLimiter(service.rate) : null;
  }

  /** Takes a call that its rate limit lets pass. @returns what becomes of it, of ARRIVAL */
  admit(call: number): number {
    const { limiter, calls, events } = this;
    if (limiter === null || limiter.take(events.now)) return this.arrive(call);
    calls.setAt(call, CALL.endAt, retryAfterOf(limiter.waitAt(events.now)));
    return ARRIVAL.limited;
  }

  /** Takes a call at the moment in its row; others, as far as they are known, go there. @returns what becomes of it, of ARRIVAL */
  protected abstract arrive(call: number): number;

  /** The caller has gone away from a call that waits, is in progress or is served. @returns what becomes of it, of LEAVING */
  abstract abandon(call: number): number;

  get now(): number {
    return this.events.now;
  }

  /** A caller listens; and listens no more: it has its answer, or has gone away. */
  connect(): void {
    this.peakConnections.note(this.events.now, ++this.connections);
  }

  disconnect(): void {
    this.connections--;
  }

  /** The number of workers where they scale; null: they do not. */
  get scaled(): StepResult['scaled'] | null {
    return null;
  }

  /** Share of the workers' time that was busy in the window; null without a limit. */
  get utilisation(): number | null {
    const { startAt, endAt } = this.parts.window;
    return this.workers === Infinity ? null : this.busy / (this.workers * (endAt - startAt));
  }

  protected callerOf(call: number): StationCaller {
    return this.parts.callers[this.calls.get(call, CALL.caller)]!;
  }

  protected drawsOf(call: number): CallDraws {
    return this.callerOf(call).draws;
  }

  /** How a call goes that a worker takes up at a moment. */
  protected callOutcomeOf(call: number, at: number): CallOutcome {
    const { calls, parts } = this;
    const { draws } = this.drawsOf(call);
    return callOutcomeOf(this.behaviour, draws, calls.get(call, CALL.request), calls.get(call, CALL.number), at - parts.window.startAt);
  }

  /** Counts what is within the window of a time that workers were busy. */
  protected countBusy(from: number, to: number, workers = 1): void {
    const { startAt, endAt } = this.parts.window;
    if (from >= startAt && to <= endAt) this.busy += (to - from) * workers;
    else this.busy += Math.max(0, Math.min(to, endAt) - Math.max(from, startAt)) * workers;
  }
}

/**
 * A service that does the work it has taken, whoever still waits for it: all that becomes of a call is known when it
 * arrives, since it begins when the worker who is free first is free (Kiefer and Wolfowitz, "On the theory of queues with
 * many servers", 1955). A worker who is free at the very moment of an arrival is free.
 */
export class FifoStation extends Station {
  /** When the workers who are not free will be. */
  private readonly free: Departures | MomentRing;
  /** When those who wait will begin, where the queue has a limit. */
  private readonly starts = new MomentRing();

  constructor(service: Service, parts: StationParts) {
    super(service, parts);
    // Calls that take equally long end in the order in which they begin.
    this.free = this.isSound && service.latency.kind === 'constant' ? new MomentRing() : new Departures();
  }

  protected arrive(call: number): number {
    const { free, calls, workers } = this;
    const { moments } = calls;
    const times = call << CALL_MOMENT_BITS;
    const now = moments[times + CALL.arrivedAt]!;
    // Otherwise there is a worker for it, and no more of them are busy than have ever been.
    const { most } = this.peakInProgress;
    if (free.length >= most) free.passTo(now, most);
    const isFull = free.length >= workers;
    if (isFull && this.isQueueFull(now)) return ARRIVAL.rejected;
    moments[times + CALL.startedAt] = isFull ? free.first : now;
    if (isFull && this.limit < Infinity) this.starts.push(moments[times + CALL.startedAt]!);
    if (this.isSound) this.drawsOf(call).addLatency(calls, call);
    else this.addTroubled(call);
    this.employ(moments[times + CALL.startedAt]!, moments[times + CALL.endAt]!, isFull);
    return ARRIVAL.decided;
  }

  abandon(): number {
    return LEAVING.decided;
  }

  /** A worker will be on a call. @param isFull it takes the place of the one that ends first */
  private employ(startedAt: number, endAt: number, isFull: boolean): void {
    const { free } = this;
    if (isFull) free.replaceFirst(endAt);
    // What takes no time holds no worker.
    else if (endAt > startedAt) free.push(endAt);
    const inProgress = free.length + (endAt > startedAt || isFull ? 0 : 1);
    this.peakInProgress.note(startedAt, inProgress);
    this.countBusy(startedAt, endAt);
  }

  private isQueueFull(now: number): boolean {
    if (this.limit === Infinity) return false;
    const { starts } = this;
    starts.passTo(now);
    return starts.length >= this.limit;
  }

  private addTroubled(call: number): void {
    const { calls } = this;
    const startedAt = calls.at(call, CALL.startedAt);
    const { ms, fails } = this.callOutcomeOf(call, startedAt);
    if (fails) calls.mark(call, CALL_IS.failing);
    calls.setAt(call, CALL.endAt, startedAt + ms);
  }
}
