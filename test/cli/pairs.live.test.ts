/** Servers of one's own compared in interleaved blocks, through the real binary. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/measurement/record.js';
import { claimRatio } from '../support/claims.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');

let folder: string;
let servers: Server[];
let running: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-pairs-'));
  servers = [];
});
afterEach(async () => {
  running?.kill('SIGKILL');
  for (const server of servers) {
    server.closeAllConnections();
    await once(server.close(), 'close');
  }
  rmSync(folder, { recursive: true });
});

/** A server that answers after so many ms. */
async function serve(ms: number): Promise<string> {
  const server = createServer((_, response) => void setTimeout(() => response.end('ok'), ms));
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function start(base: string, head: string) {
  const targets = ['--target', `base=${base}`, '--target', `head=${head}`, '--compare', 'base,head'];
  const args = ['bench', ...targets, '-c', '30', '--no-color', '-o', `json=${path.join(folder, 'run.json')}`];
  const child = spawn(process.execPath, [BINARY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  const text = { out: '', err: '' };
  child.stdout.on('data', (data) => (text.out += String(data)));
  child.stderr.on('data', (data) => (text.err += String(data)));
  return { child, text };
}

async function compare(base: string, head: string) {
  const { child, text } = start(base, head);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...text, record: readRecord() };
}

const readRecord = (): RunRecord => JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;

describe('bench --target --compare', () => {
  it('finds the same server slower with latency added', { timeout: 90_000 }, async () => {
    const { code, out, record } = await compare(await serve(15), await serve(30));
    expect(code).toBe(1);
    // The run ends when one figure has failed: which of them is known first is the machine's.
    expect(out).toMatch(/FAIL\s+head\/base (p50|p95|throughput) at 30 users\s+slower, [+-]\d/);
    expect(record.verdict).toBe('fail');
    expect(record.paired?.[0]?.pairs.length).toBeGreaterThanOrEqual(3);
    const pairs = record.paired?.[0]?.pairs ?? [];
    // Twice as slow but for what the machine adds to both.
    expect(claimRatio(pairs.map(({ base, head }) => [head.p50 ?? NaN, base.p50 ?? NaN]), 1, 2)).not.toBe('excluded');
    for (const { base, head } of pairs) {
      // A block holds enough requests to know its p95.
      expect(Math.min(base.sent, head.sent)).toBeGreaterThanOrEqual(150);
    }
    const readings = record.comparisons.map(({ reading }) => reading);
    expect(readings).toContain('slower');
    expect(readings).not.toContain('faster');
  });

  it('keeps the pairs it has when interrupted, and ends with 130', { timeout: 60_000 }, async () => {
    const { child, text } = start(await serve(15), await serve(15));
    await expect.poll(() => text.err, { timeout: 40_000 }).toContain('1 pairs of blocks');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(readRecord().paired?.[0]?.pairs.length).toBeGreaterThanOrEqual(1);
    expect(readRecord().verdict).toBe('unknown');
  });
});

describe('noise --aa', () => {
  const SCENARIO = 'services: { a: 50ms }\nsteps: [a!]\n';

  it('says what it has when interrupted, and ends with 130', { timeout: 60_000 }, async () => {
    writeFileSync(path.join(folder, 'one.yaml'), SCENARIO);
    const args = ['noise', path.join(folder, 'one.yaml'), '--aa', '2', '-a', 'sync', '-c', '20'];
    const child = spawn(process.execPath, [BINARY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    const text = { out: '', err: '' };
    child.stdout.on('data', (data) => (text.out += String(data)));
    child.stderr.on('data', (data) => (text.err += String(data)));
    await expect.poll(() => text.err, { timeout: 40_000 }).toContain('1 of 2: sync against sync at 20 users: 1 pairs of blocks');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(text.out).toMatch(/^sync at 20 users compared with itself 1 times\n {2}false alarms {7}0 of 1 \(95 % interval /);
    expect(text.out).toMatch(/\n {2}drift {14}-\n$/);
  });
});
