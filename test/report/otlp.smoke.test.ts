/** The spans of a real bench and a real server: written to a file, posted to a receiver, and joined with those of others. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { readTraces } from '../../src/traces/read.js';
import { understand, type Question, type Understanding } from '../../src/traces/understand.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');
const SHOP = 'services: { pay: 10ms, stock: 5ms, email: 20ms }\nsteps: [pay!, stock!, email]\n';

let folder: string;
let server: Server | undefined;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-otlp-'));
  writeFileSync(path.join(folder, 'shop.yaml'), SHOP);
});
afterEach(() => {
  child?.kill('SIGKILL');
  server?.close();
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): ChildProcess {
  const { GITHUB_ACTIONS: _, ...env } = process.env;
  child = spawn(process.execPath, [BINARY, ...args], { cwd: folder, env: { ...env, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b' }, stdio: ['ignore', 'pipe', 'pipe'] });
  return child;
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const piece of stream ?? []) text += String(piece);
  return text;
}

/** Receives spans: busy at first, as receivers are at times. */
async function receive(): Promise<{ url: string; bodies: string[]; asked: IncomingMessage[] }> {
  const [bodies, asked]: [string[], IncomingMessage[]] = [[], []];
  server = createServer((request, response) => {
    asked.push(request);
    const isBusy = asked.length === 2;
    let body = '';
    request.on('data', (piece) => void (body += String(piece)));
    request.on('end', () => {
      if (!isBusy) bodies.push(body);
      response.writeHead(isBusy ? 503 : 200, { 'retry-after': '0' }).end('{"partialSuccess":{}}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, asked };
}

function seen(text: string, question: Question = {}): Understanding {
  const found = understand(readTraces([{ name: 'spans', bytes: Buffer.from(text) }]), question);
  if (Array.isArray(found)) throw new Error(`several operations: ${found.map(({ name }) => name).join(', ')}`);
  return found;
}

describe('bench', () => {
  it('writes and posts the spans of every measured request, and import tells the chain of each design', async () => {
    const { url, bodies, asked } = await receive();
    const args = ['-a', 'sync,hybrid', '-c', '3', '-d', '1s', '--warmup', '300ms', '--no-progress', '--quiet'];
    const bench = run('bench', 'shop.yaml', ...args, '-o', 'json=run.json', '-o', 'otlp=run.jsonl', '--otlp', url);
    const [[code], errors] = await Promise.all([once(bench, 'exit'), textOf(bench.stderr)]);
    expect({ isMeasured: code === 0 || code === 3, errors }).toEqual({ isMeasured: true, errors: '' });
    const spans = readFileSync(path.join(folder, 'run.jsonl'), 'utf8');
    expect(bodies.filter((body) => body !== '{"resourceSpans":[]}').join('\n')).toBe(spans.trim());
    expect(asked.map(({ url: at, headers }) => [at, headers['x-key'], headers['content-type']])).toEqual(asked.map(() => ['/v1/traces', 'a b', 'application/json']));

    const { trials } = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    for (const trial of trials as MeasuredTrial[]) {
      const { total, steps, consumers } = seen(spans, { operation: `${trial.architecture} at 3 users POST /orders` });
      expect(total.times).toHaveLength(trial.outcomes.ok);
      expect(steps.map(({ name }) => name)).toEqual(trial.architecture === 'sync' ? ['pay', 'stock', 'email'] : ['pay', 'stock', 'publish-orders']);
      expect(steps.map(({ after }) => after)).toEqual([[], ['pay'], ['pay', 'stock']].slice(0, 3));
      expect(consumers.map(({ name }) => name)).toEqual(trial.architecture === 'sync' ? [] : ['email']);
    }
  });
});

describe('serve', () => {
  it('writes the spans of whoever asked, within the trace that they came with', async () => {
    const serve = run('serve', 'hybrid', 'shop.yaml', '-o', 'otlp=served.jsonl');
    let out = '';
    serve.stdout?.on('data', (piece) => void (out += String(piece)));
    await expect.poll(() => out).toContain('Ctrl-C ends it.');
    const [, orders = ''] = / (\S+\/orders)/.exec(out) ?? [];
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    // The mails of the first three are out by the time that the last ones are answered.
    for (let order = 0; order < 8; order++) {
      const response = await fetch(orders, { method: 'POST', headers: order === 1 ? { traceparent: `00-${trace}-00f067aa0ba902b7-01` } : {} });
      await response.text();
    }
    const exit = once(serve, 'exit');
    serve.kill('SIGINT');
    await exit;
    const text = readFileSync(path.join(folder, 'served.jsonl'), 'utf8');
    const { spans } = readTraces([{ name: 'served', bytes: Buffer.from(text) }]);
    const servers = spans.filter(({ service, kind }) => service === 'shop-hybrid' && kind === 'server');
    expect(servers.map(({ trace: of, parent }) => (of === trace ? parent : ''))).toEqual(['', '00f067aa0ba902b7', '', '', '', '', '', '']);
    // Server, two calls and their services, publish, delivery, its call and its service.
    expect(spans.filter((span) => span.trace === trace)).toHaveLength(9);
    const [email, ...others] = seen(text).consumers;
    expect([email?.name, others]).toEqual(['email', []]);
    expect(email?.times.length).toBeGreaterThanOrEqual(3);
  });
});
