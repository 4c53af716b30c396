/** What a queue of SQS holds: nobody may look, so that everything is received and read. */
import type { Message, SQS } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../../base/clock.js';
import type { CloudEvent } from '../bus.js';
import { identityOf } from '../envelope.js';
import { VISIBILITY_S } from './sqs-connection.js';
import { changeVisibility, deleteMessages, MOST_AT_ONCE } from './sqs-messages.js';

/** How long what was received stays out of the way of what was not yet, s. */
const ASIDE_S = 60;
/** A consumer that died has messages in hand for so long after it, ms; a living one is not waited for. */
const IN_HAND_MS = (VISIBILITY_S + 1) * 1000;
const AGAIN_AFTER_MS = 100;

/**
 * Identities of the events in a queue, all of which stay there.
 * @throws Error where more messages of one order wait than can be received at once
 */
export async function heldIn(client: SQS, queue: string): Promise<string[]> {
  const taken: Message[] = [];
  try {
    for await (const batch of handedOut(client, queue, () => taken.length)) {
      const cut = cutOff(batch);
      await giveBack(client, queue, cut);
      if (cut.length === MOST_AT_ONCE) throw new Error(`${MOST_AT_ONCE} or more messages of one order wait in it, and SQS shows no more of them`);
      taken.push(...batch.slice(0, batch.length - cut.length));
    }
    return taken.map(identityIn);
  } finally {
    await giveBack(client, queue, taken);
  }
}

/**
 * The same for the last look at a queue, which takes them away: ElasticMQ searches all that is invisible for every message that it
 * hands out, which takes minutes where a thousand are; and the next message of an order is to be had once the first ones are gone.
 */
export async function takeHeld(client: SQS, queue: string): Promise<string[]> {
  const identities: string[] = [];
  for await (const batch of handedOut(client, queue, () => 0)) {
    const errors = await deleteMessages(client, queue, batch.map(receiptOf));
    const error = errors.find((one) => one !== undefined);
    if (error) throw error;
    identities.push(...batch.map(identityIn));
  }
  return identities;
}

/** Everything in a queue, a batch after the other. @param out how many of its messages are invisible because they were received here */
async function* handedOut(client: SQS, queue: string, out: () => number): AsyncGenerator<Message[], void> {
  for (let until = now() + IN_HAND_MS; ; ) {
    const { Messages: batch = [] } = await client.receiveMessage({ QueueUrl: queue, MaxNumberOfMessages: MOST_AT_ONCE, VisibilityTimeout: ASIDE_S, MessageSystemAttributeNames: ['MessageGroupId'] });
    if (batch.length > 0) {
      until = now() + IN_HAND_MS;
      yield batch;
    } else if (now() > until || (await sizeOf(client, queue)) <= out()) return;
    else await sleep(AGAIN_AFTER_MS);
  }
}

/** Of a full batch the messages of the last order: it may have more, and these cannot be had while the first ones are out. */
function cutOff(batch: readonly Message[]): Message[] {
  if (batch.length < MOST_AT_ONCE) return [];
  const last = groupOf(batch.at(-1));
  return batch.filter((message) => groupOf(message) === last);
}

function groupOf(message: Message | undefined): string | undefined {
  return message?.Attributes?.MessageGroupId;
}

function identityIn({ Body = '' }: Message): string {
  return identityOf(JSON.parse(Body) as CloudEvent);
}

async function giveBack(client: SQS, queue: string, messages: readonly Message[]): Promise<void> {
  await changeVisibility(client, queue, messages.map(receiptOf), 0);
}

function receiptOf({ ReceiptHandle = '' }: Message): string {
  return ReceiptHandle;
}

/** Messages in a queue, those that somebody has in hand included. */
async function sizeOf(client: SQS, queue: string): Promise<number> {
  const { Attributes: counts = {} } = await client.getQueueAttributes({ QueueUrl: queue, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] });
  return Object.values(counts).reduce((sum, count) => sum + Number(count), 0);
}
