import type { EventStream } from '../../scenarios/call-graph.js';
import { RANK } from '../../scenarios/turn.js';
import { deliveryCall, redeliveryWait } from '../../services/fate.js';
import type { SimulatedConsumer } from './consumer.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EventTally } from './event-tally.js';
import type { AddedTime } from './machine.js';
import { DELIVERY, DeliveryTable, MESSAGE, MESSAGE_IS, MessageTable } from './message-table.js';
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
}

/** A stream, and the positions of those who hear it. */
interface Audience {
  stream: EventStream;
  from: number;
  to: number;
}

/** Hands every message to each of its consumers, again after a failure, until it is done or given up. */
export class Bus implements RunOwner, Publisher {
  readonly tally: EventTally;
  /** Those of one stream stand together. */
  readonly consumers: SimulatedConsumer[] = [];
  private readonly parts: BusParts;
  private readonly messages = new MessageTable();
  private readonly deliveries = new DeliveryTable();
  private readonly events: EventQueue;
  private readonly requests: RequestTable;
  /** In the order of the graph's streams. */
  private readonly audiences: Audience[];
  /** By consumer: the stream that it hears, and those that it publishes on when it has done with a message. */
  private readonly heard: number[] = [];
  private readonly published: (readonly number[])[] = [];
  private readonly hasOrder: boolean;
  private readonly order = new MessageOrder();
  /** By stream, order and message: consumers that have done, where several have to be before there is an event. */
  private readonly done = new Map<string, number>();

  constructor(parts: BusParts) {
    this.parts = parts;
    this.events = parts.queue;
    this.requests = parts.requests;
    this.tally = new EventTally(parts.window);
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
  subscribe(consumer: SimulatedConsumer, stream: number, publishes: readonly number[]): void {
    const audience = this.audiences[stream]!;
    if (audience.to === 0) audience.from = this.consumers.length;
    this.consumers.push(consumer);
    audience.to = this.consumers.length;
    this.heard.push(stream);
    this.published.push(publishes);
  }

  /** Nothing waits for a consumer, or is in progress there. */
  get isIdle(): boolean {
    return this.tally.meter.waiting === 0;
  }

  messagesOf(stream: number): number {
    return this.audiences[stream]!.stream.messages;
  }

  publish(request: number, stream: number, ordinal: number): void {
    if (ordinal === 0 && this.hasOrder) this.order.forget(request * this.consumers.length, this.consumers.length);
    this.add(request, ordinal, stream);
  }

  /** Work of a consumer that calls a service. */
  callFor(delivery: number, runner: Runner): void {
    const { deliveries, messages, requests } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const { attempts } = this.consumerOf(delivery).options;
    const number = deliveryCall(messages.get(message, MESSAGE.ordinal), deliveries.get(delivery, DELIVERY.attempt), attempts);
    this.begun(delivery, message);
    const row = messages.get(message, MESSAGE.request);
    runner.run(delivery, requests.get(row, REQUEST.index), requests.get(row, REQUEST.position), number);
  }

  /** Work of the consumer that runs the steps of submissions. */
  stepsFor(delivery: number): void {
    const message = this.deliveries.get(delivery, DELIVERY.message);
    const request = this.messages.get(message, MESSAGE.request);
    this.begun(delivery, message);
    this.requests.set(request, REQUEST.delivery, delivery);
    this.parts.server.begin(request);
  }

  runEnded(delivery: number, _caller: number, ok: boolean): void {
    const consumer = this.consumerOf(delivery);
    const { attempts } = consumer.options;
    const attempt = this.deliveries.get(delivery, DELIVERY.attempt);
    if (ok && this.publishNext(delivery) > 0) return;
    if (ok || attempt >= attempts) this.finish(delivery, consumer, ok);
    else this.planAgain(delivery, attempt, consumer);
    consumer.done();
  }

  /** The bus has taken a message that a consumer published: with the last of them it has done with its own. */
  taken(delivery: number): void {
    if (this.deliveries.add(delivery, DELIVERY.publishing, -1) > 0) return;
    const consumer = this.consumerOf(delivery);
    this.finish(delivery, consumer, true);
    consumer.done();
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
    const { messages, deliveries, requests } = this;
    const age = (message: number): number => this.events.now - messages.at(message, MESSAGE.publishedAt);
    const isMeasured = (message: number): boolean => requests.isMeasured(messages.get(message, MESSAGE.request));
    for (const message of messages.open()) {
      requests.mark(messages.get(message, MESSAGE.request), REQUEST_IS.pending);
      if (messages.get(message, MESSAGE.unstarted) > 0 && isMeasured(message)) this.tally.lag.addAtLeast(age(message));
    }
    for (const { waiting, tally } of this.consumers) {
      for (const delivery of waiting) {
        const message = deliveries.get(delivery, DELIVERY.message);
        if (deliveries.get(delivery, DELIVERY.attempt) === 1 && isMeasured(message)) tally.lag.addAtLeast(age(message));
      }
    }
  }

  private planAgain(delivery: number, attempt: number, { options }: SimulatedConsumer): void {
    const { deliveries, messages, requests, events } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const order = requests.get(messages.get(message, MESSAGE.request), REQUEST.position);
    const turn = turnNumber(RANK.redelivery, order, deliveries.get(delivery, DELIVERY.consumer), messages.get(message, MESSAGE.ordinal));
    deliveries.set(delivery, DELIVERY.attempt, attempt + 1);
    events.plan(events.now + redeliveryWait(options.backoff, attempt), turn, EVENT.redelivery, delivery);
  }

  private consumerOf(delivery: number): SimulatedConsumer {
    return this.consumers[this.deliveries.get(delivery, DELIVERY.consumer)]!;
  }

  private add(request: number, ordinal: number, stream: number): void {
    const { messages, events, tally } = this;
    const { from, to } = this.audiences[stream]!;
    const message = messages.take();
    const isMeasured = this.requests.isMeasured(request);
    messages.set(message, MESSAGE.request, request);
    messages.set(message, MESSAGE.ordinal, ordinal);
    messages.setAt(message, MESSAGE.publishedAt, events.now);
    messages.set(message, MESSAGE.left, to - from);
    messages.set(message, MESSAGE.unstarted, to - from);
    messages.set(message, MESSAGE.flags, MESSAGE_IS.open);
    this.requests.hold(request);
    tally.meter.arrive(events.now);
    if (isMeasured) tally.acknowledged++;
    if (from === to) this.complete(message);
    for (let position = from; position < to; position++) this.deliver(message, position, isMeasured);
  }

  private deliver(message: number, position: number, isMeasured: boolean): void {
    const consumer = this.consumers[position]!;
    const delivery = this.deliveries.take();
    this.deliveries.set(delivery, DELIVERY.message, message);
    this.deliveries.set(delivery, DELIVERY.consumer, position);
    this.deliveries.set(delivery, DELIVERY.attempt, 1);
    this.deliveries.set(delivery, DELIVERY.overtaken, 0);
    consumer.tally.meter.arrive(this.events.now);
    if (isMeasured) consumer.tally.acknowledged++;
    consumer.add(delivery);
  }

  /** A worker begins with a delivery. */
  private begun(delivery: number, message: number): void {
    const { messages, events, tally } = this;
    const request = messages.get(message, MESSAGE.request);
    if (!this.requests.isMeasured(request)) return;
    const position = this.deliveries.get(delivery, DELIVERY.consumer);
    if (this.hasOrder && this.audiences[this.heard[position]!]!.stream.messages > 1) this.checkOrder(delivery, message, request);
    if (this.deliveries.get(delivery, DELIVERY.attempt) > 1) return;
    const lag = events.now - messages.at(message, MESSAGE.publishedAt);
    this.consumers[position]!.tally.lag.add(lag);
    if (messages.add(message, MESSAGE.unstarted, -1) === 0) tally.lag.add(lag);
  }

  /** A message that begins after a later one of its order has been overtaken. */
  private checkOrder(delivery: number, message: number, request: number): void {
    const { messages, deliveries } = this;
    const position = deliveries.get(delivery, DELIVERY.consumer);
    if (this.order.begin(request * this.consumers.length + position, messages.get(message, MESSAGE.ordinal), this.events.now)) return;
    if (deliveries.get(delivery, DELIVERY.overtaken) === 0) this.consumers[position]!.tally.outOfOrder++;
    deliveries.set(delivery, DELIVERY.overtaken, 1);
    if (!messages.is(message, MESSAGE_IS.overtaken)) this.tally.outOfOrder++;
    messages.mark(message, MESSAGE_IS.overtaken);
  }

  private finish(delivery: number, consumer: SimulatedConsumer, ok: boolean): void {
    const { messages, deliveries, events } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const request = messages.get(message, MESSAGE.request);
    const { tells } = this.audiences[this.heard[deliveries.get(delivery, DELIVERY.consumer)]!]!.stream;
    deliveries.give(delivery);
    consumer.tally.meter.leave(events.now, messages.at(message, MESSAGE.publishedAt), ok);
    if (this.requests.isMeasured(request)) this.countDone(message, consumer.tally, ok);
    if (!ok) {
      messages.mark(message, MESSAGE_IS.dead);
      this.requests.mark(request, REQUEST_IS.dead);
    }
    if (tells === 'done') this.parts.server.deliveryDone(request);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message);
  }

  private countDone(message: number, tally: EventTally, ok: boolean): void {
    if (ok) tally.processed++;
    else tally.deadLettered++;
    if (!ok && !this.messages.is(message, MESSAGE_IS.dead)) this.tally.deadLettered++;
  }

  /** Every consumer has done with a message. */
  private complete(message: number): void {
    const { messages, events, tally, requests } = this;
    const request = messages.get(message, MESSAGE.request);
    const isDead = messages.is(message, MESSAGE_IS.dead);
    tally.meter.leave(events.now, messages.at(message, MESSAGE.publishedAt), !isDead);
    if (!isDead && requests.isMeasured(request)) tally.processed++;
    requests.noteWork(request, events.now);
    messages.set(message, MESSAGE.flags, 0);
    messages.give(message);
    this.parts.server.release(request);
  }
}
