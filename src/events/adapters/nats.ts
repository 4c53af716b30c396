/** NATS JetStream: a stream on disk, a durable pull consumer for each consumer, acknowledged one by one. */
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { connect, credsAuthenticator, nanos, nkeyAuthenticator, PermissionViolationError, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../base/errors.js';
import { accessOf, readNamed, tlsFiles } from '../access.js';
import type { Adapter, ConnectOptions } from '../adapter.js';
import { greets } from '../brokers/probe.js';
import { BUSES } from '../buses.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import type { Deliveries } from '../deliveries.js';
import { identityOf } from '../envelope.js';
import { PullLoop } from '../pull-loop.js';
import { openBus } from '../refusal.js';

/** Time after which the server delivers again what a dead consumer had in hand. A living one asks for more time. */
const ACK_WAIT_MS = 5000;
/** Publishing the same event again within this time stores it once: the server's default. */
const DUPLICATE_WINDOW_MS = 120_000;
/** What is given back at once would go to the connection that is about to close. */
const RELEASE_AFTER_MS = 100;
/**
 * How long one request for events waits for as many as there is room for, ms: the client's own default. nats-server 2.9 now and then loses a
 * request that comes as the one before it runs out, and gives nothing until heartbeats are missed: so they are not to run out often.
 */
const PULL_MS = 30_000;
/** From two of them missed on a request counts as lost, as after a restart of the server, ms: the least that the client takes. */
const HEARTBEAT_MS = 500;
/** Longest that a connection is drained for, ms. */
const DRAIN_MS = 1000;
/** Longest wait for what a stream holds, ms. */
const READ_MS = 10_000;
const DEFAULT_PORT = 4222;
const RECONNECT_MS = 100;
/** Longest silence of a server while a connection is made, ms. */
const CONNECT_MS = 5000;

export const adapter: Adapter = {
  connect: (options) =>
    openBus('nats', options.url, async ({ step, opened }) => {
      const connection = await step('connect', async () => opened(await open(options.url), (it) => it.close()));
      const manager = await step('create', () => jetstreamManager(connection));
      if (!options.existing) await step('create', () => prepare(manager, options));
      return new NatsBus(connection, manager, options);
    }),
};

async function open(address: string): Promise<NatsConnection> {
  const access = accessOf(address, BUSES.nats.authentication);
  const { url, isSecure, user, password, token, credentials, seed } = access;
  const options: NodeConnectionOptions = { servers: url, maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_MS, reconnectJitter: 0, timeout: CONNECT_MS };
  if (user !== undefined) Object.assign(options, { user, pass: password });
  if (token !== undefined) options.token = token;
  if (credentials !== undefined) options.authenticator = credsAuthenticator(readNamed(credentials));
  if (seed !== undefined) options.authenticator = nkeyAuthenticator(Buffer.from(readNamed(seed).toString().trim()));
  if (isSecure) options.tls = tlsFiles(access);
  // A client that waits for a greeting in vain never lets go of its socket.
  const { hostname, port } = new URL(url);
  await greets(hostname.replace(/^\[|\]$/g, ''), Number(port || DEFAULT_PORT), CONNECT_MS);
  return connect(options).catch((error: unknown) => {
    // Whose certificate is refused hears nothing more, and the client cannot tell why.
    throw isSecure && messageOf(error) === 'timeout' ? new Error('it ends the connection after its greeting, as who wants another certificate does') : error;
  });
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
    void this.hear();
  }

  /** What the server tells apart from any answer: who may not ask for events, or acknowledge them, gets none. */
  private async hear(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
      for (const receiver of this.receivers) receiver.denied(status.error);
    }
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
      const info = await orMissing(this.manager.consumers.info(this.options.topic, name));
      const isDone = info === null || info.num_pending + info.num_ack_pending === 0;
      floors.set(name, isDone ? Infinity : info.ack_floor.stream_seq);
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
    try {
      for (const stream of [this.options.topic, deadStream(this.options.topic)]) await orMissing(this.manager.streams.delete(stream));
    } finally {
      await this.connection.close();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    // A broker that is away would be waited for; what is not flushed is delivered again.
    await Promise.race([this.connection.drain(), sleep(DRAIN_MS, undefined, { ref: false })]).catch(() => {});
    await this.connection.close();
  }

  private async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }

  /** Identities of the stored events after a position of the stream. */
  private async storedAfter(floor: number): Promise<{ position: number; identity: string }[]> {
    const stored: { position: number; identity: string }[] = [];
    if (floor === Infinity) return stored;
    const { state } = await this.manager.streams.info(this.options.topic);
    if (floor >= state.last_seq) return stored;
    const reader = await this.client.consumers.get(this.options.topic, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: floor + 1,
    });
    const wanted = state.last_seq - floor;
    for await (const message of await reader.fetch({ max_messages: wanted, expires: READ_MS })) {
      stored.push({ position: message.seq, identity: identityOf(message.json<CloudEvent>()) });
      if (message.seq >= state.last_seq) break;
    }
    return stored;
  }
}

/** What the server says of something; null when that is not there (any more). */
async function orMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return null;
    throw error;
  }
}

/** Pulls for one subscription, and keeps what is in hand from being delivered again. */
class Receiver {
  private readonly consumer: Consumer;
  private readonly bury: (event: CloudEvent) => Promise<void>;
  private readonly inHand = new Set<JsMsg>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly loop: PullLoop;
  private readonly subscription: Subscription;
  private stopFetching: () => void = () => {};

  constructor(consumer: Consumer, subscription: Subscription, bury: (event: CloudEvent) => Promise<void>) {
    this.subscription = subscription;
    this.consumer = consumer;
    this.bury = bury;
    this.heartbeat = setInterval(() => this.askForTime(), ACK_WAIT_MS / 3);
    this.loop = new PullLoop(subscription, (room, deliveries) => this.pull(room, deliveries));
  }

  /** Whatever the user may not publish; a request for events, and an acknowledgement, name their consumer. */
  denied(error: PermissionViolationError): void {
    const { consumer, onRefusal } = this.subscription;
    const [, kind, ...names] = error.subject.split('.');
    if (names.includes(consumer)) onRefusal?.(kind === 'ACK' ? 'acknowledge' : 'read', error);
  }

  async close(): Promise<void> {
    this.stopFetching();
    await this.loop.close();
    clearInterval(this.heartbeat);
  }

  private async pull(room: number, deliveries: Deliveries): Promise<void> {
    const messages = await this.consumer.fetch({ max_messages: room, expires: PULL_MS, idle_heartbeat: HEARTBEAT_MS });
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
