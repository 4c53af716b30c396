/** RabbitMQ: a fanout exchange for a topic, a quorum queue for each consumer, confirmed publishes, dead-letter queues. */
import { connect, type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, UserError } from '../../base/errors.js';
import { maskUrls } from '../../base/urls.js';
import type { Adapter, ConnectOptions } from '../adapter.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import { Deliveries } from '../deliveries.js';
import { identityOf } from '../envelope.js';
import { prefetchOf } from '../pull-loop.js';
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

export const adapter: Adapter = {
  connect: async (options) => {
    const bus = new RabbitBus(options);
    await bus.open();
    return bus;
  },
};

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
  private line: Promise<Line>;
  private isClosed = false;

  constructor(options: ConnectOptions) {
    this.options = options;
    this.line = this.connect();
  }

  /** @throws UserError when nothing answers */
  async open(): Promise<void> {
    try {
      const { isNew } = await this.line;
      if (isNew) await sleep(SETTLE_MS);
    } catch (error) {
      throw new UserError(`No RabbitMQ server answers at ${maskUrls(this.options.url)}: ${messageOf(error)}`);
    }
  }

  async publish(event: CloudEvent): Promise<void> {
    if (this.isClosed) throw new Error('The bus is closed');
    await within(this.options.publishTimeout, this.confirmed(event));
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const receiver = new Receiver(queueOf(this.options.topic, subscription.consumer), subscription);
    const { model } = await this.line;
    this.receivers.push(receiver);
    await receiver.attach(model);
  }

  /** What nobody has in hand: taken out, looked at, and put back. */
  async held(): Promise<Record<string, string[]>> {
    const held: Record<string, string[]> = {};
    await this.withChannel(async (channel) => {
      for (const consumer of this.options.consumers) {
        const identities: string[] = (held[consumer] = []);
        for (;;) {
          const message = await channel.get(queueOf(this.options.topic, consumer));
          if (!message) break;
          identities.push(identityOf(eventOf(message)));
        }
      }
    });
    return held;
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.withChannel((channel) => removeTopic(channel, this.options));
    await this.close();
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

  private async connect(): Promise<Line> {
    const model = await connect(this.options.url);
    // Every call that suffers from it rejects by itself.
    model.on('error', () => {});
    const isNew = !(await isPrepared(model, this.options));
    const publishing = await model.createConfirmChannel();
    publishing.on('error', () => {});
    await prepareTopic(publishing, this.options);
    await Promise.all(this.receivers.map((receiver) => receiver.attach(model)));
    model.once('close', () => this.lose());
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
        if (error) reject(new Error('Refused by the broker', { cause: error }));
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
      await channel.close();
    }
  }
}

function eventOf({ content }: Pick<ConsumeMessage, 'content'>): CloudEvent {
  return JSON.parse(content.toString()) as CloudEvent;
}

/** Receives for one subscription, over one connection after another. */
class Receiver {
  private readonly queue: string;
  private readonly prefetch: number;
  private readonly deliveries: Deliveries;
  private channel: Channel | undefined;
  private tag = '';

  constructor(queue: string, subscription: Subscription) {
    this.queue = queue;
    this.prefetch = prefetchOf(subscription.workers) + BACKOFF_ROOM;
    this.deliveries = new Deliveries(subscription);
  }

  async attach(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    channel.on('error', () => {});
    await channel.prefetch(this.prefetch);
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (message) => message && this.receive(message, channel));
    this.tag = consumerTag;
  }

  /** The connection is lost, and with it every claim to what was in hand. */
  detach(): void {
    this.channel = undefined;
    this.deliveries.forget();
  }

  async close(): Promise<void> {
    // On a broken channel there is nothing to cancel and nothing to give back.
    await this.channel?.cancel(this.tag).catch(() => {});
    await this.deliveries.close();
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
