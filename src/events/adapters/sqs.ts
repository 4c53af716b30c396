/**
 * SQS, or what speaks its interface: a FIFO queue for each consumer, which the publisher fills, the order as message group and the
 * identity of the event as deduplication id; what is in hand is invisible to others for a time that is renewed.
 */
import type { SQS } from '@aws-sdk/client-sqs';
import { now } from '../../base/clock.js';
import { absentBus, type Adapter, type ConnectOptions } from '../adapter.js';
import { Batcher } from '../batcher.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import { openBus, type Opening } from '../refusal.js';
import { within } from '../within.js';
import { createQueues, deleteQueues, existingQueues, newClient, type Queues } from './sqs-connection.js';
import { heldIn, takeHeld } from './sqs-held.js';
import { fitting, messageOf, sendMessages, type Outgoing } from './sqs-messages.js';
import { Receiver } from './sqs-receiver.js';

export const adapter: Adapter = {
  connect: (options) =>
    openBus('sqs', options.url, async ({ step, opened }) => {
      const client = opened(newClient(options.url), (it) => it.destroy());
      const queues = await queuesOf(client, options, step);
      if (queues) return new SqsBus(client, options, queues);
      client.destroy();
      return absentBus('sqs', options);
    }),
};

/** The queues of all consumers; null where they are not there and are not to be made. */
async function queuesOf(client: SQS, options: ConnectOptions, step: Opening['step']): Promise<Map<string, Queues> | null> {
  const { topic, consumers, existing } = options;
  const found = new Map<string, Queues>();
  for (const consumer of consumers) {
    const queues = await step('connect', () => existingQueues(client, topic, consumer));
    if (queues) found.set(consumer, queues);
  }
  if (existing) return found.size === 0 ? null : found;
  return found.size === consumers.length ? found : step('create', () => createQueues(client, options));
}

/** An event that somebody waits for until then, ms of this process's clock. */
type Dated = Outgoing & { until: number };

class SqsBus implements Bus {
  readonly name = 'sqs';
  private readonly client: SQS;
  private readonly options: ConnectOptions;
  private readonly queues: ReadonlyMap<string, Queues>;
  private readonly publishers: readonly Batcher<Dated>[];
  private readonly receivers: Receiver[] = [];
  private isClosed = false;

  constructor(client: SQS, options: ConnectOptions, queues: ReadonlyMap<string, Queues>) {
    this.client = client;
    this.options = options;
    this.queues = queues;
    this.publishers = Array.from(queues.values(), ({ work }) => new Batcher<Dated>((messages) => this.send(work, messages), fitting));
  }

  /**
   * One message for each consumer, and no transaction over them: who publishes again after a failure adds those that are missing. What
   * is published while a call is under way goes with the next one.
   */
  async publish(event: CloudEvent): Promise<void> {
    if (this.isClosed) throw new Error('The bus is closed');
    const { publishTimeout } = this.options;
    const message = { ...messageOf(event), until: now() + publishTimeout };
    await within(publishTimeout, Promise.all(this.publishers.map((publisher) => publisher.add(message))));
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const queues = this.queues.get(subscription.consumer);
    if (!queues) throw new Error(`There is no queue for ${subscription.consumer}`);
    this.receivers.push(new Receiver(this.client, queues, subscription));
  }

  async held(): Promise<Record<string, string[]>> {
    const { consumers, existing } = this.options;
    const look = existing ? takeHeld : heldIn;
    const held = consumers.map(async (consumer) => {
      const queues = this.queues.get(consumer);
      return [consumer, queues ? await look(this.client, queues.work) : []] as const;
    });
    return Object.fromEntries(await Promise.all(held));
  }

  async remove(): Promise<void> {
    await this.stop();
    try {
      for (const queues of this.queues.values()) await deleteQueues(this.client, queues);
    } finally {
      this.client.destroy();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    this.client.destroy();
  }

  /** What nobody waits for any more is not sent after all. */
  private async send(queue: string, messages: readonly Dated[]): Promise<(Error | undefined)[]> {
    const late = messages.map(({ until }) => (until > now() ? undefined : new Error('Too late to be sent')));
    const errors = await sendMessages(this.client, queue, messages.filter((_, at) => !late[at]));
    return late.map((error) => error ?? errors.shift());
  }

  private async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }
}
