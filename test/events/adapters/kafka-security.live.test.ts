/** Kafka behind TLS and SASL: who is let in, and what the others are told. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBroker } from '../../../src/events/brokers/find.js';
import { kafkaBroker } from '../../../src/events/brokers/kafka.js';
import { answers } from '../../../src/events/brokers/probe.js';
import { needs } from '../../support/needs.js';
import { eventually } from '../contract.js';

const run = promisify(execFile);
const HOSTILE = join(import.meta.dirname, '../../support/hostile');
const CERTIFICATE = join(HOSTILE, 'cert.pem');
const CLIENT = join(import.meta.dirname, '../kafka-client.mjs');

/** The properties of a private broker with one more listener, for those who prove who they are. */
function propertiesOf(folder: string, port: number, otherPort: number, securePort: number, certifiedPort: number): string {
  const { 'server.properties': plain = '' } = kafkaBroker.files({ folder: join(folder, 'data'), port, otherPort });
  const more = {
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${otherPort},SASL_SSL://localhost:${securePort},SSL://localhost:${certifiedPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL',
    'listener.name.ssl.ssl.client.auth': 'required',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(folder, 'trusted.pem'),
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': 'org.apache.kafka.common.security.plain.PlainLoginModule required user_me="s@cret";',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'keystore.pem'),
  };
  return plain + Object.entries(more).map(([name, value]) => `${name}=${value}\n`).join('');
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

describe('Kafka behind TLS and SASL', needs('kafka'), () => {
  let folder = '';
  let broker: ChildProcess | undefined;
  let address = '';
  let certified = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kafka-security-'));
    const [port = 0, otherPort = 0, securePort = 0, certifiedPort = 0] = await freePorts(4);
    address = `localhost:${securePort}`;
    certified = `localhost:${certifiedPort}`;
    const properties = join(folder, 'server.properties');
    writeFileSync(properties, propertiesOf(folder, port, otherPort, securePort, certifiedPort));
    writeFileSync(join(folder, 'trusted.pem'), readFileSync(CERTIFICATE));
    writeFileSync(join(folder, 'keystore.pem'), readFileSync(join(HOSTILE, 'key.pem'), 'utf8') + readFileSync(CERTIFICATE, 'utf8'));
    const args = kafkaBroker.args({ folder, port, otherPort });
    const java = (main: string, ...more: string[]): string[] => [...args.slice(0, -2), main, ...more];
    const credentials = ['--add-scram', 'SCRAM-SHA-512=[name=you,password=h!dden]'];
    await run(findBroker('kafka'), java('kafka.tools.StorageTool', 'format', '-t', 'c3luYy12cy1ldmVudHM5OQ', '-c', properties, ...credentials));
    broker = spawn(findBroker('kafka'), java('kafka.Kafka', properties), { stdio: 'ignore' });
    await eventually(() => answers(port, kafkaBroker.probe), Boolean, 50_000);
  });
  afterAll(async () => {
    if (broker?.kill('SIGKILL')) await once(broker, 'exit');
    rmSync(folder, { recursive: true });
  });

  /** What a client says that trusts the broker's certificate, or not. */
  async function said(url: string, topic: string, trusts = true): Promise<string> {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    const { stdout } = await run(process.execPath, [CLIENT, url, topic], { env: trusts ? { ...env, NODE_EXTRA_CA_CERTS: CERTIFICATE } : env });
    return stdout.trim();
  }

  it('lets in who knows the password, by PLAIN and by SCRAM', async () => {
    expect(await said(`kafkas://me:s%40cret@${address}`, 'plain')).toBe('came: o-1.0000000001');
    expect(await said(`kafkas://you:h!dden@${address}?mechanism=SCRAM-SHA-512`, 'scram')).toBe('came: o-1.0000000001');
  });

  it('lets in who shows a certificate that it trusts, and trusts whose authority the address names', async () => {
    const trusted = `kafkas://${certified}?ssl.ca.location=${CERTIFICATE}`;
    const shown = `ssl.certificate.location=${CERTIFICATE}&ssl.key.location=${join(HOSTILE, 'key.pem')}`;
    expect(await said(`${trusted}&${shown}`, 'certified', false)).toBe('came: o-1.0000000001');
    expect(await said(trusted, 'bare', false)).toMatch(/^BusRefusal: (The Kafka server at \S+ refuses to let this user in|No Kafka server answers at \S+): \S/);
  });

  it('tells the others why not, without the password', async () => {
    const start = `BusRefusal: The Kafka server at kafkas://me:***@${address} refuses to let this user in: `;
    const wrong = await said(`kafkas://me:wrong@${address}`, 'wrong');
    expect(wrong.slice(0, start.length)).toBe(start);
    expect(wrong).toContain('SASL authentication failed. Say who you are: ');
    const untrusted = await said(`kafkas://me:s%40cret@${address}`, 'untrusted', false);
    expect(untrusted.slice(0, start.length)).toBe(start);
    expect(untrusted).toContain('self-signed certificate. Say who you are: ');
    expect(await said(`kafkas://${address}`, 'nobody')).toMatch(/^BusRefusal: No Kafka server answers at kafkas:\/\/localhost:\d+: \S/);
    expect(await said(`kafka://me:s%40cret@${address}`, 'unencrypted')).toMatch(/^BusRefusal: No Kafka server answers at kafka:\/\/me:\*\*\*@localhost:\d+: \S/);
  });
});
