/** A chain with real services: the tool calls servers of this test, over HTTP and TLS, as it is told to. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');
const SHORT = ['-c', '3', '-d', '1s', '--warmup', '300ms', '--no-progress', '--quiet'];
/** Calls that a service is measured by, the first two left out. */
const ALONE = 22;

let folder: string;
let server: Server | undefined;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-real-'))));
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true });
});

interface Seen {
  headers: IncomingMessage['headers'];
  method: string;
  url: string;
  body: string;
}

/** A service that answers by what it is asked. */
async function serve(answer: (seen: Seen, call: number) => { status: number; body: string; after: number; headers?: Record<string, string> }): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => void (body += String(piece)));
    request.on('end', () => {
      const one = { headers: request.headers, method: request.method ?? '', url: request.url ?? '', body };
      const { status, body: text, after, headers = {} } = answer(one, seen.push(one) - 1);
      setTimeout(() => response.writeHead(status, headers).end(text), after);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const { GITHUB_ACTIONS: _, ...rest } = process.env;
  const child = spawn(process.execPath, [BINARY, ...args], { cwd: folder, env: { ...rest, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece) => void (out += String(piece)));
  child.stderr.on('data', (piece) => void (err += String(piece)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

function shop(service: string, more = ''): void {
  writeFileSync(path.join(folder, 'shop.yaml'), `services:\n  payment: ${service}\n  email: 10ms\nsteps: [{ call: payment, critical: true${more} }, email]\n`);
}

const recordIn = (name: string): RunRecord => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as RunRecord;

describe('a real service', () => {
  it('is called by every design as it says, is predicted by what it takes alone, and is kept without its secrets', async () => {
    const { url, seen } = await serve(() => ({ status: 201, body: '{"paid":true}', after: 15 }));
    shop(`{ url: "${url}/pay/{{index}}?x=1", method: POST, headers: { authorization: { env: PAY_TOKEN } }, body: '{"order":{{index}}}', expect: { status: 201, body: paid } }`);
    const { code, err } = await run(['bench', 'shop.yaml', '-a', 'sync,hybrid', ...SHORT, '-o', 'json=run.json'], { PAY_TOKEN: 'Bearer geheim' });
    expect({ isMeasured: code === 0 || code === 3, err }).toEqual({ isMeasured: true, err: '' });
    const text = readFileSync(path.join(folder, 'run.json'), 'utf8');
    expect(text).not.toContain('geheim');
    const record = recordIn('run.json');
    const [sync, hybrid] = record.trials as [MeasuredTrial, MeasuredTrial];
    for (const trial of [sync, hybrid]) {
      expect([trial.outcomes.ok, trial.steps['payment']!.ok]).toEqual([trial.outcomes.sent, trial.outcomes.sent]);
      expect(trial.steps['payment']!.serviceTime.min).toBeGreaterThan(13);
      expect(trial.predicted).toBeDefined();
      expect(trial.validity.notes.join(' ')).toContain('payment is a real service');
    }
    const measured = seen.filter(({ headers }) => Number(headers['x-request']) >= 0);
    expect(measured).toHaveLength(sync.outcomes.sent + hybrid.outcomes.sent);
    for (const { headers, method, url: at, body } of measured) {
      const index = String(headers['x-request']);
      expect([method, at, body, headers.authorization]).toEqual(['POST', `/pay/${index}?x=1`, `{"order":${index}}`, 'Bearer geheim']);
      expect(headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    }
    const latency = record.scenario.services.find(({ name }) => name === 'payment')!.latency;
    expect(latency.kind === 'values' && latency.values.length).toBe(20);

    const refused = await run(['simulate', 'shop.yaml'], { PAY_TOKEN: 'x' });
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('payment is a real service, and nobody knows what it takes')]);
    const advised = await run(['advise', 'run.json', '-c', '3', '--no-progress']);
    expect({ code: advised.code, err: advised.err, isTold: advised.out.includes('payment') }).toEqual({ code: 0, err: '', isTold: true });
  });

  it('fails where its answer is not the expected one, is tried again, and is heeded when it is too busy', async () => {
    const { url } = await serve((_, call) => {
      if (call < ALONE || call % 3 === 0) return { status: 200, body: 'paid', after: 5 };
      return call % 3 === 1 ? { status: 200, body: 'sorry', after: 5 } : { status: 429, body: '', after: 5, headers: { 'retry-after': '0' } };
    });
    shop(`{ url: "${url}/", expect: { body: paid } }`, ', retries: { attempts: 5, backoff: 1ms }');
    const { code } = await run(['bench', 'shop.yaml', '-a', 'sync', ...SHORT, '-o', 'json=run.json']);
    expect([0, 3]).toContain(code);
    const { steps } = recordIn('run.json').trials[0] as MeasuredTrial;
    expect(steps['payment']!.errors).toBeGreaterThan(0);
    expect(steps['payment']!.limited).toBeGreaterThan(0);
    expect(steps['payment']!.calls).toBeGreaterThan(steps['payment']!.ok);
  });

  it('is called over TLS by those who trust it, and by nobody else', async () => {
    const file = (name: string): string => path.join(folder, name);
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    expect(spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', file('key.pem'), '-out', file('ca.pem'), ...subject]).status).toBe(0);
    let connections = 0;
    const secure = createSecureServer({ key: readFileSync(file('key.pem')), cert: readFileSync(file('ca.pem')) }, (request, response) => request.resume().on('end', () => response.end('ok')));
    server = secure.on('secureConnection', () => connections++);
    await once(secure.listen(0, '127.0.0.1'), 'listening');
    shop(`{ url: "https://127.0.0.1:${(secure.address() as AddressInfo).port}/pay" }`);
    const stranger = await run(['bench', 'shop.yaml', '-a', 'sync', ...SHORT]);
    expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('self-signed certificate')]);
    connections = 0;
    const { code } = await run(['bench', 'shop.yaml', '-a', 'sync', ...SHORT, '-o', 'json=run.json'], { NODE_EXTRA_CA_CERTS: file('ca.pem') });
    expect([0, 3]).toContain(code);
    const { steps, outcomes } = recordIn('run.json').trials[0] as MeasuredTrial;
    expect(steps['payment']!.ok).toBe(outcomes.sent);
    // One for the calls alone, and one for each user: they are kept.
    expect(connections).toBeLessThanOrEqual(1 + 3 + 1);
  });

  it.each([
    ['nobody is there', '{ url: "http://127.0.0.1:9/" }', 'gave no good answer: connect ECONNREFUSED'],
    ['it is not this machine, and nobody says that it may be called', '{ url: "http://192.0.2.1/" }', '--yes says that these are'],
    ['it has a latency as well', '{ url: "http://127.0.0.1:9/", latency: 5ms }', 'unknown in a real service'],
    ['what the environment should say is not there', '{ url: "http://127.0.0.1:9/", headers: { x: { env: NOWHERE_TOKEN } } }', 'NOWHERE_TOKEN is not set'],
  ])('is refused when %s', async (_, service, message) => {
    shop(service);
    const { code, err } = await run(['bench', 'shop.yaml', '-a', 'sync', ...SHORT]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
