import type { EventStream } from '../../scenarios/call-graph.js';
import { RANK } from '../../scenarios/turn.js';
import { redeliveryWait } from '../../services/call-outcome.js';
import { Deliveries } from './deliveries.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { AT_ONCE, type FaultyConsumer } from './faulty-consumer.js';
import type { IndependentConsumer } from './independent-consumer.js';
import type { AddedTime } from './machine.js';
import { MessageBooks } from './message-books.js';
import { DELIVERY, MESSAGE, OUTCOME } from './message-table.js';
import { EVENT, type VirtualWindow } from './model.js';
import type { RunOwner } from './owner.js';
import type { Uptime } from './processes.js';
import { REQUEST, type RequestTable } from './request-table.js';
import type { Publisher } from './publisher.js';
import type { Replies } from './replies.js';
import type { Server } from './server.js';
import type { Runner } from './step-runs.js';
import { Subscriptions } from './subscriptions.js';
import { NO_EFFECT, type EffectSink } from './unheard-calls.js';

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
  /** When the process of the consumers works; null: always. */
  uptime: Uptime | null;
  /** Takes to the server what its consumers tell it; null: it hears at once. */
  replies: Replies | null;
}

/** Hands every message to each of its consumers, again after a failure, until it is done or given up. */
export class Bus implements RunOwner, Publisher {
  readonly subscriptions: Subscriptions;
  readonly deliveries: Deliveries;
  readonly books: MessageBooks;
  private readonly parts: BusParts;
  private readonly events: EventQueue;
  private readonly requests: RequestTable;
  /** By stream, order and message: consumers that have done, where several have to be before there is an event. */
  private readonly done = new Map<string, number>();

  constructor(parts: BusParts) {
    const { queue, requests, streams } = parts;
    this.parts = parts;
    this.events = queue;
    this.requests = requests;
    this.subscriptions = new Subscriptions(streams);
    this.deliveries = new Deliveries(requests, this.subscriptions);
    const hasOrder = streams.some(({ messages }) => messages > 1);
    this.books = new MessageBooks({ ...parts, subscriptions: this.subscriptions, deliveries: this.deliveries, hasOrder, settled: (delivery, ok) => this.settled(delivery, ok) });
  }

  messagesOf(stream: number): number {
    return this.subscriptions.audienceOf(stream).stream.messages;
  }

  publish(request: number, stream: number, ordinal: number): void {
    this.add(request, ordinal, stream);
  }

  beginOrder(request: number): void {
    this.books.beginOrder(request);
  }

  private add(request: number, ordinal: number, stream: number): void {
    const { books, deliveries, subscriptions } = this;
    const { from, to, isDelayed, foreseeing } = subscriptions.audienceOf(stream);
    books.published(request, stream, isDelayed && subscriptions.firstDelay(stream, this.requests.get(request, REQUEST.index)) > 0);
    if (from === to) return books.unheard(request, stream);
    if (foreseeing.length > 0 && this.isForeseen(request, foreseeing)) return books.foreseen(request, stream, foreseeing);
    const message = deliveries.takeMessage(request, stream, ordinal, to - from, this.events.now);
    books.heard(request);
    for (let consumer = from; consumer < to; consumer++) {
      const delivery = deliveries.takeDelivery(message, consumer);
      const delay = deliveries.delayOf(delivery);
      books.sent(delivery);
      if (delay === 0) this.due(delivery);
      else this.events.plan(this.events.now + delay, deliveries.redeliveryTurn(delivery), EVENT.due, delivery);
    }
  }

  /** Has all of those who hear a message decide on it. @returns whether what becomes of it is sure */
  private isForeseen(request: number, consumers: readonly IndependentConsumer[]): boolean {
    const index = this.requests.get(request, REQUEST.index);
    let isSure = true;
    for (let i = 0; i < consumers.length; i++) if (!consumers[i]!.foresee(index)) isSure = false;
    return isSure;
  }

  /** A first delivery is due: it is on its way to its consumer, and queued there. */
  due(delivery: number): void {
    const { books, deliveries, events, subscriptions } = this;
    books.queued(delivery);
    const way = subscriptions.wayTo(deliveries.get(delivery, DELIVERY.consumer), deliveries.requestOf(delivery));
    if (way === 0) this.handOver(delivery);
    else events.plan(events.now + way, deliveries.redeliveryTurn(delivery), EVENT.handedOver, delivery);
  }

  /**
   * A consumer has done with a message: those that come after it get one of their own, once all that they wait for have done.
   * @returns messages that the bus takes its time for
   */
  private publishNext(delivery: number): number {
    const { deliveries, subscriptions } = this;
    deliveries.set(delivery, DELIVERY.publishing, 0);
    for (const stream of subscriptions.publishedBy(deliveries.get(delivery, DELIVERY.consumer))) {
      const message = deliveries.get(delivery, DELIVERY.message);
      const request = deliveries.messages.get(message, MESSAGE.request);
      const ordinal = deliveries.messages.get(message, MESSAGE.ordinal);
      if (!this.isDue(request, stream, ordinal)) continue;
      this.add(request, ordinal, stream);
      this.planTaken(delivery, request, stream, ordinal);
    }
    return deliveries.get(delivery, DELIVERY.publishing);
  }

  /** One more consumer has done, of those that a stream comes after. @returns whether it is the last of them */
  private isDue(request: number, stream: number, ordinal: number): boolean {
    const { done, requests } = this;
    const { after } = this.subscriptions.audienceOf(stream).stream;
    if (after.length <= 1) return true;
    const key = `${stream} ${requests.get(request, REQUEST.position)} ${ordinal}`;
    const count = (done.get(key) ?? 0) + 1;
    done.set(key, count);
    if (count < after.length) return false;
    done.delete(key);
    return true;
  }

  private planTaken(delivery: number, request: number, stream: number, ordinal: number): void {
    const { requests, events, deliveries } = this;
    const time = this.parts.publishing[stream]!;
    if (time === null) return;
    deliveries.add(delivery, DELIVERY.publishing, 1);
    const at = this.awake(events.now + time(requests.get(request, REQUEST.index), ordinal));
    events.plan(at, turnNumber(RANK.published, requests.get(request, REQUEST.position), stream, ordinal), EVENT.taken, delivery);
  }

  /** The bus has taken a message that a consumer published: with the last of them it has done with its own, and tells that. */
  taken(delivery: number): void {
    const { deliveries } = this;
    if (deliveries.add(delivery, DELIVERY.publishing, -1) > 0) return;
    if (deliveries.get(delivery, DELIVERY.telling) === 1) this.endedAtOnce(delivery);
    else this.tellOrEnd(delivery, true);
  }

  /** Work on a delivery is over: its consumer waits until the bus has taken what it tells the server of that. */
  private tellOrEnd(delivery: number, ok: boolean): void {
    const { deliveries, events, parts: { replies } } = this;
    const { tells } = deliveries.streamOf(delivery);
    if (replies === null || tells === 'nothing' || (tells === 'done' && !ok)) return this.endNow(delivery, ok);
    if (tells === 'done') this.tell(delivery, replies);
    deliveries.set(delivery, DELIVERY.outcome, ok ? OUTCOME.ok : OUTCOME.error);
    deliveries.set(delivery, DELIVERY.telling, 1);
    deliveries.set(delivery, DELIVERY.publishing, 1);
    events.plan(replies.takenAt(deliveries.rowOf(delivery), deliveries.numberOf(delivery)), deliveries.redeliveryTurn(delivery), EVENT.taken, delivery);
  }

  /** A second time, where a delivery comes twice on purpose, tells nothing new. */
  private tell(delivery: number, replies: Replies): void {
    if (this.deliveries.get(delivery, DELIVERY.isSecond) === 0) replies.tell(this.deliveries.rowOf(delivery), this.deliveries.numberOf(delivery));
  }

  /** A delivery that a reply waits for is settled: the server hears of it, where it has not been told that it went well. */
  private settled(delivery: number, ok: boolean): void {
    const { deliveries, parts: { server, replies } } = this;
    if (replies === null) server.deliveryDone(deliveries.rowOf(delivery));
    else if (!ok) this.tell(delivery, replies);
  }

  /** A delivery was held back for long enough. */
  resume(delivery: number): void {
    this.deliveries.faultyOf(delivery)?.resume(delivery);
  }

  /** A delivery comes twice on purpose. */
  comeAgain(delivery: number): void {
    if (!this.deliveries.streamOf(delivery).inbox) return this.deliveries.faultyOf(delivery)?.comeAgain(delivery);
    this.beginNow(delivery);
    this.endNow(delivery, true);
  }

  /** Another delivery has started, for which one was held back. */
  startHeld(delivery: number): void {
    this.deliveries.faultyOf(delivery)?.start(delivery);
  }

  /** A delivery is never handled: its worker has done with it, and nobody else gets it. */
  lose(delivery: number): void {
    const consumer = this.deliveries.consumerOf(delivery);
    this.books.lose(delivery);
    consumer.done?.(delivery);
  }

  /** Work of a consumer that calls a service. */
  callFor(delivery: number, runner: Runner): void {
    const { requests, deliveries } = this;
    const row = deliveries.rowOf(delivery);
    this.beginNow(delivery);
    if (this.isPoison(delivery)) return this.endAtOnce(delivery, false);
    runner.run(delivery, requests.get(row, REQUEST.index), requests.get(row, REQUEST.position), deliveries.callNumberOf(delivery));
  }

  /** Work of the consumer that runs the steps of submissions. */
  stepsFor(delivery: number): void {
    const row = this.deliveries.rowOf(delivery);
    this.beginNow(delivery);
    if (this.isPoison(delivery)) return this.endAtOnce(delivery, false);
    this.requests.set(row, REQUEST.delivery, delivery);
    this.parts.server.begin(row);
  }

  private beginNow(delivery: number): void {
    this.deliveries.setAt(delivery, DELIVERY.beginsAt, this.events.now);
    this.books.begun(delivery);
  }

  private isPoison(delivery: number): boolean {
    const { parts: { isPoison }, deliveries } = this;
    return isPoison !== null && isPoison(deliveries.requestOf(delivery), deliveries.ordinalOf(delivery));
  }

  private endAtOnce(delivery: number, ok: boolean, rank: number = AT_ONCE.ended): void {
    this.deliveries.set(delivery, DELIVERY.outcome, ok ? OUTCOME.ok : OUTCOME.error);
    this.events.planAtOnce(rank, EVENT.endedAtOnce, delivery);
  }

  /** Work on a delivery has ended as soon as it began, or its end has been told: how it went stands in its row. */
  endedAtOnce(delivery: number): void {
    this.endNow(delivery, this.deliveries.get(delivery, DELIVERY.outcome) === OUTCOME.ok);
  }

  runEnded(delivery: number, _caller: number, ok: boolean): void {
    if (ok && this.publishNext(delivery) > 0) return;
    this.tellOrEnd(delivery, ok);
  }

  private endNow(delivery: number, ok: boolean): void {
    const consumer = this.deliveries.consumerOf(delivery);
    const faulty = this.deliveries.faultyOf(delivery);
    if (faulty?.isStarting) return this.endAtOnce(delivery, ok, AT_ONCE.passed);
    this.deliveries.set(delivery, DELIVERY.telling, 0);
    this.deliveries.setAt(delivery, DELIVERY.endsAt, this.events.now);
    if (faulty !== null && this.comesAgain(delivery, faulty, ok)) return;
    this.ended(delivery, ok);
    consumer.done?.(delivery);
  }

  /** Has a delivery handled a second time where it comes twice on purpose; an inbox will know it, and be done at once. @returns whether its worker goes on */
  private comesAgain(delivery: number, faulty: FaultyConsumer, ok: boolean): boolean {
    const { deliveries, books } = this;
    const isSecond = deliveries.get(delivery, DELIVERY.isSecond) === 1;
    if (isSecond) deliveries.add(delivery, DELIVERY.attempt, -1);
    deliveries.set(delivery, DELIVERY.isSecond, 0);
    if (ok) books.handled(delivery);
    if (!ok || isSecond || !faulty.isRepeated(delivery)) return false;
    deliveries.add(delivery, DELIVERY.attempt, 1);
    deliveries.set(delivery, DELIVERY.isSecond, 1);
    faulty.repeat(delivery);
    return true;
  }

  /** A worker ends its work on a delivery, at the moment that stands in its row. */
  ended(delivery: number, ok: boolean): void {
    const { deliveries, books } = this;
    const attempt = deliveries.attemptOf(delivery);
    const { attempts, backoff } = deliveries.consumerOf(delivery).options;
    if (!ok && attempt < attempts) return this.planAgain(delivery, attempt, backoff);
    // One that was processed, and failed when it came again, has been processed.
    if (deliveries.get(delivery, DELIVERY.processed) === 0) books.settle(delivery, ok);
    books.finish(delivery);
  }

  /** @param backoff wait before the second delivery, ms */
  private planAgain(delivery: number, attempt: number, backoff: number): void {
    const { deliveries, events } = this;
    deliveries.set(delivery, DELIVERY.attempt, attempt + 1);
    const at = this.awake(deliveries.at(delivery, DELIVERY.endsAt) + redeliveryWait(backoff, attempt));
    events.plan(at, deliveries.redeliveryTurn(delivery), EVENT.handedOver, delivery);
  }

  private awake(at: number): number {
    return this.parts.uptime?.awake(at) ?? at;
  }

  /** All that a consumer has published for a delivery is taken, as far as it came to that. */
  finishPublishing(delivery: number): void {
    if (this.deliveries.get(delivery, DELIVERY.publishing) === 0) return;
    this.deliveries.set(delivery, DELIVERY.publishing, 0);
    if (this.deliveries.get(delivery, DELIVERY.telling) === 1) return this.endedAtOnce(delivery);
    if (this.parts.replies !== null && this.deliveries.streamOf(delivery).tells === 'done') this.tell(delivery, this.parts.replies);
    this.endNow(delivery, true);
  }

  /** The process of the consumers dies, and with it what it knew of those that have to be done before there is an event. */
  die(): void {
    this.done.clear();
  }

  /** A delivery comes to its consumer: for the first time, or again after it failed. It is queued at the back. */
  handOver(delivery: number): void {
    this.deliveries.consumerOf(delivery).add(delivery);
  }

  passOn(): null {
    return null;
  }

  takesEffect(): void {}

  effectSink(): EffectSink {
    return NO_EFFECT;
  }

  deadlineAt(): number {
    return Infinity;
  }

  hold(): void {}

  release(): void {}
}
