/** NATS JetStream: a stream on disk, a durable pull consumer for each consumer, acknowledged one by one. */
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, UserError } from '../../base/errors.js';
import { maskUrls } from '../../base/urls.js';
import type { Adapter, ConnectOptions } from '../adapter.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import type { Deliveries } from '../deliveries.js';
import { identityOf } from '../envelope.js';
import { PullLoop } from '../pull-loop.js';

/** Time after which the server delivers again what a dead consumer had in hand. A living one asks for more time. */
const ACK_WAIT_MS = 5000;
/** Publishing the same event again within this time stores it once: the server's default. */
const DUPLICATE_WINDOW_MS = 120_000;
/** What is given back at once would go to the connection that is about to close. */
const RELEASE_AFTER_MS = 100;
const FETCH_MS = 1000;
const RECONNECT_MS = 100;

export const adapter: Adapter = {
  connect: async (options) => {
    const connection = await open(options.url);
    const manager = await jetstreamManager(connection);
    await prepare(manager, options);
    return new NatsBus(connection, manager, options);
  },
};

async function open(url: string): Promise<NatsConnection> {
  try {
    return await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_MS, reconnectJitter: 0 });
  } catch (error) {
    throw new UserError(`No NATS server answers at ${maskUrls(url)}: ${messageOf(error)}`);
  }
}

async function prepare(manager: JetStreamManager, { topic, consumers }: ConnectOptions): Promise<void> {
  const stream = { storage: StorageType.File, retention: RetentionPolicy.Limits, duplicate_window: nanos(DUPLICATE_WINDOW_MS) };
  await manager.streams.add({ ...stream, name: topic, subjects: [`${topic}.events`] });
  await manager.streams.add({ ...stream, name: deadStream(topic), subjects: [`${topic}.dead.*`] });
  for (const consumer of consumers) {
    await manager.consumers.add(topic, {
      durable_name: consumer,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ACK_WAIT_MS),
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: -1,
    });
  }
}

function deadStream(topic: string): string {
  return `${topic}-dead`;
}

class NatsBus implements Bus {
  readonly name = 'nats';
  private readonly connection: NatsConnection;
  private readonly manager: JetStreamManager;
  private readonly client: JetStreamClient;
  private readonly options: ConnectOptions;
  private readonly receivers: Receiver[] = [];
  private isClosed = false;

  constructor(connection: NatsConnection, manager: JetStreamManager, options: ConnectOptions) {
    this.connection = connection;
    this.manager = manager;
    this.client = jetstream(connection);
    this.options = options;
  }

  async publish(event: CloudEvent): Promise<void> {
    const { topic, publishTimeout } = this.options;
    if (this.isClosed) throw new Error('The bus is closed');
    await this.client.publish(`${topic}.events`, JSON.stringify(event), {
      msgID: identityOf(event),
      timeout: publishTimeout,
    });
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const consumer = await this.client.consumers.get(this.options.topic, subscription.consumer);
    const bury = async (event: CloudEvent): Promise<void> => {
      await this.client.publish(`${this.options.topic}.dead.${subscription.consumer}`, JSON.stringify(event));
    };
    this.receivers.push(new Receiver(consumer, subscription, bury));
  }

  async held(): Promise<Record<string, string[]>> {
    const floors = new Map<string, number>();
    for (const name of this.options.consumers) {
      const { num_pending, num_ack_pending, ack_floor } = await this.manager.consumers.info(this.options.topic, name);
      floors.set(name, num_pending + num_ack_pending === 0 ? Infinity : ack_floor.stream_seq);
    }
    const stored = await this.storedAfter(Math.min(...floors.values()));
    return Object.fromEntries(
      Array.from(floors, ([name, floor]) => [
        name,
        stored.filter(({ position }) => position > floor).map(({ identity }) => identity),
      ]),
    );
  }

  async remove(): Promise<void> {
    await this.stop();
    for (const stream of [this.options.topic, deadStream(this.options.topic)]) await this.manager.streams.delete(stream);
    await this.connection.close();
  }

  async close(): Promise<void> {
    await this.stop();
    // A broker that is away would be waited for; what is not flushed is delivered again.
    await Promise.race([this.connection.drain(), sleep(FETCH_MS, undefined, { ref: false })]).catch(() => {});
    await this.connection.close();
  }

  private async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }

  /** Identities of the stored events after a position of the stream. */
  private async storedAfter(floor: number): Promise<{ position: number; identity: string }[]> {
    const { state } = await this.manager.streams.info(this.options.topic);
    const stored: { position: number; identity: string }[] = [];
    if (floor >= state.last_seq) return stored;
    const reader = await this.client.consumers.get(this.options.topic, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: floor + 1,
    });
    const wanted = state.last_seq - floor;
    for await (const message of await reader.fetch({ max_messages: wanted, expires: FETCH_MS * 10 })) {
      stored.push({ position: message.seq, identity: identityOf(message.json<CloudEvent>()) });
      if (message.seq >= state.last_seq) break;
    }
    return stored;
  }
}

/** Pulls for one subscription, and keeps what is in hand from being delivered again. */
class Receiver {
  private readonly consumer: Consumer;
  private readonly bury: (event: CloudEvent) => Promise<void>;
  private readonly inHand = new Set<JsMsg>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly loop: PullLoop;
  private stopFetching: () => void = () => {};

  constructor(consumer: Consumer, subscription: Subscription, bury: (event: CloudEvent) => Promise<void>) {
    this.consumer = consumer;
    this.bury = bury;
    this.heartbeat = setInterval(() => this.askForTime(), ACK_WAIT_MS / 3);
    this.loop = new PullLoop(subscription, (room, deliveries) => this.pull(room, deliveries));
  }

  async close(): Promise<void> {
    this.stopFetching();
    await this.loop.close();
    clearInterval(this.heartbeat);
  }

  private async pull(room: number, deliveries: Deliveries): Promise<void> {
    const messages = await this.consumer.fetch({ max_messages: room, expires: FETCH_MS });
    this.stopFetching = () => messages.stop();
    for await (const message of messages) this.receive(message, deliveries);
  }

  private receive(message: JsMsg, deliveries: Deliveries): void {
    const event = message.json<CloudEvent>();
    this.inHand.add(message);
    deliveries.add(event, message.info.deliveryCount, {
      done: () => {
        this.inHand.delete(message);
        message.ack();
      },
      dead: async () => {
        this.inHand.delete(message);
        await this.bury(event);
        message.term();
      },
      release: () => message.nak(RELEASE_AFTER_MS),
    });
  }

  private askForTime(): void {
    for (const message of this.inHand) message.working();
  }
}
