/** How a Kafka cluster is reached: what an address says, and the topics and groups that one topic of ours takes there. */
import { Admin, type BaseOptions, type SASLOptions } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../base/errors.js';
import { tlsFiles, type TlsFiles } from '../access.js';
import type { ConnectOptions } from '../adapter.js';
import { kafkaBroker } from '../brokers/kafka.js';
import { greets } from '../brokers/probe.js';
import type { Opening } from '../refusal.js';

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
/** Parameters of an address that name files, as librdkafka and kcat call them. */
const FILES = { ca: 'ssl.ca.location', certificate: 'ssl.certificate.location', key: 'ssl.key.location' } as const;

/** What every client of one process says when it connects. */
export type KafkaConnection = Pick<BaseOptions, 'clientId' | 'connectTimeout' | 'retryDelay' | 'tls' | 'sasl'> & { bootstrapBrokers: string[] };

/**
 * Reads `kafka://[user:password@]host:port[,host:port][?mechanism=SCRAM-SHA-512]`; with `kafkas://` over TLS, and the files
 * that `ssl.ca.location` and the like name.
 * @throws UserError when it is none, or names a file that cannot be read
 */
export function connectionOf(url: string): KafkaConnection {
  const { scheme, user, password, hosts = '', query = '' } = ADDRESS.exec(url)?.groups ?? {};
  const parameters = parametersOf(query);
  const names = hosts.split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:9092`));
  const isAddress = names.every((name) => /^[\w.-]+:\d+$/.test(name));
  if (!isAddress) throw new UserError('--bus-url of kafka is kafka://host:port[,host:port], or kafkas:// for TLS; a user is kafka://user:password@host:port');
  return {
    clientId: 'sync-vs-events',
    bootstrapBrokers: names,
    connectTimeout: CONNECT_WITHIN_MS,
    retryDelay: RETRY_EVERY_MS,
    ...tlsOf(scheme === 'kafkas', parameters),
    ...saslOf(user, password, parameters.get('mechanism')),
  };
}

function parametersOf(query: string): URLSearchParams {
  const parameters = new URLSearchParams(query);
  const known: string[] = ['mechanism', ...Object.values(FILES)];
  const unknown = [...parameters.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UserError(`--bus-url says ${unknown}, which kafka does not know: only ${known.join(', ')}.`);
  return parameters;
}

function tlsOf(isSecure: boolean, parameters: URLSearchParams): { tls?: TlsFiles } {
  const files = Object.fromEntries(Object.entries(FILES).flatMap(([name, parameter]) => (parameters.has(parameter) ? [[name, parameters.get(parameter)]] : [])));
  const [named] = Object.keys(files);
  if (isSecure) return { tls: tlsFiles(files) };
  if (named === undefined) return {};
  throw new UserError(`--bus-url says ${FILES[named as keyof typeof FILES]}, and is not over TLS: kafkas://host:port.`);
}

function saslOf(user: string | undefined, password: string | undefined, said: string | null): { sasl?: SASLOptions } {
  const mechanism = said ?? 'PLAIN';
  if (!MECHANISMS.includes(mechanism as Mechanism)) {
    throw new UserError(`--bus-url says mechanism=${mechanism}: choose one of ${MECHANISMS.join(', ')}.`);
  }
  if (user === undefined) {
    if (said === null) return {};
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

/** Creates what is not there yet, and waits until all of it has leaders. @throws BusRefusal */
export async function prepareTopics(connection: KafkaConnection, { topic, consumers }: ConnectOptions, step: Opening['step']): Promise<void> {
  const ours = consumers.flatMap((consumer) => [retryTopic(topic, consumer), deadTopic(topic, consumer)]);
  const admin = new Admin({ ...connection, retries: 0 });
  try {
    await step('connect', () => reach(admin, connection));
    await step('create', async () => {
      await create(admin, [topic], PARTITIONS);
      await create(admin, ours, 1);
      await leaders(admin, [topic, ...ours]);
    });
  } finally {
    await admin.close();
  }
}

/** Whether the topic exists; asking creates nothing. @throws BusRefusal */
export async function hasTopic(connection: KafkaConnection, { topic }: ConnectOptions, step: Opening['step']): Promise<boolean> {
  const admin = new Admin({ ...connection, retries: 0 });
  try {
    await step('connect', () => reach(admin, connection));
    return await step('hold', async () => (await admin.listTopics({})).includes(topic));
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

/** Rejects when nobody answers, or lets us in. */
async function reach(admin: Admin, { bootstrapBrokers }: KafkaConnection): Promise<void> {
  // A client that waits for an answer in vain never lets go of its socket.
  await Promise.any(bootstrapBrokers.map((broker) => {
    const [, host = '', port] = /^(.*):(\d+)$/.exec(broker) ?? [];
    return greets(host, Number(port), CONNECT_WITHIN_MS, kafkaBroker.probe.say);
  }));
  await admin.metadata({ topics: [] });
}

async function create(admin: Admin, topics: string[], partitions: number): Promise<void> {
  if (topics.length === 0) return;
  try {
    await admin.createTopics({ topics, partitions, replicas: REPLICAS });
  } catch (error) {
    // All are made together: when one is there, so are the others.
    if (!isProtocolError(error, 'TOPIC_ALREADY_EXISTS')) throw error;
  }
}

async function leaders(admin: Admin, topics: string[]): Promise<void> {
  for (const until = Date.now() + LEADERS_WITHIN_MS; Date.now() < until; await sleep(RETRY_EVERY_MS)) {
    const metadata = await admin.metadata({ topics: [...topics], forceUpdate: true }).catch(() => null);
    const partitions = topics.map((topic) => metadata?.topics.get(topic)?.partitions ?? []);
    if (partitions.every((some) => some.length > 0 && some.every(({ leader }) => leader >= 0))) return;
  }
  throw new Error(`the partitions of ${topics[0]} have no leader after ${LEADERS_WITHIN_MS / 1000} s`);
}

/** Whether the broker said so, however deep in the error. */
export function isProtocolError(error: unknown, id: string): boolean {
  const { findBy } = error as { findBy?: (property: string, value: string) => unknown };
  return Boolean(findBy?.call(error, 'apiId', id));
}

/** Whether the user lacks a right: all else that a group is told is that it changes, or its broker. */
export function isDenied(error: unknown): boolean {
  return ['GROUP', 'TOPIC', 'CLUSTER'].some((of) => isProtocolError(error, `${of}_AUTHORIZATION_FAILED`));
}
