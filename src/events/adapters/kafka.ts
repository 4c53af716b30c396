/**
 * Kafka: a topic with partitions by order, a consumer group for each consumer; events that failed wait in a topic of their
 * own, and so do those that were given up.
 */
import { Consumer } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { absentBus, type Adapter, type ConnectOptions } from '../adapter.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import { identityOf } from '../envelope.js';
import { openBus } from '../refusal.js';
import { connectionOf, groupOf, hasTopic, isDenied, prepareTopics, removeTopics, RETRY_EVERY_MS, retryTopic, type KafkaConnection } from './kafka-connection.js';
import { committedOffsets } from './kafka-member.js';
import { Progress } from './kafka-progress.js';
import { Publisher } from './kafka-publisher.js';
import { Receiver } from './kafka-receiver.js';
import { byLeader, readFrom, type Partition } from './kafka-records.js';

/** How long a broker may take to say what it holds, ms. */
const ANSWER_WITHIN_MS = 20_000;
/** Longest time in which a topic is opened, ms: its partitions have to find their leaders. */
const OPEN_WITHIN_MS = 45_000;

export const adapter: Adapter = {
  connect: (options) =>
    openBus(
      'kafka',
      options.url,
      async ({ step, opened }) => {
        const connection = connectionOf(options.url);
        if (options.existing && !(await hasTopic(connection, options, step))) return absentBus('kafka', options);
        if (!options.existing) await prepareTopics(connection, options, step);
        const publisher = opened(new Publisher(connection), (it) => it.close());
        await step('publish', () => publisher.open());
        return new KafkaBus(connection, publisher, options);
      },
      OPEN_WITHIN_MS,
    ),
};

class KafkaBus implements Bus {
  readonly name = 'kafka';
  private readonly connection: KafkaConnection;
  private readonly publisher: Publisher;
  private readonly options: ConnectOptions;
  private readonly receivers: Receiver[] = [];
  private isClosed = false;

  constructor(connection: KafkaConnection, publisher: Publisher, options: ConnectOptions) {
    this.connection = connection;
    this.publisher = publisher;
    this.options = options;
  }

  async publish(event: CloudEvent): Promise<void> {
    const { topic, publishTimeout } = this.options;
    if (this.isClosed) throw new Error('The bus is closed');
    await this.publisher.publish({ topic, key: event.subject, value: JSON.stringify(event) }, publishTimeout);
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const { connection, publisher } = this;
    const receiver = new Receiver(subscription, { ...this.options, connection, publisher });
    this.receivers.push(receiver);
    await receiver.joined;
  }

  async held(): Promise<Record<string, string[]>> {
    const { topic, consumers } = this.options;
    const held: Record<string, string[]> = {};
    for (const name of consumers) held[name] = await this.heldFor(groupOf(topic, name), [topic, retryTopic(topic, name)]);
    return held;
  }

  /** Asked again for a while: a broker that has just come back answers before it leads its partitions. */
  private async heldFor(groupId: string, topics: string[]): Promise<string[]> {
    for (const until = performance.now() + ANSWER_WITHIN_MS; ; await sleep(RETRY_EVERY_MS)) {
      const consumer = new Consumer({ ...this.connection, groupId, retries: 0 });
      try {
        return await heldBy(consumer, topics);
      } catch (error) {
        if (performance.now() > until || isDenied(error)) throw error;
      } finally {
        await consumer.close();
      }
    }
  }

  async remove(): Promise<void> {
    await this.close();
    await removeTopics(this.connection, this.options);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
    await this.publisher.close();
  }
}

/** Identities of the events after what a group remembers, the ones between two attempts included. */
async function heldBy(consumer: Consumer, topics: string[]): Promise<string[]> {
  for (const topic of topics) consumer.topics.track(topic);
  const ends = await consumer.listOffsets({ topics: [...topics] });
  const asked = Array.from(ends, ([topic, offsets]) => ({ topic, partitions: [...offsets.keys()] }));
  const committed = await committedOffsets(consumer, asked);
  const all = asked.flatMap(({ topic, partitions }) =>
    partitions.map((partition): Partition => ({ topic, partition, progress: new Progress(committed(topic, partition)) })),
  );
  const isBehind = ({ topic, partition, progress }: Partition): boolean => progress.next < (ends.get(topic)?.[partition] ?? 0n);
  const identities = new Set<string>();
  for (let left = all.filter(isBehind); left.length > 0; left = left.filter(isBehind)) {
    for (const [leader, partitions] of await byLeader(consumer, left)) {
      for (const { event } of await readFrom(consumer, leader, partitions, 0)) identities.add(identityOf(event));
    }
  }
  return [...identities];
}
