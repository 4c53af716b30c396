/** Connections of BullMQ to Redis. */
import { Redis, type RedisOptions } from 'ioredis';
import { accessOf, tlsFiles } from '../access.js';
import { BUSES } from '../buses.js';

const RECONNECT_MS = 100;
/** Longest wait for a connection to be taken, ms. */
const CONNECT_MS = 5000;

/** Not connected yet. It connects again by itself once it was connected, and what was asked meanwhile waits for it, as workers need it. */
export async function newClient(address: string): Promise<Redis> {
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
export async function connected(client: Redis): Promise<void> {
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
export async function keepsWhatItHas(client: Redis): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await client.info('memory'))?.[1] ?? 'noeviction';
  if (policy !== 'noeviction') throw new Error(`its maxmemory-policy is ${policy}, which throws away jobs when its memory is full`);
}
