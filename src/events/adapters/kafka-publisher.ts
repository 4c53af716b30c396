/** Publishes to Kafka: acknowledged by all replicas in sync, idempotent, one batch after another. */
import { ProduceAcks, Producer, stringSerializers, type MessageToProduce } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../within.js';
import type { KafkaConnection } from './kafka-connection.js';

/** A record to write. */
export type Outgoing = MessageToProduce<string, string, string, string> & { value: string };

interface Pending {
  message: Outgoing;
  /** When its publisher gives up, ms of this process. */
  until: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** A broker takes batches of 1 MiB unless told otherwise, headers and all. */
const BATCH_BYTES = 512 * 1024;
const CLOSE_WITHIN_MS = 1000;
const RETRIES = 50;

/**
 * What is published while a batch is under way is the next one, as in a group commit. One at a time, because the client
 * numbers a batch when it is sent and counts on when it is acknowledged: two at once would carry the same numbers.
 */
export class Publisher {
  private readonly connection: KafkaConnection;
  private producer: Producer<string, string, string, string>;
  private waiting: Pending[] = [];
  private isSending = false;
  /** The last batch that was sent. */
  private sending: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(connection: KafkaConnection) {
    this.connection = connection;
    this.producer = this.newProducer();
  }

  /** Connects, so that the first publish need not. */
  async open(): Promise<void> {
    await this.producer.initIdempotentProducer({});
  }

  /** Resolves when the record is acknowledged; rejects after `timeout` ms, though it may have been taken all the same. */
  publish(message: Outgoing, timeout: number): Promise<void> {
    const acknowledged = new Promise<void>((resolve, reject) => {
      this.waiting.push({ message, until: performance.now() + timeout, resolve, reject });
    });
    if (!this.isSending) void this.sendAll();
    return within(timeout, acknowledged);
  }

  /** What is under way may be taken or not. */
  async close(): Promise<void> {
    this.isClosed = true;
    // A broker that stands still would be waited for.
    await Promise.race([retire(this.producer, this.sending), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    for (let batch = this.take(); batch.length > 0; batch = this.take()) await this.send(batch);
    this.isSending = false;
  }

  /** The next batch: the oldest ones that somebody still waits for. */
  private take(): Pending[] {
    if (this.isClosed) return [];
    const now = performance.now();
    const waiting = this.waiting.filter(({ until }) => until > now);
    let bytes = 0;
    const full = waiting.findIndex(({ message }, at) => (bytes += message.value.length) > BATCH_BYTES && at > 0);
    this.waiting = full === -1 ? [] : waiting.splice(full);
    return waiting;
  }

  private async send(batch: Pending[]): Promise<void> {
    const patience = Math.max(...batch.map(({ until }) => until)) - performance.now();
    this.sending = this.producer.send({ messages: batch.map(({ message }) => message) });
    try {
      // Whoever waits gives up by himself, and before.
      await within(Math.ceil(patience) + 1, this.sending);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (!this.isClosed) this.renew();
      for (const { reject } of batch) reject(error);
    }
  }

  /**
   * Whether a batch that failed was taken is not known. Another one under its numbers would be acknowledged as a
   * repetition, and dropped: whoever numbers the next has to be somebody else.
   */
  private renew(): void {
    void retire(this.producer, this.sending);
    this.producer = this.newProducer();
  }

  private newProducer(): Producer<string, string, string, string> {
    return new Producer({
      ...this.connection,
      serializers: stringSerializers,
      idempotent: true,
      acks: ProduceAcks.ALL,
      // A batch is repeated under its own numbers, for about as long as somebody waits for it.
      retries: RETRIES,
    });
  }
}

/** Closes a producer once it has nothing under way: in the middle of that the client throws where nobody can catch it. */
async function retire(producer: Producer<string, string, string, string>, sending: Promise<unknown>): Promise<void> {
  await sending.catch(() => {});
  await producer.close().catch(() => {});
}
