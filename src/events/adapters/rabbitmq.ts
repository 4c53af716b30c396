/** RabbitMQ: a fanout exchange for a topic, a quorum queue for each consumer, confirmed publishes, dead-letter queues. */
import { connect, credentials, type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessOf, tlsFiles } from '../access.js';
import type { Adapter, ConnectOptions } from '../adapter.js';
import { BUSES } from '../buses.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import { Deliveries } from '../deliveries.js';
import { identityOf } from '../envelope.js';
import { prefetchOf } from '../prefetch.js';
import { openBus, type Opening } from '../refusal.js';
import { within } from '../within.js';
import { isPrepared, prepareTopic, queueOf, removeTopic } from './rabbitmq-topic.js';

const RECONNECT_MS = 100;
/**
 * A new quorum queue is registered on the disk only once its registry has been left alone for half a second: a broker
 * killed before that comes back without the queue and all it has confirmed (seen with RabbitMQ 3.10). Nothing is
 * published before that time is over.
 */
const SETTLE_MS = 1500;
/** Deliveries between two attempts stay unacknowledged: so many more may be in hand than workers need. */
const BACKOFF_ROOM = 1000;

/** Longest silence of a server while a connection is made, ms. */
const CONNECT_MS = 5000;

export const adapter: Adapter = {
  connect: (options) =>
    openBus('rabbitmq', options.url, async ({ step, opened }) => {
      const bus = opened(new RabbitBus(options), (it) => it.close());
      await bus.open(step);
      return bus;
    }),
};

async function dial(address: string): Promise<ChannelModel> {
  const access = accessOf(address, BUSES.rabbitmq.authentication);
  const { url, user, password } = access;
  const model = await connect(url, {
    timeout: CONNECT_MS,
    ...(user !== undefined && { credentials: credentials.plain(user, password ?? '') }),
    ...tlsFiles(access),
  });
  // Every call that suffers from it rejects by itself.
  return model.on('error', () => {});
}

/** Closes a connection that is of no use any more; the next one is made when it is closed. */
function giveUp(model: ChannelModel): void {
  model.close().catch(() => {});
}

/** A connection with what is done on it. */
interface Line {
  model: ChannelModel;
  publishing: ConfirmChannel;
  /** Whether the topic's queues did not exist before. */
  isNew: boolean;
}

class RabbitBus implements Bus {
  readonly name = 'rabbitmq';
  private readonly options: ConnectOptions;
  private readonly receivers: Receiver[] = [];
  /** The connection, or the one that is being made. */
  private line: Promise<Line> = Promise.reject(new Error('The bus was never opened'));
  /** Why the broker takes nothing at the moment: an alarm of memory or disk. */
  private blocked: string | null = null;
  /** Why it closed the channel of the publishes: the next publish opens another. */
  private refused: Error | null = null;
  private isClosed = false;

  constructor(options: ConnectOptions) {
    this.options = options;
    this.line.catch(() => {});
  }

  /** Makes the first connection. @throws BusRefusal */
  async open(step: Opening['step']): Promise<void> {
    this.line = this.connect(step);
    const { isNew } = await this.line;
    if (isNew && !this.options.existing) await sleep(SETTLE_MS);
  }

  async publish(event: CloudEvent): Promise<void> {
    if (this.isClosed) throw new Error('The bus is closed');
    try {
      await within(this.options.publishTimeout, this.confirmed(event));
    } catch (error) {
      if (this.blocked === null) throw error;
      throw new Error(`The broker takes no events: ${this.blocked}`, { cause: error });
    }
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const receiver = new Receiver(queueOf(this.options.topic, subscription.consumer), subscription);
    const { model } = await this.line;
    await receiver.attach(model);
    this.receivers.push(receiver);
  }

  /** What nobody has in hand: taken out, looked at, and put back. */
  async held(): Promise<Record<string, string[]>> {
    const held: Record<string, string[]> = {};
    for (const consumer of this.options.consumers) {
      const identities: string[] = (held[consumer] = []);
      const queue = queueOf(this.options.topic, consumer);
      await this.withChannel(async (channel) => {
        for (;;) {
          const message = await channel.get(queue);
          if (!message) break;
          identities.push(identityOf(eventOf(message)));
        }
      }).catch((error: unknown) => {
        // A queue that is not there holds nothing.
        if ((error as { code?: number }).code !== 404) throw error;
      });
    }
    return held;
  }

  async remove(): Promise<void> {
    await this.stop();
    try {
      await this.withChannel((channel) => removeTopic(channel, this.options));
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    // One that is broken already needs no closing.
    await this.line.then(({ model }) => model.close()).catch(() => {});
  }

  private async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }

  private async connect(step: Opening['step'] = (_, work) => work()): Promise<Line> {
    const model = await step('connect', () => dial(this.options.url));
    try {
      const line = await step('create', () => this.prepare(model));
      if (this.isClosed) throw new Error('The bus is closed');
      model.once('close', () => this.lose());
      return line;
    } catch (error) {
      await model.close().catch(() => {});
      throw error;
    }
  }

  /** What stands on a connection. */
  private async prepare(model: ChannelModel): Promise<Line> {
    this.blocked = null;
    model.on('blocked', (reason: string) => (this.blocked = reason)).on('unblocked', () => (this.blocked = null));
    const isNew = !(await isPrepared(model, this.options));
    const publishing = await model.createConfirmChannel();
    if (!this.options.existing) await declared(publishing, this.options);
    publishing.on('error', (error: Error) => {
      this.refused = error;
      giveUp(model);
    });
    await Promise.all(this.receivers.map((receiver) => receiver.attach(model)));
    return { model, publishing, isNew };
  }

  /** Publishes wait for the next connection, and what was in hand is the broker's again. */
  private lose(): void {
    for (const receiver of this.receivers) receiver.detach();
    if (this.isClosed) return;
    this.line = this.reconnect();
    this.line.catch(() => {});
  }

  private async reconnect(): Promise<Line> {
    while (!this.isClosed) {
      // A broker that refuses what is asked on every connection is not stormed with them.
      if (this.refused) await sleep(RECONNECT_MS);
      this.refused = null;
      try {
        return await this.connect();
      } catch {
        await sleep(RECONNECT_MS);
      }
    }
    throw new Error('The bus is closed');
  }

  private async confirmed(event: CloudEvent): Promise<void> {
    const { publishing } = await this.line;
    const properties = { persistent: true, contentType: 'application/json', messageId: identityOf(event) };
    await new Promise<void>((resolve, reject) => {
      publishing.publish(this.options.topic, '', Buffer.from(JSON.stringify(event)), properties, (error) => {
        if (error) reject(new Error('Refused by the broker', { cause: this.refused ?? error }));
        else resolve();
      });
    });
  }

  private async withChannel(use: (channel: Channel) => Promise<void>): Promise<void> {
    const { model } = await this.line;
    const channel = await model.createChannel();
    channel.on('error', () => {});
    try {
      await use(channel);
    } finally {
      // One that the broker closed is closed.
      await channel.close().catch(() => {});
    }
  }
}

/** Creates the topic. Rejects with the broker's own reason, which amqplib tells as an event of the channel. */
async function declared(channel: ConfirmChannel, options: ConnectOptions): Promise<void> {
  let refused: Error | undefined;
  const hear = (error: Error): void => void (refused = error);
  channel.on('error', hear);
  try {
    await prepareTopic(channel, options);
  } catch (error) {
    throw refused ?? error;
  }
  channel.off('error', hear);
}

function eventOf({ content }: Pick<ConsumeMessage, 'content'>): CloudEvent {
  return JSON.parse(content.toString()) as CloudEvent;
}

/** Receives for one subscription, over one connection after another. */
class Receiver {
  private readonly queue: string;
  private readonly prefetch: number;
  private readonly deliveries: Deliveries;
  private readonly refused: (error: unknown) => void;
  private channel: Channel | undefined;
  private tag = '';

  constructor(queue: string, subscription: Subscription) {
    this.queue = queue;
    this.prefetch = prefetchOf(subscription.workers) + BACKOFF_ROOM;
    this.deliveries = new Deliveries(subscription);
    this.refused = (error) => subscription.onRefusal?.('read', error);
  }

  /** @param model a connection, which is given up when the broker stops handing out events on it */
  async attach(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    const refuse = (error: unknown): void => {
      this.refused(error);
      giveUp(model);
    };
    channel.on('error', refuse);
    await channel.prefetch(this.prefetch);
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (message) => {
      if (message) this.receive(message, channel);
      else refuse(new Error('The queue was deleted'));
    });
    this.tag = consumerTag;
  }

  /** The connection is lost, and with it every claim to what was in hand. */
  detach(): void {
    this.channel = undefined;
    this.deliveries.forget();
  }

  async close(): Promise<void> {
    // At once: a busy broker takes its time to cancel, and nothing more is to be started meanwhile.
    const done = this.deliveries.close();
    // On a broken channel there is nothing to cancel and nothing to give back.
    await this.channel?.cancel(this.tag).catch(() => {});
    await done;
    await this.channel?.close().catch(() => {});
  }

  private receive(message: ConsumeMessage, channel: Channel): void {
    const interruptions = Number(message.properties.headers?.['x-delivery-count'] ?? 0);
    this.deliveries.add(eventOf(message), interruptions + 1, {
      done: () => channel.ack(message),
      dead: () => channel.reject(message, false),
    });
  }
}
