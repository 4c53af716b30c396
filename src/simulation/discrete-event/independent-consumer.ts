import { takesPart } from '../../scenarios/draw.js';
import { callsOf, type CallGraph, type ServiceCall, type StreamConsumer } from '../../scenarios/call-graph.js';
import type { Service } from '../../scenarios/scenario.js';
import { RANK } from '../../scenarios/turn.js';
import type { Bus } from './bus.js';
import { CALL, CALL_IS, CallTable } from './call-table.js';
import { CallerTally } from './caller-tally.js';
import type { Consumer, ConsumerOptions } from './consumer.js';
import type { Deliveries } from './deliveries.js';
import { Departures } from './departures.js';
import type { CallDraws } from './draws.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EventTally } from './event-tally.js';
import { DELIVERY, OUTCOME } from './message-table.js';
import { EVENT, type VirtualWindow } from './model.js';
import type { Scalers } from './scalers.js';
import { ARRIVAL, FifoStation } from './station.js';
import { Peak } from './tables.js';

/** What an independent consumer works with. */
export interface IndependentConsumerParts {
  queue: EventQueue;
  bus: Bus;
  window: VirtualWindow;
  seed: number;
  draws: CallDraws;
  scalers: Scalers;
  /** Its place among the consumers. */
  position: number;
}

/** Its calls are made one at a time: the row in which one is written. */
const ROW = 0;

/** What is decided of a delivery: when a worker begins with it, and ends. In an array, because a number with a fraction may have to become an object. */
const BEGINS = 0;
const ENDS = 1;

/**
 * A consumer whose work comes back to nobody: neither a request nor another consumer waits for it, or for the service that it
 * calls. So all that becomes of a delivery is known when it is queued: it begins when the worker who is free first is free, and
 * its call when a worker of the service is (two stations of Kiefer and Wolfowitz, one around the other). What lies within the
 * window will happen and is accounted for at once; what comes later is planned, because the trial may be over by then.
 */
export class IndependentConsumer implements Consumer {
  readonly options: ConsumerOptions;
  readonly tally: EventTally;
  readonly calls: CallerTally;
  readonly station: FifoStation;
  private readonly call: ServiceCall;
  private readonly parts: IndependentConsumerParts;
  private readonly deliveries: Deliveries;
  private readonly window: VirtualWindow;
  private readonly row = new CallTable();
  readonly draws: CallDraws;
  /** When the workers who are not free will be. */
  private readonly free = new Departures();
  private readonly listening: Peak;
  private readonly decided = new Float64Array(2);
  private outcome: number = OUTCOME.skipped;
  /** What was decided last is of a delivery that has not been queued yet. */
  private isForeseen = false;

  constructor(options: ConsumerOptions, call: ServiceCall, service: Service, parts: IndependentConsumerParts) {
    const { draws, window } = parts;
    this.options = options;
    this.call = call;
    this.parts = parts;
    this.deliveries = parts.bus.deliveries;
    this.window = window;
    this.tally = new EventTally(window);
    this.calls = new CallerTally(window);
    this.draws = draws;
    this.station = new FifoStation(service, { queue: parts.queue, calls: this.row, callers: [this], window, seed: parts.seed, scalers: parts.scalers });
    this.listening = this.station.peakConnections;
    this.row.set(this.row.take(), CALL.caller, 0);
  }

  /** Decides the first delivery of a message, the only one of its order. @returns whether what becomes of it is sure, and can be accounted for without a row */
  foresee(request: number): boolean {
    this.isForeseen = true;
    this.decide(request, 0);
    return this.isLeftWaiting || (this.endsAt <= this.window.endAt && (this.outcome === OUTCOME.ok || this.outcome === OUTCOME.skipped));
  }

  /** A delivery was foreseen, and is sure: it is accounted for. */
  account(isMeasured: boolean): void {
    const { tally, calls, beginsAt, parts: { queue: { now } } } = this;
    this.isForeseen = false;
    tally.meter.arrive(now);
    if (!this.isLeftWaiting) tally.meter.leave(this.endsAt, now, true);
    if (!isMeasured) return;
    tally.acknowledged++;
    if (this.isLeftWaiting) return tally.lag.addSince(now);
    tally.lag.add(beginsAt - now);
    tally.processed++;
    if (this.outcome === OUTCOME.skipped) return;
    calls.calls++;
    calls.ok++;
  }

  /** Queues a delivery: all that becomes of it is decided, unless it was foreseen. */
  add(delivery: number): void {
    const { deliveries, window, parts } = this;
    if (!this.isForeseen) this.decide(deliveries.requestOf(delivery), deliveries.callNumberOf(delivery));
    this.isForeseen = false;
    if (this.isLeftWaiting) return parts.bus.books.leaveWaiting(delivery);
    const { beginsAt, outcome } = this;
    deliveries.setAt(delivery, DELIVERY.beginsAt, beginsAt);
    deliveries.setAt(delivery, DELIVERY.endsAt, this.endsAt);
    deliveries.set(delivery, DELIVERY.outcome, outcome);
    if (beginsAt <= window.endAt) this.begin(delivery);
    else parts.queue.plan(beginsAt, this.turn, EVENT.deliveryBegins, delivery);
  }

  /** A worker takes up a delivery. */
  begin(delivery: number): void {
    const { deliveries, window, parts, calls } = this;
    parts.bus.books.begun(delivery);
    if (deliveries.get(delivery, DELIVERY.outcome) !== OUTCOME.skipped && deliveries.requestOf(delivery) >= 0) calls.calls++;
    const endsAt = deliveries.at(delivery, DELIVERY.endsAt);
    if (endsAt <= window.endAt) this.end(delivery);
    else if (endsAt <= window.overBy) parts.queue.plan(endsAt, this.turn, EVENT.deliveryEnds, delivery);
  }

  /** A worker has done with a delivery. */
  end(delivery: number): void {
    const { bus } = this.parts;
    const outcome = this.deliveries.get(delivery, DELIVERY.outcome);
    const ok = outcome === OUTCOME.ok || outcome === OUTCOME.skipped;
    if (outcome !== OUTCOME.skipped && this.deliveries.requestOf(delivery) >= 0) this.count(outcome);
    bus.ended(delivery, ok);
  }

  /** It is alone at its service, which can tell ahead. */
  readonly isBackground = false;
  served(): void {}

  /** What was decided last: a worker begins with that delivery at a moment, and ends. */
  get beginsAt(): number {
    return this.decided[BEGINS]!;
  }

  get endsAt(): number {
    return this.decided[ENDS]!;
  }

  /** The trial is over before a worker begins with it. */
  get isLeftWaiting(): boolean {
    return this.beginsAt > this.window.overBy;
  }

  private decide(request: number, number: number): void {
    const { free, decided, parts, listening } = this;
    const { workers } = this.options;
    const { now } = parts.queue;
    const many = Math.min(workers, listening.most);
    if (free.length >= many) free.passTo(now, many);
    const isFull = free.length >= workers;
    decided[BEGINS] = isFull ? free.first : now;
    if (this.isLeftWaiting) return;
    this.makeCall(request, number);
    const { beginsAt, endsAt } = this;
    if (isFull) free.replaceFirst(endsAt);
    // What takes no time holds no worker.
    else if (endsAt > beginsAt) free.push(endsAt);
    if (this.outcome !== OUTCOME.skipped) listening.note(beginsAt, free.length + (endsAt > beginsAt || isFull ? 0 : 1));
  }

  /** Decides how a delivery's call goes, which is made when the delivery begins. */
  private makeCall(request: number, number: number): void {
    const { decided, row, station, call, draws, beginsAt: madeAt } = this;
    this.outcome = OUTCOME.skipped;
    decided[ENDS] = madeAt;
    if (!takesPart(draws.draws, call.share, request)) return;
    row.set(ROW, CALL.request, request);
    row.set(ROW, CALL.number, number);
    row.set(ROW, CALL.flags, 0);
    row.setAt(ROW, CALL.arrivedAt, madeAt);
    const timeoutAt = madeAt + call.timeout;
    if (station.admit(ROW) === ARRIVAL.rejected) {
      this.outcome = OUTCOME.rejected;
      decided[ENDS] = Math.min(timeoutAt, draws.heardAt(row, ROW, madeAt));
      return;
    }
    const endAt = row.at(ROW, CALL.endAt);
    const heardAt = draws.heardAt(row, ROW, endAt);
    const isLate = heardAt > timeoutAt;
    decided[ENDS] = isLate ? timeoutAt : heardAt;
    this.outcome = isLate ? OUTCOME.timeout : row.is(ROW, CALL_IS.failing) ? OUTCOME.error : OUTCOME.ok;
    if (request < 0) return;
    const startedAt = row.at(ROW, CALL.startedAt);
    this.calls.addUntil(endAt, startedAt - madeAt, endAt - startedAt);
  }

  private count(outcome: number): void {
    const { calls } = this;
    if (outcome === OUTCOME.ok) calls.ok++;
    else {
      calls.failed++;
      if (outcome === OUTCOME.timeout) calls.timeouts++;
      else if (outcome === OUTCOME.error) calls.errors++;
      else calls.rejected++;
    }
  }

  private get turn(): number {
    return turnNumber(RANK.delivery, 0, this.parts.position, 0);
  }
}

/**
 * Whether nothing that a consumer does comes back: no reply waits for it, it publishes nothing, it begins at once, and it makes one plain call to a
 * service that nobody else calls, and that takes every call and does the work it has taken.
 */
export function isIndependent({ flow, delay, scaling }: StreamConsumer, graph: CallGraph, service: Service): boolean {
  const [task, ...others] = flow;
  if (task?.kind !== 'call' || others.length > 0 || delay !== undefined || scaling !== undefined || graph.streams.some(({ tells }) => tells === 'done')) return false;
  const { call, retries, breaker, connections, rate, times, batch } = task.call;
  const isPlain = retries.attempts === 1 && breaker === null && connections === 'unlimited' && rate === undefined && times === undefined && batch === undefined;
  const isAlone = callsOf(graph).filter((other) => other.call === call).length === 1;
  return isPlain && isAlone && service.abandoned === 'finish' && service.rate === undefined && service.scaling === undefined;
}
