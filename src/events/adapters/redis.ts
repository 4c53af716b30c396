/** Redis Streams: one stream for a topic, a consumer group for each consumer; what is unacknowledged stays pending. */
import { createClient } from '@redis/client';
import { messageOf, UserError } from '../../base/errors.js';
import { maskUrls } from '../../base/urls.js';
import type { Adapter, ConnectOptions } from '../adapter.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import type { Deliveries } from '../deliveries.js';
import { identityOf } from '../envelope.js';
import { PullLoop } from '../pull-loop.js';
import { within } from '../within.js';

const RECONNECT_MS = 100;
const BLOCK_MS = 1000;
const PAGE = 1000;
/** One process works for a consumer: its next life takes up what this one had in hand under the same name. */
const WORKER = 'worker';

export const adapter: Adapter = {
  connect: async (options) => {
    const client = await open(options.url);
    for (const consumer of options.consumers) await createGroup(client, options.topic, consumer);
    return new RedisBus(client, options);
  },
};

type Client = ReturnType<typeof newClient>;

function newClient(url: string, mayReconnect: () => boolean) {
  const client = createClient({ url, socket: { reconnectStrategy: () => (mayReconnect() ? RECONNECT_MS : false) } });
  // Every command that suffers from it rejects by itself.
  client.on('error', () => {});
  return client;
}

async function open(url: string): Promise<Client> {
  let isOpen = false;
  const client = newClient(url, () => isOpen);
  try {
    await client.connect();
  } catch (error) {
    throw new UserError(`No Redis server answers at ${maskUrls(url)}: ${messageOf(error)}`);
  }
  isOpen = true;
  return client;
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
    const reader = await open(this.options.url);
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
    await this.client.del([topic, ...consumers.map((consumer) => deadStream(topic, consumer))]);
    this.client.destroy();
  }

  async close(): Promise<void> {
    await this.stop();
    if (this.client.isOpen) this.client.destroy();
  }

  private async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }

  /** Delivered and not acknowledged, then not delivered yet. */
  private async heldFor(consumer: string): Promise<string[]> {
    const { topic } = this.options;
    const groups = await this.client.xInfoGroups(topic);
    const last = groups.find(({ name }) => name === consumer)?.['last-delivered-id'] ?? '0';
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
