/** What a topic is made of at RabbitMQ: exchange, queues, and where the dead letters go. */
import type { Channel, ChannelModel } from 'amqplib';
import type { ConnectOptions } from '../adapter.js';

/** A topic and its consumers. */
type Topic = Pick<ConnectOptions, 'topic' | 'consumers'>;

function deadExchange(topic: string): string {
  return `${topic}.dead`;
}

/** A consumer's queue. */
export function queueOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}`;
}

function deadQueueOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}.dead`;
}

/** Declares whatever is not there yet. */
export async function prepareTopic(channel: Channel, { topic, consumers }: Topic): Promise<void> {
  const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
  await channel.assertExchange(topic, 'fanout', { durable: true });
  await channel.assertExchange(deadExchange(topic), 'direct', { durable: true });
  for (const consumer of consumers) {
    await channel.assertQueue(deadQueueOf(topic, consumer), quorum);
    await channel.bindQueue(deadQueueOf(topic, consumer), deadExchange(topic), consumer);
    await channel.assertQueue(queueOf(topic, consumer), {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-dead-letter-exchange': deadExchange(topic),
        'x-dead-letter-routing-key': consumer,
        // A dead letter is kept until the other queue has confirmed it, which needs this way of overflowing.
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
    await channel.bindQueue(queueOf(topic, consumer), topic, '');
  }
}

/** Whether every queue of the topic exists; asking for one that does not costs the channel. */
export async function isPrepared(model: ChannelModel, { topic, consumers }: Topic): Promise<boolean> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  try {
    for (const consumer of consumers) await channel.checkQueue(queueOf(topic, consumer));
    await channel.close();
    return true;
  } catch {
    return false;
  }
}

/** Deletes it all, dead letters included. */
export async function removeTopic(channel: Channel, { topic, consumers }: Topic): Promise<void> {
  for (const consumer of consumers) {
    await channel.deleteQueue(queueOf(topic, consumer));
    await channel.deleteQueue(deadQueueOf(topic, consumer));
  }
  await channel.deleteExchange(topic);
  await channel.deleteExchange(deadExchange(topic));
}
