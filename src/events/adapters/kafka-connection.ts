/** How a Kafka cluster is reached: what an address says, and the topics and groups that one topic of ours takes there. */
import { Admin, type BaseOptions, type SASLOptions } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, UserError } from '../../base/errors.js';
import { maskUrls } from '../../base/urls.js';
import type { ConnectOptions } from '../adapter.js';

/** Partitions of a topic: as many processes of one consumer can share its work at most. */
const PARTITIONS = 6;
/** The broker's own default. */
const REPLICAS = -1;
const CONNECT_WITHIN_MS = 3000;
export const RETRY_EVERY_MS = 100;
/** How long the leaders of a new topic are waited for, ms. */
const LEADERS_WITHIN_MS = 30_000;

const ADDRESS = /^(?<scheme>kafkas?):\/\/(?:(?<user>[^:@/]+):(?<password>[^@/]*)@)?(?<hosts>[^@/?]+)\/?(?:\?(?<query>.*))?$/;
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
type Mechanism = (typeof MECHANISMS)[number];

/** What every client of one process says when it connects. */
export type KafkaConnection = Pick<BaseOptions, 'clientId' | 'bootstrapBrokers' | 'connectTimeout' | 'retryDelay' | 'tls' | 'sasl'>;

/**
 * Reads `kafka://[user:password@]host:port[,host:port][?mechanism=SCRAM-SHA-512]`; with `kafkas://` over TLS.
 * @throws UserError when it is none
 */
export function connectionOf(url: string): KafkaConnection {
  const { scheme, user, password, hosts = '', query = '' } = ADDRESS.exec(url)?.groups ?? {};
  const names = hosts.split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:9092`));
  const isAddress = names.every((name) => /^[\w.-]+:\d+$/.test(name));
  if (!isAddress) throw new UserError('--bus-url of kafka is kafka://host:port[,host:port], or kafkas:// for TLS; a user is kafka://user:password@host:port');
  return {
    clientId: 'sync-vs-events',
    bootstrapBrokers: names,
    connectTimeout: CONNECT_WITHIN_MS,
    retryDelay: RETRY_EVERY_MS,
    ...(scheme === 'kafkas' ? { tls: {} } : {}),
    ...saslOf(user, password, new URLSearchParams(query)),
  };
}

function saslOf(user: string | undefined, password: string | undefined, query: URLSearchParams): { sasl?: SASLOptions } {
  const unknown = [...query.keys()].find((name) => name !== 'mechanism');
  if (unknown !== undefined) throw new UserError(`--bus-url says ${unknown}, which kafka does not know: only mechanism.`);
  const mechanism = query.get('mechanism') ?? 'PLAIN';
  if (!MECHANISMS.includes(mechanism as Mechanism)) {
    throw new UserError(`--bus-url says mechanism=${mechanism}: choose one of ${MECHANISMS.join(', ')}.`);
  }
  if (user === undefined) {
    if (query.size === 0) return {};
    throw new UserError(`--bus-url says mechanism, and no user: kafka://user:password@host:port?mechanism=${mechanism}.`);
  }
  return { sasl: { mechanism: mechanism as Mechanism, username: decodeURIComponent(user), password: decodeURIComponent(password ?? '') } };
}

/** The topic of events that failed and wait for another attempt at a consumer. */
export function retryTopic(topic: string, consumer: string): string {
  return `${topic}.retry.${consumer}`;
}

/** The topic of events that a consumer gave up. */
export function deadTopic(topic: string, consumer: string): string {
  return `${topic}.dead.${consumer}`;
}

/** A consumer's group: who has the same name shares the work. */
export function groupOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}`;
}

/**
 * Creates what is not there yet, and waits until all of it has leaders.
 * @throws UserError when nobody answers, or lets us in
 */
export async function prepareTopics(connection: KafkaConnection, { url, topic, consumers }: ConnectOptions): Promise<void> {
  const ours = consumers.flatMap((consumer) => [retryTopic(topic, consumer), deadTopic(topic, consumer)]);
  const admin = new Admin({ ...connection, retries: 0 });
  try {
    await reach(admin, url);
    await create(admin, [topic], PARTITIONS);
    await create(admin, ours, 1);
    await leaders(admin, [topic, ...ours]);
  } finally {
    await admin.close();
  }
}

/** Whether the topic exists; asking creates nothing. @throws UserError when nobody answers */
export async function hasTopic(connection: KafkaConnection, { url, topic }: ConnectOptions): Promise<boolean> {
  const admin = new Admin({ ...connection, retries: 0 });
  try {
    await reach(admin, url);
    return (await admin.listTopics({})).includes(topic);
  } finally {
    await admin.close();
  }
}

/** Deletes everything that a topic has at the broker. */
export async function removeTopics(connection: KafkaConnection, { topic, consumers }: ConnectOptions): Promise<void> {
  const admin = new Admin({ ...connection, retries: 3 });
  const ours = consumers.flatMap((consumer) => [retryTopic(topic, consumer), deadTopic(topic, consumer)]);
  try {
    await admin.deleteTopics({ topics: [topic, ...ours] });
    // A group that nobody has ever been in does not exist.
    for (const consumer of consumers) await admin.deleteGroups({ groups: [groupOf(topic, consumer)] }).catch(() => {});
  } finally {
    await admin.close();
  }
}

async function reach(admin: Admin, url: string): Promise<void> {
  try {
    await admin.metadata({ topics: [] });
  } catch (error) {
    throw new UserError(`No Kafka broker answers at ${maskUrls(url)}: ${reasonOf(error)}`, { cause: error });
  }
}

/** The innermost reason: the client wraps one in another. */
function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : (error as Error).cause;
  return inner ? reasonOf(inner) : messageOf(error);
}

async function create(admin: Admin, topics: string[], partitions: number): Promise<void> {
  if (topics.length === 0) return;
  try {
    await admin.createTopics({ topics, partitions, replicas: REPLICAS });
  } catch (error) {
    // All are made together: when one is there, so are the others.
    if (!isProtocolError(error, 'TOPIC_ALREADY_EXISTS')) throw new UserError(`The broker refuses to create topics: ${reasonOf(error)}`, { cause: error });
  }
}

async function leaders(admin: Admin, topics: string[]): Promise<void> {
  for (const until = Date.now() + LEADERS_WITHIN_MS; Date.now() < until; await sleep(RETRY_EVERY_MS)) {
    const metadata = await admin.metadata({ topics: [...topics], forceUpdate: true }).catch(() => null);
    const partitions = topics.map((topic) => metadata?.topics.get(topic)?.partitions ?? []);
    if (partitions.every((some) => some.length > 0 && some.every(({ leader }) => leader >= 0))) return;
  }
  throw new UserError(`The partitions of ${topics[0]} have no leader after ${LEADERS_WITHIN_MS / 1000} s`);
}

/** Whether the broker said so, however deep in the error. */
export function isProtocolError(error: unknown, id: string): boolean {
  const { findBy } = error as { findBy?: (property: string, value: string) => unknown };
  return Boolean(findBy?.call(error, 'apiId', id));
}
