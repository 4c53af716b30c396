/** What is asked of SQS about messages, ten at once, which is the most that it takes. */
import type { BatchResultErrorEntry, SQS } from '@aws-sdk/client-sqs';
import type { CloudEvent } from '../bus.js';
import { identityOf } from '../envelope.js';
import { digestOf } from './sqs-connection.js';

/** Messages of one call at most. */
export const MOST_AT_ONCE = 10;
/** Bytes of one call at most, which are those of the largest message as well. */
const MOST_BYTES = 1024 * 1024;

/** An event as it is put into a queue, that for work or that for dead letters. */
export interface Outgoing {
  MessageBody: string;
  MessageGroupId: string;
  MessageDeduplicationId: string;
}

export function messageOf(event: CloudEvent): Outgoing {
  // Ids take no spaces and 128 characters.
  return { MessageBody: JSON.stringify(event), MessageGroupId: digestOf(event.subject), MessageDeduplicationId: digestOf(identityOf(event)) };
}

/** How many of some messages go in one call. */
export function fitting(messages: readonly Outgoing[]): number {
  let bytes = 0;
  const over = messages.slice(0, MOST_AT_ONCE).findIndex(({ MessageBody }) => (bytes += Buffer.byteLength(MessageBody)) > MOST_BYTES);
  return over === -1 ? Math.min(messages.length, MOST_AT_ONCE) : Math.max(1, over);
}

/** @returns what went wrong with each */
export function sendMessages(client: SQS, queue: string, messages: readonly Outgoing[]): Promise<(Error | undefined)[]> {
  const entry = ({ MessageBody, MessageGroupId, MessageDeduplicationId }: Outgoing, at: number) => ({ Id: String(at), MessageBody, MessageGroupId, MessageDeduplicationId });
  return inTens(messages, async (some) => (await client.sendMessageBatch({ QueueUrl: queue, Entries: some.map(entry) })).Failed);
}

/** Has some messages invisible to others for so many seconds from now on; 0 gives them back. @returns what went wrong with each */
export async function changeVisibility(client: SQS, queue: string, receipts: readonly string[], seconds: number): Promise<(Error | undefined)[]> {
  const ask = (some: readonly string[]) =>
    client.changeMessageVisibilityBatch({ QueueUrl: queue, Entries: some.map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle, VisibilityTimeout: seconds })) });
  return inTens(receipts, async (some) => (await ask(some)).Failed);
}

/** @returns what went wrong with each */
export function deleteMessages(client: SQS, queue: string, receipts: readonly string[]): Promise<(Error | undefined)[]> {
  const ask = (some: readonly string[]) =>
    client.deleteMessageBatch({ QueueUrl: queue, Entries: some.map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle })) });
  return inTens(receipts, async (some) => (await ask(some)).Failed);
}

/** @param ask tells some; those that failed name their place among them */
async function inTens<Item>(items: readonly Item[], ask: (some: readonly Item[]) => Promise<BatchResultErrorEntry[] | undefined>): Promise<(Error | undefined)[]> {
  const errors: (Error | undefined)[] = items.map(() => undefined);
  for (let from = 0; from < items.length; from += MOST_AT_ONCE) {
    const failed = await ask(items.slice(from, from + MOST_AT_ONCE));
    for (const { Id, Message, Code } of failed ?? []) errors[from + Number(Id)] = new Error(Message ?? Code);
  }
  return errors;
}
