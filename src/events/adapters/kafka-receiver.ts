/** Receives for one subscription: records become deliveries, in order for each key, as many at once as there are workers. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudEvent, Subscription } from '../bus.js';
import type { Deliveries, Settlement } from '../deliveries.js';
import { Fifo } from '../fifo.js';
import { PullLoop } from '../pull-loop.js';
import { Turns } from '../turns.js';
import { deadTopic, groupOf, RETRY_EVERY_MS, retryTopic, type KafkaConnection } from './kafka-connection.js';
import { Member } from './kafka-member.js';
import type { Outgoing, Publisher } from './kafka-publisher.js';
import { byLeader, DUE, FAILURES, readFrom, type Incoming, type Partition } from './kafka-records.js';

/** How long a broker may wait for the first record, ms. */
const FETCH_MS = 200;
/** Events between two attempts that are kept in hand: the retry topic is not read any further meanwhile. */
const MOST_BETWEEN_ATTEMPTS = 1000;

export interface ReceiverOptions {
  connection: KafkaConnection;
  topic: string;
  publisher: Publisher;
  /** For events that are put into another topic, ms for each try. */
  publishTimeout: number;
}

export class Receiver {
  private readonly options: ReceiverOptions;
  private readonly consumer: string;
  private readonly member: Member;
  private readonly turns = new Turns();
  private readonly read = new Fifo<Incoming>();
  /** Questions to brokers that have not been answered. */
  private readonly asked = new Map<number, Promise<void>>();
  private readonly betweenAttempts = new Set<NodeJS.Timeout>();
  private readonly loop: PullLoop;
  private readonly closing: Promise<void>;
  private stop: () => void = () => {};
  private isClosed = false;
  /** Resolves once the group has given it partitions. */
  readonly joined: Promise<void>;

  constructor(subscription: Subscription, options: ReceiverOptions) {
    const { connection, topic } = options;
    const { consumer, onRefusal } = subscription;
    this.options = options;
    this.consumer = consumer;
    this.member = new Member(connection, groupOf(topic, consumer), [topic, retryTopic(topic, consumer)], (call, error) => onRefusal?.(call, error));
    this.closing = new Promise((resolve) => (this.stop = resolve));
    this.joined = this.member.join();
    this.loop = new PullLoop(subscription, (room, deliveries) => this.pull(room, deliveries));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.stop();
    for (const timer of this.betweenAttempts) clearTimeout(timer);
    await this.loop.close();
    await this.member.close([...this.asked.values()]);
  }

  private async pull(room: number, deliveries: Deliveries): Promise<void> {
    await Promise.race([this.joined, this.closing]);
    const free = room - this.turns.waiting;
    if (free <= 0) return Promise.race([this.turns.change(), this.closing]);
    if (this.read.length === 0) await this.ask();
    for (let left = free; left > 0 && this.read.length > 0; left--) this.receive(this.read.shift() as Incoming, deliveries);
  }

  /** Asks every broker that has not yet been asked, and waits for the first answer. */
  private async ask(): Promise<void> {
    const { member, asked } = this;
    const isFull = this.betweenAttempts.size >= MOST_BETWEEN_ATTEMPTS;
    const wanted = [...member.partitions.values()].filter(({ topic }) => !isFull || topic === this.options.topic);
    for (const [leader, partitions] of await byLeader(member.consumer, wanted)) {
      if (!asked.has(leader)) asked.set(leader, this.readOn(leader, partitions).finally(() => asked.delete(leader)));
    }
    const idle = asked.size === 0 ? [sleep(RETRY_EVERY_MS)] : [];
    await Promise.race([...asked.values(), ...idle, this.closing]);
  }

  private async readOn(leader: number, partitions: readonly Partition[]): Promise<void> {
    for (const record of await readFrom(this.member.consumer, leader, partitions, FETCH_MS)) this.read.push(record);
  }

  private receive(record: Incoming, deliveries: Deliveries): void {
    const { event, failures, due } = record;
    const settlement = this.settlementOf(record);
    const add = (): void => this.turns.take(event.subject, () => deliveries.add(event, failures + 1, settlement, failures));
    const wait = due - Date.now();
    if (wait <= 0) return add();
    const timer = setTimeout(() => {
      this.betweenAttempts.delete(timer);
      add();
    }, wait);
    this.betweenAttempts.add(timer);
  }

  private settlementOf({ event, offset, progress }: Incoming): Settlement {
    const { topic } = this.options;
    const finish = (): void => {
      progress.finish(offset);
      this.turns.pass(event.subject);
    };
    return {
      start: () => {
        const isOurs = this.member.isAlive && !progress.isLost;
        if (!isOurs) this.turns.pass(event.subject);
        return isOurs;
      },
      done: finish,
      dead: async () => {
        await this.forward(deadTopic(topic, this.consumer), event);
        finish();
      },
      again: async (failures, wait) => {
        const headers = { [FAILURES]: String(failures), [DUE]: String(Date.now() + wait) };
        await this.forward(retryTopic(topic, this.consumer), event, headers);
        finish();
      },
    };
  }

  /** Until the broker has taken it: it would not deliver the original again by itself. */
  private async forward(topic: string, event: CloudEvent, headers: Record<string, string> = {}): Promise<void> {
    const { publisher, publishTimeout } = this.options;
    const message: Outgoing = { topic, key: event.subject, value: JSON.stringify(event), headers };
    for (;;) {
      try {
        return await publisher.publish(message, publishTimeout);
      } catch (error) {
        if (this.isClosed) throw error;
        await sleep(RETRY_EVERY_MS);
      }
    }
  }
}
