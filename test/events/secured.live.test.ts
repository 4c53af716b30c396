/** Brokers that want to know who one is, over TLS or with a token: as their own tools take it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startBroker, type Broker } from '../../src/events/brokers/broker.js';
import type { BrokerKind } from '../../src/events/buses.js';
import { checkBus } from '../../src/events/check.js';
import { busSettings } from '../../src/events/settings.js';
import { awsGate, type AwsGate } from '../support/aws-gate.js';
import { natsAccounts, natsKey } from '../support/nats-accounts.js';
import { needs } from '../support/needs.js';

const folder = mkdtempSync(join(tmpdir(), 'secured-'));
const file = (name: string): string => join(folder, name);
let broker: Broker | undefined;

/**
 * A certificate that is its own authority, for 127.0.0.1, which the client of NATS calls localhost; one that it has signed, for
 * somebody who is called `shop`; and one of somebody of that name whom it does not know.
 */
beforeAll(() => {
  const openssl = (...args: string[]): void => {
    if (spawnSync('openssl', args).status !== 0) throw new Error('openssl made no certificate');
  };
  const fresh = ['req', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl(...fresh, '-x509', '-keyout', file('key.pem'), '-out', file('ca.pem'), '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
  openssl(...fresh.slice(0, 4), '-keyout', file('shop.key'), '-out', file('shop.csr'), '-subj', '/CN=shop');
  openssl('x509', '-req', '-in', file('shop.csr'), '-CA', file('ca.pem'), '-CAkey', file('key.pem'), '-CAcreateserial', '-days', '2', '-out', file('shop.pem'));
  openssl(...fresh, '-x509', '-keyout', file('other.key'), '-out', file('other.pem'), '-subj', '/CN=shop');
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

/** What is said to one who has shown none: by the server, or by the end of the connection. */
const NO_CERTIFICATE = /^(The \w+ server at \S+ refuses to let this user in|No \w+ server answers at \S+): \S/;

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
    expect(await tried('nats', `tls://${host}?tlsca=${file('none.pem')}`)).toContain(`--bus-url names ${file('none.pem')}, which cannot be read: ENOENT`);
  });

  it('with a certificate of one\'s own', async () => {
    broker = await startBroker('nats', undefined, `tls { cert_file: "${file('ca.pem')}", key_file: "${file('key.pem')}", ca_file: "${file('ca.pem')}", verify: true }`);
    const at = `tls://${new URL(broker.url).host}?tlsca=${file('ca.pem')}`;
    expect(await tried('nats', `${at}&tlscert=${file('shop.pem')}&tlskey=${file('shop.key')}`)).toBe('let in');
    expect(await tried('nats', at, { NATS_CERT: file('shop.pem'), NATS_KEY: file('shop.key') })).toBe('let in');
    expect(await tried('nats', at)).toMatch(NO_CERTIFICATE);
    expect(await tried('nats', `${at}&tlscert=${file('other.pem')}&tlskey=${file('other.key')}`)).toMatch(/^The NATS server at \S+ refuses to let this user in: /);
  });

  it('with a credentials file, of a user whose account its operator has signed', async () => {
    const [ours, others] = [natsAccounts(), natsAccounts()];
    broker = await startBroker('nats', undefined, ours.settings);
    const { host } = new URL(broker.url);
    writeFileSync(file('shop.creds'), ours.credentials);
    writeFileSync(file('other.creds'), others.credentials);
    expect(await tried('nats', `nats://${host}?creds=${file('shop.creds')}`)).toBe('let in');
    expect(await tried('nats', `nats://${host}`, { NATS_CREDS: file('shop.creds') })).toBe('let in');
    expect(await tried('nats', `nats://${host}?creds=${file('other.creds')}`)).toContain('refuses to let this user in: Authorization Violation');
    expect(await tried('nats', `nats://${host}`)).toContain('refuses to let this user in: ');
    expect(await tried('nats', `nats://${host}?creds=${file('none.creds')}`)).toContain(`--bus-url names ${file('none.creds')}, which cannot be read: ENOENT`);
  });

  it('with a key whose public half the server knows', async () => {
    const [ours, others] = [natsKey(), natsKey()];
    broker = await startBroker('nats', undefined, `authorization { users: [ { nkey: ${ours.known} } ] }`);
    const { host } = new URL(broker.url);
    writeFileSync(file('shop.nk'), ours.seed);
    writeFileSync(file('other.nk'), others.seed);
    expect(await tried('nats', `nats://${host}?nkey=${file('shop.nk')}`)).toBe('let in');
    expect(await tried('nats', host, { NATS_NKEY: file('shop.nk') })).toBe('let in');
    expect(await tried('nats', `nats://${host}?nkey=${file('other.nk')}`)).toContain('refuses to let this user in: Authorization Violation');
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

  it('with a certificate of one\'s own', async () => {
    const port = await freePort();
    const settings = [`tls-port ${port}`, `tls-cert-file ${file('ca.pem')}`, `tls-key-file ${file('key.pem')}`, `tls-ca-cert-file ${file('ca.pem')}`, 'tls-auth-clients yes'];
    broker = await startBroker('redis', undefined, settings.join('\n'));
    const at = `rediss://127.0.0.1:${port}?cacert=${file('ca.pem')}`;
    expect(await tried('redis', `${at}&cert=${file('shop.pem')}&key=${file('shop.key')}`)).toBe('let in');
    expect(await tried('redis', at)).toMatch(NO_CERTIFICATE);
    expect(await tried('redis', `${at}&cert=${file('other.pem')}&key=${file('other.key')}`)).toMatch(NO_CERTIFICATE);
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

  it('with a certificate of one\'s own', async () => {
    const port = await freePort();
    const settings = [`listeners.ssl.default = 127.0.0.1:${port}`, `ssl_options.cacertfile = ${file('ca.pem')}`, `ssl_options.certfile = ${file('ca.pem')}`, `ssl_options.keyfile = ${file('key.pem')}`, 'ssl_options.verify = verify_peer', 'ssl_options.fail_if_no_peer_cert = true'];
    broker = await startBroker('rabbitmq', undefined, settings.join('\n'));
    const at = `amqps://guest:guest@127.0.0.1:${port}?cacertfile=${file('ca.pem')}`;
    expect(await tried('rabbitmq', `${at}&certfile=${file('shop.pem')}&keyfile=${file('shop.key')}`)).toBe('let in');
    expect(await tried('rabbitmq', at)).toMatch(NO_CERTIFICATE);
    expect(await tried('rabbitmq', `${at}&certfile=${file('other.pem')}&keyfile=${file('other.key')}`)).toMatch(NO_CERTIFICATE);
  });
});

describe('PostgreSQL', { timeout: 60_000, ...needs('postgres') }, () => {
  it('with a password, in the address or in the environment, over TLS, by whom it trusts', async () => {
    const hba = file('pg_hba.conf');
    writeFileSync(hba, 'host all postgres 127.0.0.1/32 trust\nhostssl all shop 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 scram-sha-256\n');
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
    for (const [name, value] of [['ssl_cert_file', file('ca.pem')], ['ssl_ca_file', file('ca.pem')], ['ssl_key_file', key], ['ssl', 'on']]) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await client.query("CREATE ROLE me LOGIN PASSWORD 'geheim'; CREATE ROLE shop LOGIN; GRANT CREATE ON DATABASE postgres TO me, shop; SELECT pg_reload_conf()");
    await client.end();
    const { host } = new URL(broker.url);
    const tls = `sslmode=verify-full&sslrootcert=${file('ca.pem')}`;
    expect(await tried('postgres', `postgres://me:geheim@${host}/postgres?${tls}`)).toBe('let in');
    expect(await tried('postgres', `postgres://me:falsch@${host}/postgres?${tls}`)).toMatch(/refuses to let this user in: password authentication failed for user "me"/);
    expect(await tried('postgres', `postgres://me:geheim@${host}/postgres?sslmode=verify-full`)).toMatch(/refuses to let this user in: .*certificate.*sslrootcert=FILE/);
    expect(await tried('postgres', `postgres://me:geheim@${host}/postgres`)).toContain('no encryption');
    // With a certificate of one's own in place of a password.
    expect(await tried('postgres', `postgres://shop@${host}/postgres?${tls}&sslcert=${file('shop.pem')}&sslkey=${file('shop.key')}`)).toBe('let in');
    expect(await tried('postgres', `postgres://shop@${host}/postgres?${tls}`)).toMatch(/refuses to let this user in: .*certificate.*sslcert=FILE/);
    expect(await tried('postgres', `postgres://shop@${host}/postgres?${tls}&sslcert=${file('other.pem')}&sslkey=${file('other.key')}`)).toMatch(NO_CERTIFICATE);
  });
});

describe('SQS', { timeout: 60_000, ...needs('sqs') }, () => {
  let gate: AwsGate | undefined;
  afterEach(() => {
    gate?.close();
    vi.unstubAllEnvs();
  });

  it('with a key, in the address or in the environment, over TLS, by whom it trusts', async () => {
    broker = await startBroker('sqs');
    gate = await awsGate(broker.url, { AKIDSHOP: { secret: 'ge/hei+m' } }, { cert: readFileSync(file('ca.pem')), key: readFileSync(file('key.pem')) });
    const { host } = new URL(gate.url);
    const at = `https://${host}?ca_bundle=${file('ca.pem')}&region=eu-central-1`;
    const as = (key: string): string => at.replace('//', `//AKIDSHOP:${encodeURIComponent(key)}@`);
    expect(await tried('sqs', as('ge/hei+m'))).toBe('let in');
    expect(await tried('sqs', as('falsch'))).toContain('refuses to let this user in: The request signature we calculated does not match');
    expect(await tried('sqs', as('ge/hei+m').replace('SHOP', 'NONE'))).toContain('refuses to let this user in: The security token included in the request is invalid');
    expect(await tried('sqs', as('ge/hei+m').replace(/ca_bundle=[^&]*/, ''))).toMatch(/refuses to let this user in: .*certificate.*ca_bundle=FILE/);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDSHOP');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'ge/hei+m');
    expect(await tried('sqs', at)).toBe('let in');
    expect(await tried('sqs', `https://${host}`, { AWS_CA_BUNDLE: file('ca.pem') })).toBe('let in');
  });
});
