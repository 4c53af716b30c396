/**
 * BullMQ on Redis, as Node teams use it: a queue for each consumer, which the publisher fills, and workers that lock a job while
 * they work on it. The job id is the identity of the event, dead letters are failed jobs.
 */
import { Queue } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { accessOf, tlsFiles } from '../access.js';
import type { Adapter, ConnectOptions } from '../adapter.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import { BUSES } from '../buses.js';
import { identityOf } from '../envelope.js';
import { openBus } from '../refusal.js';
import { within } from '../within.js';
import { Receiver } from './bullmq-receiver.js';

/** Finished jobs that a queue keeps: while one is kept, its event is not taken again. All of them by default. */
const KEPT = 10_000;
/** How many attempts an event has is known to its consumer alone, who gives it up: the job itself may have any number. */
const JOB = { attempts: 2 ** 31 - 1, backoff: { type: 'custom' }, removeOnComplete: { count: KEPT } };
/** States of a job that is not finished. */
const UNFINISHED = ['active', 'waiting', 'delayed'] as const;

export const adapter: Adapter = {
  connect: (options) =>
    openBus('bullmq', options.url, async ({ step, opened }) => {
      const client = opened(await newClient(options.url), (it) => it.disconnect());
      await step('connect', () => connected(client));
      if (!options.existing) await step('create', () => keepsWhatItHas(client));
      return new BullBus(client, options);
    }),
};

/** Name of the queue of a consumer: no `:`, which parts the keys of Redis. */
function queueOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}`;
}

class BullBus implements Bus {
  readonly name = 'bullmq';
  private readonly client: Redis;
  private readonly options: ConnectOptions;
  private readonly queues: ReadonlyMap<string, Queue<CloudEvent>>;
  private readonly receivers: Receiver[] = [];
  private isClosed = false;

  /** A queue is there once a job is in it: until then nothing is created. */
  constructor(client: Redis, options: ConnectOptions) {
    this.client = client;
    this.options = options;
    this.queues = new Map(options.consumers.map((consumer) => [consumer, newQueue(client, queueOf(options.topic, consumer))]));
  }

  /** One job for each consumer, not in one transaction: who publishes again after a failure adds those that are missing. */
  async publish(event: CloudEvent): Promise<void> {
    if (this.isClosed) throw new Error('The bus is closed');
    const job = { ...JOB, jobId: encodeURIComponent(identityOf(event)) };
    const added = Array.from(this.queues.values(), (queue) => queue.add(event.type, event, job));
    await within(this.options.publishTimeout, Promise.all(added));
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const receiver = new Receiver(this.client, queueOf(this.options.topic, subscription.consumer), subscription);
    this.receivers.push(receiver);
    await receiver.started;
  }

  async held(): Promise<Record<string, string[]>> {
    const held: Record<string, string[]> = {};
    for (const [consumer, queue] of this.queues) held[consumer] = (await queue.getRanges([...UNFINISHED], 0, -1)).map(decodeURIComponent);
    return held;
  }

  async remove(): Promise<void> {
    await this.stop();
    try {
      for (const queue of this.queues.values()) await queue.obliterate({ force: true });
    } finally {
      this.client.disconnect();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    this.client.disconnect();
  }

  private async stop(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }
}

function newQueue(client: Redis, name: string): Queue<CloudEvent> {
  const queue = new Queue<CloudEvent>(name, { connection: client, skipMetasUpdate: true });
  // Every call that suffers from it rejects by itself.
  return queue.on('error', () => {});
}

const RECONNECT_MS = 100;
/** Longest wait for a connection to be taken, ms. */
const CONNECT_MS = 5000;

/** Not connected yet. It connects again by itself once it was connected, and what was asked meanwhile waits for it, as workers need it. */
async function newClient(address: string): Promise<Redis> {
  const access = accessOf(address, BUSES.bullmq.authentication);
  const { url, isSecure, user, password } = access;
  const files = tlsFiles(access);
  let wasReady = false;
  const options: RedisOptions = {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: () => (wasReady ? RECONNECT_MS : null),
    ...(isSecure && { tls: files }),
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
  };
  const client = new Redis(url, options);
  client.once('ready', () => void (wasReady = true));
  return client;
}

/** Resolves when it is let in. Rejects with the reason of the server, which the client tells as an event. */
async function connected(client: Redis): Promise<void> {
  let reason: Error | undefined;
  // Afterwards every command that suffers from it rejects by itself.
  client.on('error', (error) => (reason = error));
  try {
    await client.connect();
  } catch (error) {
    throw reason ?? error;
  }
}

/** @throws Error where the server throws away jobs and locks when its memory is full */
async function keepsWhatItHas(client: Redis): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await client.info('memory'))?.[1] ?? 'noeviction';
  if (policy !== 'noeviction') throw new Error(`its maxmemory-policy is ${policy}, which throws away jobs when its memory is full`);
}
