/** Redis Streams: one stream for a topic, a consumer group for each consumer; what is unacknowledged stays pending. */
import { createClient, type RedisClientOptions } from '@redis/client';
import { messageOf } from '../../base/errors.js';
import { accessOf, tlsFiles } from '../access.js';
import type { Adapter, ConnectOptions } from '../adapter.js';
import { BUSES } from '../buses.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import type { Deliveries } from '../deliveries.js';
import { identityOf } from '../envelope.js';
import { PullLoop } from '../pull-loop.js';
import { openBus } from '../refusal.js';
import { within } from '../within.js';

const RECONNECT_MS = 100;
const BLOCK_MS = 1000;
const PAGE = 1000;
/** One process works for a consumer: its next life takes up what this one had in hand under the same name. */
const WORKER = 'worker';

export const adapter: Adapter = {
  connect: (options) =>
    openBus('redis', options.url, async ({ step, opened }) => {
      const client = opened(await newClient(options.url), leave);
      await step('connect', () => client.connect());
      if (!options.existing) await step('create', () => createGroups(client, options));
      return new RedisBus(client, options);
    }),
};

type Client = Awaited<ReturnType<typeof newClient>>;

/** Not connected yet. It connects again by itself once it was connected. */
async function newClient(address: string) {
  const access = accessOf(address, BUSES.redis.authentication);
  const { url, isSecure, user, password } = access;
  const files = tlsFiles(access);
  let wasOpen = false;
  const socket: NonNullable<RedisClientOptions['socket']> = { reconnectStrategy: () => (wasOpen ? RECONNECT_MS : false) };
  if (isSecure) Object.assign(socket, { tls: true, ...files });
  const client = createClient({ url, socket, ...(user !== undefined && { username: user }), ...(password !== undefined && { password }) });
  // Every command that suffers from it rejects by itself.
  client.on('error', () => {}).once('ready', () => void (wasOpen = true));
  return client;
}

function leave(client: Client): void {
  if (client.isOpen) client.destroy();
}

async function createGroups(client: Client, { topic, consumers }: ConnectOptions): Promise<void> {
  for (const consumer of consumers) await createGroup(client, topic, consumer);
}

async function createGroup(client: Client, topic: string, consumer: string): Promise<void> {
  try {
    await client.xGroupCreate(topic, consumer, '0', { MKSTREAM: true });
  } catch (error) {
    if (!messageOf(error).startsWith('BUSYGROUP')) throw error;
  }
}

function deadStream(topic: string, consumer: string): string {
  return `${topic}:dead:${consumer}`;
}

class RedisBus implements Bus {
  readonly name = 'redis';
  private readonly client: Client;
  private readonly options: ConnectOptions;
  private readonly receivers: Receiver[] = [];
  private isClosed = false;

  constructor(client: Client, options: ConnectOptions) {
    this.client = client;
    this.options = options;
  }

  async publish(event: CloudEvent): Promise<void> {
    const { topic, publishTimeout } = this.options;
    if (this.isClosed) throw new Error('The bus is closed');
    await within(publishTimeout, this.client.xAdd(topic, '*', { event: JSON.stringify(event) }));
  }

  async subscribe(subscription: Subscription): Promise<void> {
    // A blocked connection takes no other command.
    const reader = await newClient(this.options.url);
    await reader.connect();
    this.receivers.push(new Receiver(this.client, reader, this.options.topic, subscription));
  }

  async held(): Promise<Record<string, string[]>> {
    const held: Record<string, string[]> = {};
    for (const consumer of this.options.consumers) held[consumer] = await this.heldFor(consumer);
    return held;
  }

  async remove(): Promise<void> {
    await this.stop();
    const { topic, consumers } = this.options;
    try {
      await this.client.del([topic, ...consumers.map((consumer) => deadStream(topic, consumer))]);
    } finally {
      leave(this.client);
    }
  }

  async close(): Promise<void> {
    await this.stop();
    leave(this.client);
  }

  private async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }

  /** Id of the last entry that the consumer's group has delivered; null when there is no such group (any more). */
  private async lastDelivered(consumer: string): Promise<string | null> {
    try {
      const groups = await this.client.xInfoGroups(this.options.topic);
      return groups.find(({ name }) => name === consumer)?.['last-delivered-id'] ?? null;
    } catch (error) {
      if (messageOf(error).includes('no such key')) return null;
      throw error;
    }
  }

  /** Delivered and not acknowledged, then not delivered yet. */
  private async heldFor(consumer: string): Promise<string[]> {
    const { topic } = this.options;
    const last = await this.lastDelivered(consumer);
    // Without its group nobody delivers what is in the stream.
    if (last === null) return [];
    const identities: string[] = [];
    let from = '-';
    for (;;) {
      const pending = await this.client.xPendingRange(topic, consumer, from, '+', PAGE);
      for (const { id } of pending) identities.push(...identitiesOf((await this.client.xRange(topic, id, id)) ?? []));
      if (pending.length < PAGE) break;
      from = `(${pending.at(-1)?.id}`;
    }
    from = `(${last}`;
    for (;;) {
      const waiting = (await this.client.xRange(topic, from, '+', { COUNT: PAGE })) ?? [];
      identities.push(...identitiesOf(waiting));
      if (waiting.length < PAGE) return identities;
      from = `(${waiting.at(-1)?.id}`;
    }
  }
}

/** An entry of the stream, as far as it matters here. */
interface Entry {
  id: string;
  message: unknown;
}

function eventOf({ message }: Entry): CloudEvent {
  return JSON.parse((message as { event: string }).event) as CloudEvent;
}

function identitiesOf(entries: readonly Entry[]): string[] {
  return entries.map((entry) => identityOf(eventOf(entry)));
}

/** Reads for one subscription: first, and after every interruption, what an earlier life left pending. */
class Receiver {
  private readonly client: Client;
  private readonly reader: Client;
  private readonly topic: string;
  private readonly consumer: string;
  private readonly inHand = new Set<string>();
  private readonly loop: PullLoop;
  /** Where in the pending entries the search for forgotten ones stands; undefined when it is over. */
  private recovering: string | undefined = '0';

  constructor(client: Client, reader: Client, topic: string, subscription: Subscription) {
    this.client = client;
    this.reader = reader;
    this.topic = topic;
    this.consumer = subscription.consumer;
    reader.on('ready', () => this.recover());
    this.loop = new PullLoop(subscription, (room, deliveries) => this.pull(room, deliveries));
  }

  async close(): Promise<void> {
    const closed = this.loop.close();
    this.reader.destroy();
    await closed;
  }

  private recover(): void {
    this.recovering = '0';
  }

  private async pull(room: number, deliveries: Deliveries): Promise<void> {
    const from = this.recovering;
    const options = from === undefined ? { COUNT: room, BLOCK: BLOCK_MS } : { COUNT: room };
    const streams = { key: this.topic, id: from ?? '>' };
    const reply = (await this.reader.xReadGroup(this.consumer, WORKER, streams, options)) as { messages: Entry[] }[] | null;
    const entries = reply?.[0]?.messages ?? [];
    // An interruption in the meantime starts the search anew.
    if (from !== undefined && this.recovering === from) this.recovering = entries.at(-1)?.id;
    for (const entry of entries) {
      if (this.inHand.has(entry.id)) continue;
      const attempt = from === undefined ? 1 : await this.attemptOf(entry.id);
      this.receive(entry, attempt, deliveries);
    }
  }

  /** Deliveries so far, this one included. */
  private async attemptOf(id: string): Promise<number> {
    const [pending] = await this.client.xPendingRange(this.topic, this.consumer, id, id, 1);
    return pending?.deliveriesCounter ?? 1;
  }

  private receive(entry: Entry, attempt: number, deliveries: Deliveries): void {
    const { id } = entry;
    const event = eventOf(entry);
    this.inHand.add(id);
    const settle = async (answer: Promise<unknown>): Promise<void> => {
      try {
        await answer;
      } catch (error) {
        this.recover();
        throw error;
      } finally {
        this.inHand.delete(id);
      }
    };
    deliveries.add(event, attempt, {
      done: () => settle(this.client.xAck(this.topic, this.consumer, id)),
      dead: () =>
        settle(
          this.client
            .multi()
            .xAdd(deadStream(this.topic, this.consumer), '*', { event: JSON.stringify(event) })
            .xAck(this.topic, this.consumer, id)
            .exec(),
        ),
    });
  }
}
