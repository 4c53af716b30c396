import { areToldApart, type EventStream } from '../../scenarios/call-graph.js';
import type { Deliveries } from './deliveries.js';
import type { EventQueue } from './event-queue.js';
import { EventTally } from './event-tally.js';
import type { IndependentConsumer } from './independent-consumer.js';
import { MessageOrder } from './message-order.js';
import { DELIVERY, MESSAGE, MESSAGE_IS, type MessageTable } from './message-table.js';
import type { VirtualWindow } from './model.js';
import { REQUEST_IS, type RequestTable } from './request-table.js';
import type { Server } from './server.js';
import type { Subscriptions } from './subscriptions.js';

/** What the books are kept of. */
export interface MessageBooksParts {
  queue: EventQueue;
  requests: RequestTable;
  server: Server;
  window: VirtualWindow;
  streams: readonly EventStream[];
  subscriptions: Subscriptions;
  deliveries: Deliveries;
  /** Whether some stream has several messages for a request. */
  hasOrder: boolean;
  /** Whether some deliveries are lost on purpose. */
  loses: boolean;
  /** Told of a delivery that a reply waits for, once it is known what becomes of it. */
  settled: (delivery: number, ok: boolean) => void;
}

/** The books of messages: what becomes of each at every consumer, and so of the message and its request. */
export class MessageBooks {
  /** Of all messages together. */
  readonly tally: EventTally;
  /** By stream: that of its messages, where the events of a transaction are told one by one; and all that they are counted in. */
  readonly ofStreams: readonly EventTally[];
  private readonly tallies: readonly (readonly EventTally[])[];
  private readonly parts: MessageBooksParts;
  private readonly deliveries: Deliveries;
  private readonly messages: MessageTable;
  private readonly requests: RequestTable;
  private readonly order = new MessageOrder();
  /** Messages that some consumer has not done with, as far as is known. */
  private unfinished = 0;

  constructor(parts: MessageBooksParts) {
    this.parts = parts;
    this.deliveries = parts.deliveries;
    this.messages = parts.deliveries.messages;
    this.requests = parts.requests;
    const { streams, window, loses } = parts;
    this.tally = new EventTally(window, loses);
    this.ofStreams = areToldApart(streams) ? streams.map(() => new EventTally(window, loses)) : [];
    this.tallies = streams.map((_, stream) => [this.tally, ...this.ofStreams.slice(stream, stream + 1)]);
  }

  /** Nothing waits for a consumer, or is in progress there. */
  get isIdle(): boolean {
    return this.unfinished === 0;
  }

  /** The flow of a request begins: none of the messages of its order has. */
  beginOrder(request: number): void {
    const { length } = this.parts.subscriptions.consumers;
    if (this.parts.hasOrder) this.order.forget(request * length, length);
  }

  /** A message is published and acknowledged. @param isDelayed nobody is to begin with it at once */
  published(request: number, stream: number, isDelayed: boolean): void {
    const isMeasured = this.requests.isMeasured(request);
    for (const tally of this.tallies[stream]!) {
      if (isMeasured) tally.acknowledged++;
      if (!isDelayed) tally.meter.arrive(this.parts.queue.now);
    }
  }

  /** Nobody hears a message: all is done with it at once. */
  unheard(request: number, stream: number): void {
    const { now } = this.parts.queue;
    for (const tally of this.tallies[stream]!) {
      tally.meter.leave(now, now, true);
      if (this.requests.isMeasured(request)) tally.processed++;
    }
    this.requests.noteWork(request, now);
  }

  /** What becomes of a message is sure when it is published: it needs no rows. */
  foreseen(request: number, stream: number, consumers: readonly IndependentConsumer[]): void {
    const { requests, parts: { queue: { now } } } = this;
    const isMeasured = requests.isMeasured(request);
    let isPending = false;
    let begunAt = now;
    let endedAt = now;
    for (let i = 0; i < consumers.length; i++) {
      const consumer = consumers[i]!;
      consumer.account(isMeasured);
      if (consumer.isLeftWaiting) isPending = true;
      else {
        begunAt = Math.max(begunAt, consumer.beginsAt);
        endedAt = Math.max(endedAt, consumer.endsAt);
      }
    }
    requests.noteWork(request, endedAt);
    if (isPending) return this.foreseenWaiting(request, stream, isMeasured);
    for (const tally of this.tallies[stream]!) {
      tally.meter.leave(endedAt, now, true);
      if (!isMeasured) continue;
      tally.lag.add(begunAt - now);
      tally.processed++;
    }
  }

  /** Some consumer will not begin with a message before the trial is over: the bus is never idle again. */
  private foreseenWaiting(request: number, stream: number, isMeasured: boolean): void {
    this.unfinished++;
    this.requests.mark(request, REQUEST_IS.pending);
    if (isMeasured) for (const { lag } of this.tallies[stream]!) lag.addSince(this.parts.queue.now);
  }

  /** A message has consumers, who will be done with it some time. */
  heard(request: number): void {
    this.requests.hold(request);
    this.unfinished++;
  }

  /** A first delivery is to be made, now or when it is due. */
  sent(delivery: number): void {
    if (this.requests.isMeasured(this.deliveries.rowOf(delivery))) this.deliveries.consumerOf(delivery).tally.acknowledged++;
  }

  /** A first delivery is due: it waits, and so does its message. */
  queued(delivery: number): void {
    const { deliveries, messages, parts: { queue } } = this;
    const { tally } = deliveries.consumerOf(delivery);
    tally.meter.arrive(queue.now);
    const message = deliveries.get(delivery, DELIVERY.message);
    if (deliveries.delayOf(delivery) > 0 && !messages.is(message, MESSAGE_IS.due) && deliveries.firstDueAt(delivery) === queue.now) {
      for (const all of this.talliesOf(message)) all.meter.arrive(queue.now);
    }
    messages.mark(message, MESSAGE_IS.due);
  }

  /** A worker begins with a delivery, at the moment that stands in its row. */
  begun(delivery: number): void {
    const { deliveries, messages } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const request = messages.get(message, MESSAGE.request);
    const isFirst = deliveries.get(delivery, DELIVERY.waiting) === 1;
    deliveries.set(delivery, DELIVERY.waiting, 0);
    if (!this.requests.isMeasured(request)) return;
    if (this.parts.hasOrder && deliveries.streamOf(delivery).messages > 1) this.checkOrder(delivery, message, request);
    if (!isFirst) return;
    const publishedAt = messages.at(message, MESSAGE.publishedAt);
    const { tally: own } = deliveries.consumerOf(delivery);
    const lag = deliveries.at(delivery, DELIVERY.beginsAt) - deliveries.dueAt(delivery);
    own.lag.add(lag);
    // As late as it would have begun without any delay.
    messages.raise(message, MESSAGE.begunAt, deliveries.delayOf(delivery) === 0 ? deliveries.at(delivery, DELIVERY.beginsAt) : publishedAt + lag);
    if (messages.add(message, MESSAGE.unstarted, -1) > 0) return;
    for (const all of this.talliesOf(message)) all.lag.add(messages.at(message, MESSAGE.begunAt) - publishedAt);
  }

  /** A message that begins after a later one of its order has been overtaken. */
  private checkOrder(delivery: number, message: number, request: number): void {
    const { messages, deliveries, order } = this;
    const place = request * this.parts.subscriptions.consumers.length + deliveries.get(delivery, DELIVERY.consumer);
    if (order.begin(place, messages.get(message, MESSAGE.ordinal), deliveries.at(delivery, DELIVERY.beginsAt))) return;
    if (deliveries.get(delivery, DELIVERY.overtaken) === 0) deliveries.consumerOf(delivery).tally.outOfOrder++;
    deliveries.set(delivery, DELIVERY.overtaken, 1);
    if (!messages.is(message, MESSAGE_IS.overtaken)) for (const tally of this.talliesOf(message)) tally.outOfOrder++;
    messages.mark(message, MESSAGE_IS.overtaken);
  }

  /** A delivery was handled well, which may come twice on purpose: only the first time is it processed. */
  handled(delivery: number): void {
    const { deliveries } = this;
    const times = deliveries.add(delivery, DELIVERY.processed, 1);
    if (times === 1) return this.settle(delivery, true);
    if (times > 2 || deliveries.requestOf(delivery) < 0) return;
    this.countTwice(delivery, 'duplicated');
    if (!deliveries.streamOf(delivery).inbox) this.countTwice(delivery, 'appliedTwice');
  }

  private countTwice(delivery: number, what: 'duplicated' | 'appliedTwice'): void {
    const message = this.deliveries.get(delivery, DELIVERY.message);
    this.deliveries.consumerOf(delivery).tally[what]++;
    if (!this.messages.is(message, MESSAGE_IS[what])) for (const tally of this.talliesOf(message)) tally[what]++;
    this.messages.mark(message, MESSAGE_IS[what]);
  }

  /** It is known what becomes of a delivery: it is processed, or given up. */
  settle(delivery: number, ok: boolean): void {
    const { messages, deliveries } = this;
    const { tally } = deliveries.consumerOf(delivery);
    const message = deliveries.get(delivery, DELIVERY.message);
    const request = messages.get(message, MESSAGE.request);
    const endsAt = deliveries.at(delivery, DELIVERY.endsAt);
    tally.meter.leave(endsAt, deliveries.dueAt(delivery), ok);
    messages.raise(message, MESSAGE.endedAt, endsAt);
    if (this.requests.isMeasured(request)) this.countDone(message, tally, ok);
    if (!ok) {
      messages.mark(message, MESSAGE_IS.dead);
      this.requests.mark(request, REQUEST_IS.dead);
    }
    if (deliveries.streamOf(delivery).tells === 'done') this.parts.settled(delivery, ok);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message, deliveries.firstDueAt(delivery));
  }

  private countDone(message: number, tally: EventTally, ok: boolean): void {
    if (ok) tally.processed++;
    else tally.deadLettered++;
    if (ok || this.messages.is(message, MESSAGE_IS.dead | MESSAGE_IS.lost)) return;
    for (const all of this.talliesOf(message)) all.deadLettered++;
  }

  /** A delivery is never handled, and nobody else gets it. */
  lose(delivery: number): void {
    const { deliveries, messages, requests } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const isMeasured = requests.isMeasured(deliveries.rowOf(delivery));
    requests.mark(deliveries.rowOf(delivery), REQUEST_IS.dead);
    this.noteWaiting(delivery);
    deliveries.set(delivery, DELIVERY.waiting, 0);
    deliveries.consumerOf(delivery).tally.lose(deliveries.dueAt(delivery), isMeasured);
    for (const tally of messages.is(message, MESSAGE_IS.lost) ? [] : this.talliesOf(message)) {
      tally.lose(deliveries.firstDueAt(delivery), isMeasured);
      // What is lost for one is lost, whatever else became of it.
      if (messages.is(message, MESSAGE_IS.dead) && isMeasured) tally.deadLettered--;
    }
    messages.mark(message, MESSAGE_IS.lost);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message, deliveries.firstDueAt(delivery));
    this.finish(delivery);
  }

  /** All that a message is counted in. */
  private talliesOf(message: number): readonly EventTally[] {
    return this.tallies[this.messages.get(message, MESSAGE.stream)]!;
  }

  /** What was lost with its process nobody waits for. */
  forget(): void {
    this.unfinished = 0;
  }

  /** A delivery will wait for longer than the trial lasts: so much is known, and its row is not needed any more. */
  leaveWaiting(delivery: number): void {
    const { deliveries, messages } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    this.noteWaiting(delivery);
    deliveries.set(delivery, DELIVERY.waiting, 0);
    messages.mark(message, MESSAGE_IS.pending);
    if (messages.add(message, MESSAGE.left, -1) === 0) this.complete(message, deliveries.firstDueAt(delivery));
    this.finish(delivery);
  }

  /** A first delivery has not begun: its lag runs on, if it is due. */
  private noteWaiting(delivery: number): void {
    const { deliveries, messages, requests } = this;
    const message = deliveries.get(delivery, DELIVERY.message);
    const dueAt = deliveries.dueAt(delivery);
    const isWaiting = deliveries.get(delivery, DELIVERY.waiting) === 1 && dueAt <= this.parts.queue.now;
    if (!isWaiting || !requests.isMeasured(deliveries.rowOf(delivery))) return;
    deliveries.consumerOf(delivery).tally.lag.addSince(dueAt);
    messages.setAt(message, MESSAGE.waitsSince, Math.min(dueAt, messages.at(message, MESSAGE.waitsSince)));
  }

  /** Every consumer has done with a message, or will not before the trial is over. */
  private complete(message: number, dueAt: number): void {
    const { messages } = this;
    const request = messages.get(message, MESSAGE.request);
    messages.unmark(message, MESSAGE_IS.open);
    if (messages.is(message, MESSAGE_IS.pending)) this.leavePending(message);
    // Whoever looks at what has been done cannot tell what is lost from what waits: the bus is never idle again.
    else if (messages.is(message, MESSAGE_IS.lost)) this.noteUnstarted(message);
    else this.countComplete(message, request, dueAt);
    this.requests.noteWork(request, messages.at(message, MESSAGE.endedAt));
  }

  private countComplete(message: number, request: number, dueAt: number): void {
    const { messages, requests } = this;
    const isDead = messages.is(message, MESSAGE_IS.dead);
    this.unfinished--;
    for (const tally of this.talliesOf(message)) {
      tally.meter.leave(messages.at(message, MESSAGE.endedAt), dueAt, !isDead);
      if (!isDead && requests.isMeasured(request)) tally.processed++;
    }
  }

  private leavePending(message: number): void {
    this.requests.mark(this.messages.get(message, MESSAGE.request), REQUEST_IS.pending);
    this.noteUnstarted(message);
  }

  /** Some consumer has not begun with a message: its lag runs on where it waits. Elsewhere it is that of those who have begun. */
  private noteUnstarted(message: number): void {
    const { messages, requests } = this;
    const row = messages.get(message, MESSAGE.request);
    const unstarted = messages.get(message, MESSAGE.unstarted);
    if (unstarted === 0 || !requests.isMeasured(row)) return;
    const since = messages.at(message, MESSAGE.waitsSince);
    for (const { lag } of this.talliesOf(message)) {
      if (since < Infinity) lag.addSince(since);
      else if (unstarted < messages.get(message, MESSAGE.audience)) lag.add(messages.at(message, MESSAGE.begunAt) - messages.at(message, MESSAGE.publishedAt));
    }
  }

  /** A consumer has nothing more to do with a delivery. */
  finish(delivery: number): void {
    const message = this.deliveries.get(delivery, DELIVERY.message);
    this.deliveries.give(delivery);
    if (this.messages.add(message, MESSAGE.holders, -1) === 0) this.giveMessage(message);
  }

  private giveMessage(message: number): void {
    const request = this.messages.get(message, MESSAGE.request);
    this.messages.set(message, MESSAGE.flags, 0);
    this.messages.give(message);
    this.parts.server.release(request);
  }

  /** What has not begun when the trial is over is as old as it is, at least. */
  close(): void {
    const { messages, deliveries, parts } = this;
    for (const delivery of deliveries.waiting()) this.noteWaiting(delivery);
    for (const message of messages.open()) this.leavePending(message);
    for (const { lag } of [this.tally, ...this.ofStreams, ...parts.subscriptions.consumers.map(({ tally }) => tally)]) lag.endAt(parts.queue.now);
  }
}
