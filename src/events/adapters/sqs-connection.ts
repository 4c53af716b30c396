/** The client of SQS, and the queues of a topic: FIFO, one for each consumer, and beside it one for what it has given up. */
import { SQS } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';
import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessOf, tlsFiles } from '../access.js';
import type { ConnectOptions } from '../adapter.js';
import { BUSES } from '../buses.js';

/** Hosts of AWS say their region: `sqs.eu-central-1.amazonaws.com`, also behind an endpoint of a private network. */
const HOST_OF_AWS = /(?:^|\.)sqs(?:-fips)?\.([\w-]+)\.(?:vpce\.)?amazonaws\./;
/** Longest wait for a connection to be taken, ms. */
const CONNECT_MS = 5000;
/** SQS wants to be left alone with a new queue for a second. */
const SETTLE_MS = 1000;
/** Longest name of a queue without its ending. */
const MOST_CHARACTERS = 75;
/** Deliveries after which SQS itself puts an event among the dead letters, as many as it counts: the death of a consumer is no failure. */
const MOST_RECEIVED = 1000;

/** What is in force while this process has a message in hand, s: 30 by default. */
export const VISIBILITY_S = 5;

/** The queues of one consumer, by their addresses. */
export interface Queues {
  work: string;
  dead: string;
}

/** A client for an address: who one is and the region stand in it, or where the tools of AWS look for them. */
export function newClient(address: string): SQS {
  const access = accessOf(address, BUSES.sqs.authentication);
  const { isSecure, user, password } = access;
  const url = new URL(access.url);
  const region = url.searchParams.get('region') ?? HOST_OF_AWS.exec(url.hostname)?.[1] ?? process.env['AWS_REGION'] ?? 'us-east-1';
  url.search = '';
  // On Node 20 every process would warn that next year's versions need Node 22.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return new SQS({
    endpoint: url.href,
    region,
    // The names that a server behind another address gives its queues may be known to nobody here.
    useQueueUrlAsEndpoint: false,
    ...(user !== undefined && { credentials: { accessKeyId: user, secretAccessKey: password ?? '' } }),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      ...(isSecure && { httpsAgent: new Agent({ keepAlive: true, maxSockets: 50, ...tlsFiles(access) }) }),
      // It would tell on the console that publishes wait for one of 50 connections, its default.
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
    },
  });
}

/** Addresses of the queues of a consumer; null where they are not there. */
export async function existingQueues(client: SQS, topic: string, consumer: string): Promise<Queues | null> {
  try {
    const { QueueUrl: work = '' } = await client.getQueueUrl({ QueueName: workQueue(topic, consumer) });
    const { QueueUrl: dead = '' } = await client.getQueueUrl({ QueueName: deadQueue(topic, consumer) });
    return { work, dead };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Creates the queues of all consumers; whoever does the same at the same time gets the same. */
export async function createQueues(client: SQS, { topic, consumers }: ConnectOptions): Promise<Map<string, Queues>> {
  const created = new Map<string, Queues>();
  for (const consumer of consumers) {
    const dead = await createQueue(client, deadQueue(topic, consumer));
    const { Attributes } = await client.getQueueAttributes({ QueueUrl: dead, AttributeNames: ['QueueArn'] });
    const redrive = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: MOST_RECEIVED });
    const work = await createQueue(client, workQueue(topic, consumer), { RedrivePolicy: redrive, VisibilityTimeout: String(VISIBILITY_S) });
    created.set(consumer, { work, dead });
  }
  await sleep(SETTLE_MS);
  return created;
}

async function createQueue(client: SQS, name: string, more: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await client.createQueue({ QueueName: name, Attributes: { FifoQueue: 'true', ...more } });
  return QueueUrl ?? '';
}

/** Deletes what is there of the queues of a consumer. */
export async function deleteQueues(client: SQS, { work, dead }: Queues): Promise<void> {
  for (const QueueUrl of [work, dead]) {
    await client.deleteQueue({ QueueUrl }).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

export function isMissing(error: unknown): boolean {
  return /QueueDoesNotExist|NonExistentQueue/.test((error as Error).name);
}

function workQueue(topic: string, consumer: string): string {
  return nameOf(`${topic}-for-${consumer}`);
}

function deadQueue(topic: string, consumer: string): string {
  return nameOf(`${topic}-dead-${consumer}`);
}

/** What SQS takes as a name: one that is too long, or has other characters, ends with a digest of the whole. */
export function nameOf(text: string): string {
  const plain = text.replaceAll(/[^\w-]/g, '_');
  if (plain === text && text.length <= MOST_CHARACTERS) return `${text}.fifo`;
  return `${plain.slice(0, MOST_CHARACTERS - 17)}-${digestOf(text).slice(0, 16)}.fifo`;
}

/** Of any text, as a name or an id: letters and digits. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
