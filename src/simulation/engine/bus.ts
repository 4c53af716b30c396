import type { EventStream } from '../../scenarios/call-graph.js';
import { RANK } from '../../scenarios/turn.js';
import { deliveryCall, redeliveryWait } from '../../services/fate.js';
import type { Consumer } from './consumer.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EventTally } from './event-tally.js';
import { AT_ONCE, type FaultyConsumer, type FaultyDeliveries } from './faulty-consumer.js';
import type { AddedTime } from './machine.js';
import { DELIVERY, DeliveryTable, MESSAGE, MESSAGE_IS, MessageTable, OUTCOME } from './message-table.js';
import { MessageOrder } from './message-order.js';
import { EVENT, type VirtualWindow } from './model.js';
import type { RunOwner } from './owner.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';
import type { Publisher, Server } from './server.js';
import type { Runner } from './step-runs.js';

/** What a bus is made of. */
export interface BusParts {
  queue: EventQueue;
  requests: RequestTable;
  server: Server;
  window: VirtualWindow;
  streams: readonly EventStream[];
  /** By stream: the time of a publish; null: none. */
  publishing: readonly (AddedTime | null)[];
  /** Whether some deliveries are lost on purpose. */
  loses: boolean;
  /** Whether a message fails at every attempt; null: none does. */
  isPoison: ((request: number, ordinal: number) => boolean) | null;
}

/** A stream, and the positions of those who hear it. */
interface Audience {
  stream: EventStream;
  from: number;
  to: number;
}

/** Who hears a stream. */
export interface Subscriber {
  consumer: Consumer;
  faulty: FaultyConsumer | null;
}

/** Hands every message to each of its consumers, again after a failure, until it is done or given up. */
export class Bus implements RunOwner, Publisher, FaultyDeliveries {
  readonly tally: EventTally;
  /** Those of one stream stand together. */
  readonly consumers: Consumer[] = [];
  readonly deliveries = new DeliveryTable();
  private readonly parts: BusParts;
  private readonly messages = new MessageTable();
  private readonly events: EventQueue;
  private readonly requests: RequestTable;
  /** In the order of the graph's streams. */
  private readonly audiences: Audience[];
  /** By consumer: the stream that it hears, and those that it publishes on when it has done with a message. */
  private readonly heard: number[] = [];
  private readonly published: (readonly number[])[] = [];
  /** By consumer: what goes wrong with its deliveries on purpose; null: nothing. */
  private readonly faulty: (FaultyConsumer | null)[] = [];
  private readonly hasOrder: boolean;
  private readonly order = new MessageOrder();
  /** By stream, order and message: consumers that have done, where several have to be before there is an event. */
  private readonly done = new Map<string, number>();
  /** Messages that some consumer has not done with, as far as is known. */
  private unfinished = 0;

  constructor(parts: BusParts) {
    this.parts = parts;
    this.events = parts.queue;
    this.requests = parts.requests;
    this.tally = new EventTally(parts.window, parts.loses);
    this.audiences = parts.streams.map((stream) => ({ stream, from: 0, to: 0 }));
    this.hasOrder = parts.streams.some(({ messages }) => messages > 1);
  }

  /** Deliveries of one stream for one request. */
  deliveriesOf(stream: number): number {
    const { stream: { messages, consumers } } = this.audiences[stream]!;
    return messages * consumers.length;
  }

  /**
   * Those of one stream come one right after the other.
   * @param stream position of the stream that it hears
   * @param publishes those of the streams that it publishes on when it has done
   */
  subscribe({ consumer, faulty }: Subscriber, stream: number, publishes: readonly number[]): void {
    const audience = this.audiences[stream]!;
    if (audience.to === 0) audience.from = this.consumers.length;
    this.consumers.push(consumer);
    audience.to = this.consumers.length;
    this.heard.push(stream);
    this.published.push(publishes);
    this.faulty.push(faulty);
  }

  /** Nothing waits for a consumer, or is in progress there. */
  get isIdle(): boolean {
    return this.unfinished === 0;
  }

  messagesOf(stream: number): number {
    return this.audiences[stream]!.stream.messages;
  }

  publish(request: number, stream: number, ordinal: number): void {
    if (ordinal === 0 && this.hasOrder) this.order.forget(request * this.consumers.length, this.consumers.length);
    this.add(request, ordinal, stream);
  }

  /** Index of the request for which a delivery is. */
  requestOf(delivery: number): number {
    return this.requests.get(this.rowOf(delivery), REQUEST.index);
  }

  /** Place of its message within the order. */
  ordinalOf(delivery: number): number {
    return this.messages.get(this.deliveries.get(delivery, DELIVERY.message), MESSAGE.ordinal);
  }

  attemptOf(delivery: number): number {
    return this.deliveries.get(delivery, DELIVERY.attempt);
  }

  /** Number of the call that is made for a delivery. */
  callNumberOf(delivery: number): number {
    return deliveryCall(this.ordinalOf(delivery), this.attemptOf(delivery), this.consumerOf(delivery).options.attempts);
  }

  /** Turn of a delivery that has been held back. */
  resumedTurn(delivery: number): number {
    const order = this.requests.get(this.rowOf(delivery), REQUEST.position);
    return turnNumber(RANK.resumed, order, this.deliveries.get(delivery, DELIVERY.consumer), this.ordinalOf(delivery));
  }

  /** A delivery was held back for long enough. */
  resume(delivery: number): void {
    this.faulty[this.deliveries.get(delivery, DELIVERY.consumer)]?.resume(delivery);
  }

  /** Another delivery has started, for which one was held back. */
  startHeld(delivery: number): void {
    this.faulty[this.deliveries.get(delivery, DELIVERY.consumer)]?.start(delivery);
  }

  /** Work on a delivery has ended as soon as it began. */
  endedAtOnce(delivery: number): void {
    this.endNow(delivery, this.deliveries.get(delivery, DELIVERY.outcome) === OUTCOME.ok);
  }

  private endAtOnce(delivery: number, ok: boolean): void {
    this.deliveries.set(delivery, DELIVERY.outcome, ok ? OUTCOME.ok : OUTCOME.error);
    this.events.plan(this.events.now, AT_ONCE.ended, EVENT.endedAtOnce, delivery);
  }

  /** A delivery is never handled: its worker has done with it, and nobody else gets it. */
  lose(delivery: number): void {
    const { deliveries, messages, requests, tally } = this;
    const consumer = this.consumerOf(delivery);
    const message = deliveries.get(delivery, DELIVERY.message);
    const publishedAt = messages.at(message, MESSAGE.publishedAt);
    const isMeasured = requests.isMeasured(this.rowOf(delivery));
    requests.mark(this.rowOf(delivery), REQUEST_IS.dead);
    deliveries.set(delivery, DELIVERY.waiting, 0);
    consumer.tally.lose(publishedAt, isMeasured);
    if (!messages.is(message, MESSAGE_IS.lost)) {
      tally.lose(publishedAt, isMeasured);
      // What is lost for one is lost, whatever else became of it.
      if (messages.is(message, MESSAGE_IS.dead) && isMeasured) tally.deadLettered--;
    }
    messages.mark(message, MESSAGE_IS.lost);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message);
    this.finish(delivery);
    consumer.done?.();
  }

  /** Work of a consumer that calls a service. */
  callFor(delivery: number, runner: Runner): void {
    const { requests } = this;
    const row = this.rowOf(delivery);
    this.beginNow(delivery);
    if (this.isPoison(delivery)) return this.endAtOnce(delivery, false);
    runner.run(delivery, requests.get(row, REQUEST.index), requests.get(row, REQUEST.position), this.callNumberOf(delivery));
  }

  /** Work of the consumer that runs the steps of submissions. */
  stepsFor(delivery: number): void {
    const row = this.rowOf(delivery);
    this.beginNow(delivery);
    if (this.isPoison(delivery)) return this.endAtOnce(delivery, false);
    this.requests.set(row, REQUEST.delivery, delivery);
    this.parts.server.begin(row);
  }

  runEnded(delivery: number, _caller: number, ok: boolean): void {
    if (ok && this.publishNext(delivery) > 0) return;
    this.endNow(delivery, ok);
  }

  /** The bus has taken a message that a consumer published: with the last of them it has done with its own. */
  taken(delivery: number): void {
    if (this.deliveries.add(delivery, DELIVERY.publishing, -1) === 0) this.endNow(delivery, true);
  }

  private endNow(delivery: number, ok: boolean): void {
    const consumer = this.consumerOf(delivery);
    const faulty = this.faulty[this.deliveries.get(delivery, DELIVERY.consumer)]!;
    if (faulty?.isStarting) return this.endAtOnce(delivery, ok);
    this.deliveries.setAt(delivery, DELIVERY.endsAt, this.events.now);
    if (faulty !== null && this.comesAgain(delivery, consumer, faulty, ok)) return;
    this.ended(delivery, ok);
    consumer.done?.();
  }

  private isPoison(delivery: number): boolean {
    const { isPoison } = this.parts;
    return isPoison !== null && isPoison(this.requestOf(delivery), this.ordinalOf(delivery));
  }

  /** Handles a delivery a second time where it comes twice on purpose; an inbox knows it, and is done at once. @returns whether its worker goes on */
  private comesAgain(delivery: number, consumer: Consumer, faulty: FaultyConsumer, ok: boolean): boolean {
    const { deliveries } = this;
    const isSecond = deliveries.get(delivery, DELIVERY.isSecond) === 1;
    if (isSecond) deliveries.add(delivery, DELIVERY.attempt, -1);
    deliveries.set(delivery, DELIVERY.isSecond, 0);
    if (ok) this.countHandled(delivery, consumer);
    if (!ok || isSecond || !faulty.isRepeated(delivery)) return false;
    if (this.streamOf(delivery).inbox) {
      this.beginNow(delivery);
      this.countHandled(delivery, consumer);
      return false;
    }
    deliveries.add(delivery, DELIVERY.attempt, 1);
    deliveries.set(delivery, DELIVERY.isSecond, 1);
    faulty.repeat(delivery);
    return true;
  }

  private countHandled(delivery: number, consumer: Consumer): void {
    const times = this.deliveries.add(delivery, DELIVERY.processed, 1);
    if (times === 1) return this.settle(delivery, consumer, true);
    if (times > 2 || this.requestOf(delivery) < 0) return;
    const message = this.deliveries.get(delivery, DELIVERY.message);
    this.countTwice(message, consumer.tally, 'duplicated');
    if (!this.streamOf(delivery).inbox) this.countTwice(message, consumer.tally, 'appliedTwice');
  }

  private countTwice(message: number, tally: EventTally, what: 'duplicated' | 'appliedTwice'): void {
    tally[what]++;
    if (!this.messages.is(message, MESSAGE_IS[what])) this.tally[what]++;
    this.messages.mark(message, MESSAGE_IS[what]);
  }

  /** The stream that a delivery comes from. */
  private streamOf(delivery: number): EventStream {
    return this.audiences[this.heard[this.deliveries.get(delivery, DELIVERY.consumer)]!]!.stream;
  }

  /** A worker ends its work on a delivery, at the moment that stands in its row. */
  ended(delivery: number, ok: boolean): void {
    const consumer = this.consumerOf(delivery);
    const attempt = this.deliveries.get(delivery, DELIVERY.attempt);
    if (!ok && attempt < consumer.options.attempts) return this.planAgain(delivery, attempt, consumer);
    // One that was processed, and failed when it came again, has been processed.
    if (this.deliveries.get(delivery, DELIVERY.processed) === 0) this.settle(delivery, consumer, ok);
    this.finish(delivery);
  }

  /**
   * A consumer has done with a message: those that come after it get one of their own, once all that they wait for have done.
   * @returns messages that the bus takes its time for
   */
  private publishNext(delivery: number): number {
    const { deliveries, messages, requests, done } = this;
    deliveries.set(delivery, DELIVERY.publishing, 0);
    for (const stream of this.published[deliveries.get(delivery, DELIVERY.consumer)]!) {
      const message = deliveries.get(delivery, DELIVERY.message);
      const request = messages.get(message, MESSAGE.request);
      const ordinal = messages.get(message, MESSAGE.ordinal);
      const { after } = this.audiences[stream]!.stream;
      if (after.length > 1) {
        const key = `${stream} ${requests.get(request, REQUEST.position)} ${ordinal}`;
        const count = (done.get(key) ?? 0) + 1;
        done.set(key, count);
        if (count < after.length) continue;
        done.delete(key);
      }
      this.add(request, ordinal, stream);
      this.planTaken(delivery, request, stream, ordinal);
    }
    return deliveries.get(delivery, DELIVERY.publishing);
  }

  private planTaken(delivery: number, request: number, stream: number, ordinal: number): void {
    const { requests, events, deliveries } = this;
    const time = this.parts.publishing[stream]!;
    if (time === null) return;
    deliveries.add(delivery, DELIVERY.publishing, 1);
    const at = events.now + time(requests.get(request, REQUEST.index), ordinal);
    events.plan(at, turnNumber(RANK.published, requests.get(request, REQUEST.position), stream, ordinal), EVENT.taken, delivery);
  }

  /** A delivery that failed is queued again, at the back. */
  again(delivery: number): void {
    this.consumerOf(delivery).add(delivery);
  }

  passOn(): null {
    return null;
  }

  takesEffect(): void {}

  hold(): void {}

  release(): void {}

  /** What has not begun when the trial is over is as old as it is, at least. */
  close(): void {
    const { messages, deliveries } = this;
    for (const message of messages.open()) this.leavePending(message);
    for (const delivery of deliveries.waiting()) this.noteWaiting(delivery);
    for (const { lag } of [this.tally, ...this.consumers.map(({ tally }) => tally)]) lag.endAt(this.events.now);
  }

  /** A delivery will wait for longer than the trial lasts: so much is known, and its row is not needed any more. */
  leaveWaiting(delivery: number): void {
    const { deliveries, messages } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    this.noteWaiting(delivery);
    deliveries.set(delivery, DELIVERY.waiting, 0);
    messages.mark(message, MESSAGE_IS.pending);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message);
    this.finish(delivery);
  }

  private noteWaiting(delivery: number): void {
    const { deliveries, messages, requests } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    if (deliveries.get(delivery, DELIVERY.waiting) === 0 || !requests.isMeasured(this.rowOf(delivery))) return;
    this.consumerOf(delivery).tally.lag.addSince(messages.at(message, MESSAGE.publishedAt));
  }

  private leavePending(message: number): void {
    const { messages, requests } = this;
    const row = messages.get(message, MESSAGE.request);
    requests.mark(row, REQUEST_IS.pending);
    // What is lost has been said not to have begun.
    const isUnstarted = messages.get(message, MESSAGE.unstarted) > 0 && !messages.is(message, MESSAGE_IS.lost);
    if (isUnstarted && requests.isMeasured(row)) this.tally.lag.addSince(messages.at(message, MESSAGE.publishedAt));
  }

  private planAgain(delivery: number, attempt: number, { options }: Consumer): void {
    const { deliveries, messages, requests, events } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const order = requests.get(messages.get(message, MESSAGE.request), REQUEST.position);
    const turn = turnNumber(RANK.redelivery, order, deliveries.get(delivery, DELIVERY.consumer), messages.get(message, MESSAGE.ordinal));
    deliveries.set(delivery, DELIVERY.attempt, attempt + 1);
    const at = deliveries.at(delivery, DELIVERY.endsAt) + redeliveryWait(options.backoff, attempt);
    events.plan(at, turn, EVENT.redelivery, delivery);
  }

  consumerOf(delivery: number): Consumer {
    return this.consumers[this.deliveries.get(delivery, DELIVERY.consumer)]!;
  }

  private rowOf(delivery: number): number {
    return this.messages.get(this.deliveries.get(delivery, DELIVERY.message), MESSAGE.request);
  }

  private add(request: number, ordinal: number, stream: number): void {
    const { messages, events, tally } = this;
    const { from, to } = this.audiences[stream]!;
    const isMeasured = this.requests.isMeasured(request);
    if (isMeasured) tally.acknowledged++;
    tally.meter.arrive(events.now);
    if (from === to) return this.unheard(request, isMeasured);
    const message = messages.take();
    messages.set(message, MESSAGE.request, request);
    messages.set(message, MESSAGE.ordinal, ordinal);
    messages.setAt(message, MESSAGE.publishedAt, events.now);
    messages.setAt(message, MESSAGE.begunAt, events.now);
    messages.setAt(message, MESSAGE.endedAt, events.now);
    messages.set(message, MESSAGE.left, to - from);
    messages.set(message, MESSAGE.holders, to - from);
    messages.set(message, MESSAGE.unstarted, to - from);
    messages.set(message, MESSAGE.flags, MESSAGE_IS.open);
    this.requests.hold(request);
    this.unfinished++;
    for (let position = from; position < to; position++) this.deliver(message, position, isMeasured);
  }

  /** Nobody hears a message: all is done with it at once. */
  private unheard(request: number, isMeasured: boolean): void {
    const { now } = this.events;
    this.tally.meter.leave(now, now, true);
    if (isMeasured) this.tally.processed++;
    this.requests.noteWork(request, now);
  }

  private deliver(message: number, position: number, isMeasured: boolean): void {
    const consumer = this.consumers[position]!;
    const delivery = this.deliveries.take();
    this.deliveries.set(delivery, DELIVERY.message, message);
    this.deliveries.set(delivery, DELIVERY.consumer, position);
    this.deliveries.set(delivery, DELIVERY.attempt, 1);
    this.deliveries.set(delivery, DELIVERY.overtaken, 0);
    this.deliveries.set(delivery, DELIVERY.waiting, 1);
    this.deliveries.set(delivery, DELIVERY.processed, 0);
    this.deliveries.set(delivery, DELIVERY.isSecond, 0);
    consumer.tally.meter.arrive(this.events.now);
    if (isMeasured) consumer.tally.acknowledged++;
    consumer.add(delivery);
  }

  private beginNow(delivery: number): void {
    this.deliveries.setAt(delivery, DELIVERY.beginsAt, this.events.now);
    this.begun(delivery);
  }

  /** A worker begins with a delivery, at the moment that stands in its row. */
  begun(delivery: number): void {
    const { deliveries, messages, tally } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const request = messages.get(message, MESSAGE.request);
    const isFirst = deliveries.get(delivery, DELIVERY.waiting) === 1;
    deliveries.set(delivery, DELIVERY.waiting, 0);
    if (!this.requests.isMeasured(request)) return;
    const position = deliveries.get(delivery, DELIVERY.consumer);
    if (this.hasOrder && this.audiences[this.heard[position]!]!.stream.messages > 1) this.checkOrder(delivery, message, request);
    if (!isFirst) return;
    const publishedAt = messages.at(message, MESSAGE.publishedAt);
    this.consumers[position]!.tally.lag.add(deliveries.at(delivery, DELIVERY.beginsAt) - publishedAt);
    messages.raise(message, MESSAGE.begunAt, deliveries.at(delivery, DELIVERY.beginsAt));
    if (messages.add(message, MESSAGE.unstarted, -1) === 0) tally.lag.add(messages.at(message, MESSAGE.begunAt) - publishedAt);
  }

  /** A message that begins after a later one of its order has been overtaken. */
  private checkOrder(delivery: number, message: number, request: number): void {
    const { messages, deliveries } = this;
    const position = deliveries.get(delivery, DELIVERY.consumer);
    const beginsAt = deliveries.at(delivery, DELIVERY.beginsAt);
    if (this.order.begin(request * this.consumers.length + position, messages.get(message, MESSAGE.ordinal), beginsAt)) return;
    if (deliveries.get(delivery, DELIVERY.overtaken) === 0) this.consumers[position]!.tally.outOfOrder++;
    deliveries.set(delivery, DELIVERY.overtaken, 1);
    if (!messages.is(message, MESSAGE_IS.overtaken)) this.tally.outOfOrder++;
    messages.mark(message, MESSAGE_IS.overtaken);
  }

  /** A consumer has nothing more to do with a delivery. */
  private finish(delivery: number): void {
    const message = this.deliveries.get(delivery, DELIVERY.message);
    this.deliveries.give(delivery);
    if (this.messages.add(message, MESSAGE.holders, -1) === 0) this.giveMessage(message);
  }

  /** It is known what becomes of a delivery: it is processed, or given up. */
  private settle(delivery: number, consumer: Consumer, ok: boolean): void {
    const { messages, deliveries } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const request = messages.get(message, MESSAGE.request);
    const endsAt = deliveries.at(delivery, DELIVERY.endsAt);
    consumer.tally.meter.leave(endsAt, messages.at(message, MESSAGE.publishedAt), ok);
    messages.raise(message, MESSAGE.endedAt, endsAt);
    if (this.requests.isMeasured(request)) this.countDone(message, consumer.tally, ok);
    if (!ok) {
      messages.mark(message, MESSAGE_IS.dead);
      this.requests.mark(request, REQUEST_IS.dead);
    }
    if (this.streamOf(delivery).tells === 'done') this.parts.server.deliveryDone(request);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message);
  }

  private countDone(message: number, tally: EventTally, ok: boolean): void {
    if (ok) tally.processed++;
    else tally.deadLettered++;
    if (!ok && !this.messages.is(message, MESSAGE_IS.dead | MESSAGE_IS.lost)) this.tally.deadLettered++;
  }

  /** Every consumer has done with a message, or will not before the trial is over. */
  private complete(message: number): void {
    const { messages } = this;
    const request = messages.get(message, MESSAGE.request);
    messages.unmark(message, MESSAGE_IS.open);
    if (messages.is(message, MESSAGE_IS.pending)) this.leavePending(message);
    // Whoever looks at what has been done cannot tell what is lost from what waits: the bus is never idle again.
    else if (!messages.is(message, MESSAGE_IS.lost)) this.countComplete(message, request);
    this.requests.noteWork(request, messages.at(message, MESSAGE.endedAt));
  }

  private giveMessage(message: number): void {
    const request = this.messages.get(message, MESSAGE.request);
    this.messages.set(message, MESSAGE.flags, 0);
    this.messages.give(message);
    this.parts.server.release(request);
  }

  private countComplete(message: number, request: number): void {
    const { messages, tally, requests } = this;
    const isDead = messages.is(message, MESSAGE_IS.dead);
    this.unfinished--;
    tally.meter.leave(messages.at(message, MESSAGE.endedAt), messages.at(message, MESSAGE.publishedAt), !isDead);
    if (!isDead && requests.isMeasured(request)) tally.processed++;
  }
}
