import { deliveryCall, redeliveryWait } from '../../services/fate.js';
import type { Backlog } from './backlog.js';
import type { Caller } from './caller.js';
import type { Owner, Publisher } from './owner.js';
import type { SimulatedConsumer } from './consumer.js';
import { EventTally } from './event-tally.js';
import type { Kernel } from './kernel.js';
import { DELIVERY, DeliveryTable, MESSAGE, MESSAGE_IS, MessageTable } from './message-table.js';
import { EVENT, type VirtualWindow } from './model.js';
import { Order } from './order.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';
import type { Server } from './server.js';

/** What a bus is made of. */
export interface BusParts {
  kernel: Kernel;
  requests: RequestTable;
  server: Server;
  window: VirtualWindow;
  /** Time from the start of the window to the end of the trial, at most, ms. */
  longest: number;
  /** Messages of a business event. */
  messages: number;
}

/** Hands every message to each of its consumers, again after a failure, until it is done or given up. */
export class Bus implements Owner, Publisher {
  readonly tally: EventTally;
  /** Those of the business event, after the one that runs submissions, if there is one. */
  readonly consumers: SimulatedConsumer[] = [];
  /** Told when nothing waits any more. */
  drained: () => void = () => {};
  protected readonly parts: BusParts;
  private readonly messages = new MessageTable();
  private readonly deliveries = new DeliveryTable();
  protected readonly kernel: Kernel;
  protected readonly requests: RequestTable;
  /** Consumers before this position take submissions. */
  private firstBusiness = 0;
  private readonly order = new Order();

  constructor(parts: BusParts) {
    this.parts = parts;
    this.kernel = parts.kernel;
    this.requests = parts.requests;
    this.tally = new EventTally(parts.window, parts.longest);
  }

  get deliveriesPerRequest(): number {
    return (this.consumers.length - this.firstBusiness) * this.parts.messages;
  }

  /** @param caller that works for it; null: it takes submissions, not the business event */
  subscribe(consumer: SimulatedConsumer, caller: Caller | null): void {
    this.consumers.push(consumer);
    if (caller === null) this.firstBusiness = this.consumers.length;
  }

  /** Messages that some consumer has not done with. */
  get backlog(): Backlog {
    return this.tally.meter;
  }

  backlogOf(consumer: SimulatedConsumer): Backlog {
    return consumer.tally.meter;
  }

  /** The last request has ended: `drained` is told as soon as nothing waits. */
  endOnceDrained(): void {
    if (this.isIdle) this.drained();
  }

  submit(request: number): void {
    this.add(request, 0, 0, this.firstBusiness);
  }

  publish(request: number): void {
    const { messages } = this.parts;
    const { length } = this.consumers;
    if (messages > 1) this.order.forget(request * length, length);
    for (let ordinal = 0; ordinal < messages; ordinal++) this.publishOne(request, ordinal);
  }

  /** Work of a consumer that calls a service. */
  callFor(delivery: number, caller: Caller): void {
    const message = this.deliveries.get(delivery, DELIVERY.message);
    const { attempts } = this.consumerOf(delivery).options;
    const number = deliveryCall(this.messages.get(message, MESSAGE.ordinal), this.deliveries.get(delivery, DELIVERY.attempt), attempts);
    this.begun(delivery, message);
    caller.run(delivery, this.requests.get(this.messages.get(message, MESSAGE.request), REQUEST.index), number);
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
    const { attempts, backoff } = consumer.options;
    const attempt = this.deliveries.get(delivery, DELIVERY.attempt);
    if (ok || attempt >= attempts) this.finish(delivery, consumer, ok);
    else {
      this.deliveries.set(delivery, DELIVERY.attempt, attempt + 1);
      this.kernel.plan(this.kernel.now + redeliveryWait(backoff, attempt), EVENT.redelivery, delivery);
    }
    consumer.done();
  }

  /** A delivery that failed is queued again, at the back. */
  again(delivery: number): void {
    this.consumerOf(delivery).add(delivery);
  }

  passedOn(): void {}

  worked(): void {}

  leftBehind(): void {}

  forgotten(): void {}

  /** What has not begun when the trial is over is as old as it is, at least. */
  close(): void {
    const { messages, deliveries, requests } = this;
    const age = (message: number): number => this.kernel.now - messages.at(message, MESSAGE.publishedAt);
    const isMeasured = (message: number): boolean => requests.isMeasured(messages.get(message, MESSAGE.request));
    for (const message of messages.open()) {
      if (messages.get(message, MESSAGE.unstarted) > 0 && isMeasured(message)) this.tally.lag.addAtLeast(age(message));
    }
    for (const { waiting, tally } of this.consumers) {
      for (const delivery of waiting) {
        const message = deliveries.get(delivery, DELIVERY.message);
        if (deliveries.get(delivery, DELIVERY.attempt) === 1 && isMeasured(message)) tally.lag.addAtLeast(age(message));
      }
    }
  }

  /** Nothing waits. */
  protected get isIdle(): boolean {
    return this.tally.meter.waiting === 0;
  }

  protected publishOne(request: number, ordinal: number): void {
    this.add(request, ordinal, this.firstBusiness, this.consumers.length);
  }

  private consumerOf(delivery: number): SimulatedConsumer {
    return this.consumers[this.deliveries.get(delivery, DELIVERY.consumer)]!;
  }

  private add(request: number, ordinal: number, from: number, to: number): void {
    const { messages, kernel, tally } = this;
    const message = messages.take();
    const isMeasured = this.requests.isMeasured(request);
    messages.set(message, MESSAGE.request, request);
    messages.set(message, MESSAGE.ordinal, ordinal);
    messages.setAt(message, MESSAGE.publishedAt, kernel.now);
    messages.set(message, MESSAGE.left, to - from);
    messages.set(message, MESSAGE.unstarted, to - from);
    messages.set(message, MESSAGE.flags, MESSAGE_IS.open);
    this.requests.hold(request);
    tally.meter.arrive(kernel.now);
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
    consumer.tally.meter.arrive(this.kernel.now);
    if (isMeasured) consumer.tally.acknowledged++;
    consumer.add(delivery);
  }

  /** A worker begins with a delivery. */
  private begun(delivery: number, message: number): void {
    const { messages, kernel, tally } = this;
    const request = messages.get(message, MESSAGE.request);
    if (!this.requests.isMeasured(request)) return;
    const position = this.deliveries.get(delivery, DELIVERY.consumer);
    if (this.parts.messages > 1 && position >= this.firstBusiness) this.checkOrder(delivery, message, request);
    if (this.deliveries.get(delivery, DELIVERY.attempt) > 1) return;
    const lag = kernel.now - messages.at(message, MESSAGE.publishedAt);
    this.consumers[position]!.tally.lag.add(lag);
    if (messages.add(message, MESSAGE.unstarted, -1) === 0) tally.lag.add(lag);
  }

  /** A message that begins after a later one of its order has been overtaken. */
  private checkOrder(delivery: number, message: number, request: number): void {
    const { messages, deliveries } = this;
    const position = deliveries.get(delivery, DELIVERY.consumer);
    if (this.order.begin(request * this.consumers.length + position, messages.get(message, MESSAGE.ordinal))) return;
    if (deliveries.get(delivery, DELIVERY.overtaken) === 0) this.consumers[position]!.tally.outOfOrder++;
    deliveries.set(delivery, DELIVERY.overtaken, 1);
    if (!messages.is(message, MESSAGE_IS.overtaken)) this.tally.outOfOrder++;
    messages.mark(message, MESSAGE_IS.overtaken);
  }

  private finish(delivery: number, consumer: SimulatedConsumer, ok: boolean): void {
    const { messages, deliveries, kernel } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const request = messages.get(message, MESSAGE.request);
    const isBusiness = deliveries.get(delivery, DELIVERY.consumer) >= this.firstBusiness;
    deliveries.give(delivery);
    consumer.tally.meter.leave(kernel.now, ok);
    if (this.requests.isMeasured(request)) this.countDone(message, consumer.tally, ok);
    if (!ok) {
      messages.mark(message, MESSAGE_IS.dead);
      this.requests.mark(request, REQUEST_IS.dead);
    }
    if (isBusiness) this.parts.server.deliveryDone(request);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message);
  }

  private countDone(message: number, tally: EventTally, ok: boolean): void {
    if (ok) tally.processed++;
    else tally.deadLettered++;
    if (!ok && !this.messages.is(message, MESSAGE_IS.dead)) this.tally.deadLettered++;
  }

  /** Every consumer has done with a message. */
  private complete(message: number): void {
    const { messages, kernel, tally, requests } = this;
    const request = messages.get(message, MESSAGE.request);
    const isDead = messages.is(message, MESSAGE_IS.dead);
    tally.meter.leave(kernel.now, !isDead);
    if (!isDead && requests.isMeasured(request)) tally.processed++;
    requests.noteWork(request, kernel.now);
    messages.set(message, MESSAGE.flags, 0);
    messages.give(message);
    this.parts.server.release(request);
    if (this.isIdle) this.drained();
  }
}
