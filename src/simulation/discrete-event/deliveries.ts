import type { EventStream } from '../../scenarios/call-graph.js';
import { RANK } from '../../scenarios/turn.js';
import { deliveryCall } from '../../services/call-outcome.js';
import type { Consumer } from './consumer.js';
import { turnNumber } from './event-queue.js';
import type { FaultyConsumer, FaultyDeliveries } from './faulty-consumer.js';
import { DELIVERY, DeliveryTable, MESSAGE, MESSAGE_IS, MessageTable } from './message-table.js';
import { REQUEST, type RequestTable } from './request-table.js';
import type { Subscriptions } from './subscriptions.js';

/** Deliveries with their messages: what is known of each. */
export class Deliveries extends DeliveryTable implements FaultyDeliveries {
  readonly messages = new MessageTable();
  private readonly requests: RequestTable;
  private readonly subscriptions: Subscriptions;

  constructor(requests: RequestTable, subscriptions: Subscriptions) {
    super();
    this.requests = requests;
    this.subscriptions = subscriptions;
  }

  /** Row of a message that is published at a moment, for so many consumers. */
  takeMessage(request: number, stream: number, ordinal: number, consumers: number, now: number): number {
    const { messages } = this;
    const message = messages.take();
    messages.set(message, MESSAGE.request, request);
    messages.set(message, MESSAGE.ordinal, ordinal);
    messages.set(message, MESSAGE.stream, stream);
    messages.setAt(message, MESSAGE.publishedAt, now);
    messages.setAt(message, MESSAGE.begunAt, now);
    messages.setAt(message, MESSAGE.endedAt, now);
    messages.setAt(message, MESSAGE.waitsSince, Infinity);
    messages.set(message, MESSAGE.audience, consumers);
    messages.set(message, MESSAGE.left, consumers);
    messages.set(message, MESSAGE.holders, consumers);
    messages.set(message, MESSAGE.unstarted, consumers);
    messages.set(message, MESSAGE.flags, MESSAGE_IS.open);
    return message;
  }

  /** Row of the first delivery of a message to the consumer of that position. */
  takeDelivery(message: number, consumer: number): number {
    const delivery = this.take();
    this.set(delivery, DELIVERY.message, message);
    this.set(delivery, DELIVERY.consumer, consumer);
    this.set(delivery, DELIVERY.attempt, 1);
    this.set(delivery, DELIVERY.overtaken, 0);
    this.set(delivery, DELIVERY.waiting, 1);
    this.set(delivery, DELIVERY.processed, 0);
    this.set(delivery, DELIVERY.isSecond, 0);
    this.set(delivery, DELIVERY.publishing, 0);
    this.set(delivery, DELIVERY.telling, 0);
    return delivery;
  }

  /** Row of the request for which a delivery is. */
  rowOf(delivery: number): number {
    return this.messages.get(this.get(delivery, DELIVERY.message), MESSAGE.request);
  }

  /** Index of that request. */
  requestOf(delivery: number): number {
    return this.requests.get(this.rowOf(delivery), REQUEST.index);
  }

  /** Place of its message within the order. */
  ordinalOf(delivery: number): number {
    return this.messages.get(this.get(delivery, DELIVERY.message), MESSAGE.ordinal);
  }

  /** Its number among all deliveries of its request on one stream. */
  numberOf(delivery: number): number {
    return this.ordinalOf(delivery) * this.subscriptions.consumers.length + this.get(delivery, DELIVERY.consumer);
  }

  attemptOf(delivery: number): number {
    return this.get(delivery, DELIVERY.attempt);
  }

  consumerOf(delivery: number): Consumer {
    return this.subscriptions.consumers[this.get(delivery, DELIVERY.consumer)]!;
  }

  /** How long after the publish it is due at its consumer, ms. */
  delayOf(delivery: number): number {
    return this.consumerOf(delivery).options.delay?.(this.requestOf(delivery)) ?? 0;
  }

  /** When it is due at its consumer, and its message at the first of all consumers. */
  dueAt(delivery: number): number {
    return this.messages.at(this.get(delivery, DELIVERY.message), MESSAGE.publishedAt) + this.delayOf(delivery);
  }

  firstDueAt(delivery: number): number {
    const { subscriptions } = this;
    const stream = subscriptions.streamHeardBy(this.get(delivery, DELIVERY.consumer));
    return this.messages.at(this.get(delivery, DELIVERY.message), MESSAGE.publishedAt) + subscriptions.firstDelay(stream, this.requestOf(delivery));
  }

  /** What goes wrong at its consumer on purpose; null: nothing. */
  faultyOf(delivery: number): FaultyConsumer | null {
    return this.subscriptions.faultyOf(this.get(delivery, DELIVERY.consumer));
  }

  /** The stream that a delivery comes from. */
  streamOf(delivery: number): EventStream {
    return this.subscriptions.heardBy(this.get(delivery, DELIVERY.consumer));
  }

  /** Number of the call that is made for a delivery. */
  callNumberOf(delivery: number): number {
    return deliveryCall(this.ordinalOf(delivery), this.attemptOf(delivery), this.consumerOf(delivery).options.attempts);
  }

  /** Turn of a delivery that has been held back. */
  resumedTurn(delivery: number): number {
    return this.turnOf(delivery, RANK.resumed);
  }

  /** Turn of a delivery that comes again after it failed. */
  redeliveryTurn(delivery: number): number {
    return this.turnOf(delivery, RANK.redelivery);
  }

  private turnOf(delivery: number, rank: number): number {
    const order = this.requests.get(this.rowOf(delivery), REQUEST.position);
    return turnNumber(rank, order, this.get(delivery, DELIVERY.consumer), this.ordinalOf(delivery));
  }
}
