/** Brokers that want to know who one is, over TLS or with a token: as their own tools take it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBroker, type Broker } from '../../src/events/brokers/broker.js';
import type { BrokerKind } from '../../src/events/buses.js';
import { checkBus } from '../../src/events/check.js';
import { busSettings } from '../../src/events/settings.js';
import { needs } from '../support/needs.js';

const folder = mkdtempSync(join(tmpdir(), 'secured-'));
const file = (name: string): string => join(folder, name);
let broker: Broker | undefined;

/** A certificate that is its own authority, for 127.0.0.1, which the client of NATS calls localhost. */
beforeAll(() => {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const { status } = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', file('key.pem'), '-out', file('ca.pem'), ...subject]);
  if (status !== 0) throw new Error('openssl made no certificate');
});
afterEach(() => broker?.stop());
afterAll(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** Everything that a trial asks of a bus. */
function tried(bus: BrokerKind, busUrl: string, env: Record<string, string> = {}): Promise<string> {
  return checkBus(busSettings({ bus, busUrl }, env)).then(() => 'let in', (error: Error) => error.message);
}

describe('NATS', { timeout: 60_000, ...needs('nats') }, () => {
  it('with a user, in the address or in the environment', async () => {
    broker = await startBroker('nats', undefined, 'authorization { user: me, password: "geheim" }');
    const { host } = new URL(broker.url);
    expect(await tried('nats', `nats://me:geheim@${host}`)).toBe('let in');
    expect(await tried('nats', host, { NATS_USER: 'me', NATS_PASSWORD: 'geheim' })).toBe('let in');
    expect(await tried('nats', `nats://me:falsch@${host}`, { NATS_PASSWORD: 'geheim' })).toContain('refuses to let this user in: Authorization Violation');
  });

  it('with a token', async () => {
    broker = await startBroker('nats', undefined, 'authorization { token: "geheim" }');
    const { host } = new URL(broker.url);
    expect(await tried('nats', `nats://geheim@${host}`)).toBe('let in');
    expect(await tried('nats', `nats://${host}`, { NATS_TOKEN: 'geheim' })).toBe('let in');
    expect(await tried('nats', `nats://${host}`)).toContain('Authorization Violation');
  });

  it('over TLS, by whom it trusts', async () => {
    broker = await startBroker('nats', undefined, `tls { cert_file: "${file('ca.pem')}", key_file: "${file('key.pem')}" }`);
    const { host } = new URL(broker.url);
    expect(await tried('nats', `tls://${host}?tlsca=${file('ca.pem')}`)).toBe('let in');
    expect(await tried('nats', `tls://${host}`, { NATS_CA: file('ca.pem') })).toBe('let in');
    expect(await tried('nats', `tls://${host}`)).toMatch(/refuses to let this user in: .*certificate.*tlsca=FILE/i);
  });
});

describe.each(['redis', 'bullmq'] as const)('Redis by %s', { timeout: 60_000, ...needs('redis') }, (bus) => {
  it('with a password, over TLS, by whom it trusts', async () => {
    const port = await freePort();
    const settings = [`tls-port ${port}`, `tls-cert-file ${file('ca.pem')}`, `tls-key-file ${file('key.pem')}`, `tls-ca-cert-file ${file('ca.pem')}`, 'tls-auth-clients no', 'requirepass geheim'];
    broker = await startBroker(bus, undefined, settings.join('\n'));
    expect(await tried(bus, `rediss://:geheim@127.0.0.1:${port}?cacert=${file('ca.pem')}`)).toBe('let in');
    expect(await tried(bus, `rediss://127.0.0.1:${port}?cacert=${file('ca.pem')}`, { REDISCLI_AUTH: 'geheim' })).toBe('let in');
    expect(await tried(bus, `rediss://:geheim@127.0.0.1:${port}`)).toMatch(/refuses to let this user in: .*certificate.*cacert=FILE/);
    expect(await tried(bus, broker.url)).toContain('NOAUTH');
  });
});

describe('RabbitMQ', { timeout: 120_000, ...needs('rabbitmq') }, () => {
  it('with a user of its own, over TLS, by whom it trusts', async () => {
    const port = await freePort();
    const settings = [`listeners.ssl.default = 127.0.0.1:${port}`, `ssl_options.cacertfile = ${file('ca.pem')}`, `ssl_options.certfile = ${file('ca.pem')}`, `ssl_options.keyfile = ${file('key.pem')}`, 'ssl_options.verify = verify_none', 'default_user = shop', 'default_pass = geheim'];
    broker = await startBroker('rabbitmq', undefined, settings.join('\n'));
    expect(await tried('rabbitmq', `amqps://shop:geheim@127.0.0.1:${port}?cacertfile=${file('ca.pem')}`)).toBe('let in');
    expect(await tried('rabbitmq', `amqps://shop:geheim@127.0.0.1:${port}`)).toMatch(/refuses to let this user in: .*certificate.*cacertfile=FILE/);
    expect(await tried('rabbitmq', `amqps://127.0.0.1:${port}?cacertfile=${file('ca.pem')}`)).toContain('ACCESS_REFUSED');
  });
});

describe('PostgreSQL', { timeout: 60_000, ...needs('postgres') }, () => {
  it('with a password, in the address or in the environment, over TLS, by whom it trusts', async () => {
    const hba = file('pg_hba.conf');
    writeFileSync(hba, 'host all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n');
    // Whoever the server runs as has to get at it, and nobody else may at the key.
    chmodSync(folder, 0o755);
    const key = file('postgres.key');
    copyFileSync(file('key.pem'), key);
    broker = await startBroker('postgres', undefined, [`hba_file = '${hba}'`, 'ssl = off'].join('\n'));
    const client = new Client({ connectionString: broker.url });
    await client.connect();
    const { rows: [server] } = await client.query<{ data: string }>("SELECT current_setting('data_directory') AS data");
    const { uid, gid } = statSync(server?.data ?? '');
    chmodSync(key, 0o600);
    chownSync(key, uid, gid);
    for (const [name, value] of [['ssl_cert_file', file('ca.pem')], ['ssl_key_file', key], ['ssl', 'on']]) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await client.query("CREATE ROLE me LOGIN PASSWORD 'geheim'; GRANT CREATE ON DATABASE postgres TO me; SELECT pg_reload_conf()");
    await client.end();
    const { host } = new URL(broker.url);
    const tls = `sslmode=verify-full&sslrootcert=${file('ca.pem')}`;
    expect(await tried('postgres', `postgres://me:geheim@${host}/postgres?${tls}`)).toBe('let in');
    expect(await tried('postgres', `postgres://me:falsch@${host}/postgres?${tls}`)).toMatch(/refuses to let this user in: password authentication failed for user "me"/);
    expect(await tried('postgres', `postgres://me:geheim@${host}/postgres?sslmode=verify-full`)).toMatch(/refuses to let this user in: .*certificate.*sslrootcert=FILE/);
    expect(await tried('postgres', `postgres://me:geheim@${host}/postgres`)).toContain('no encryption');
  });
});
