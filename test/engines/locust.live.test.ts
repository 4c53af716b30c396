/** The exported script in Locust itself: a master and two workers against an architecture that serves. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { decodeSamples } from '../../src/measurement/samples.js';
import { needs } from '../support/needs.js';

const BIN = path.join(import.meta.dirname, '../../bin/sync-vs-events.js');
let folder = '';
let children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'locust-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await sleep(50);
  rmSync(folder, { recursive: true });
});

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ROWS_FILE: 'load/rows.jsonl' }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function served(): Promise<string> {
  const server = start(process.execPath, [BIN, 'serve', 'hybrid']);
  for await (const chunk of server.stdout ?? []) {
    const url = /serves at (\S+)/.exec(String(chunk))?.[1];
    if (url) return url;
  }
  throw new Error('nothing serves');
}

async function cli(...args: string[]): Promise<number> {
  const [code] = (await once(start(process.execPath, [BIN, ...args]), 'exit')) as [number];
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

interface Cluster {
  master: Promise<unknown>;
  workers: ChildProcess[];
}

async function locust(count: number): Promise<Cluster> {
  const port = String(await freePort());
  const script = ['-f', 'load/locustfile.py'];
  const master = start('locust', [...script, '--headless', '-u', '1', '-r', '1', '-t', '60s', '--master', '--master-bind-port', port, '--expect-workers', String(count), '--expect-workers-max-wait', '60']);
  const workers = Array.from({ length: count }, () => start('locust', [...script, '--worker', '--master-port', port]));
  for (const child of [master, ...workers]) for (const stream of [child.stdout, child.stderr]) stream?.resume();
  return { master: once(master, 'exit'), workers };
}

async function collected(): Promise<{ code: number; trial: MeasuredTrial; record: RunRecord }> {
  const code = await cli('collect', 'load', '--quiet', '-o', 'json=run.json');
  const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
  return { code, record, trial: record.trials[0] as MeasuredTrial };
}

describe('Locust', { timeout: 120_000, ...needs('locust') }, () => {
  it('sends the schedule of one generator from two workers, and every row comes back once', async () => {
    const url = await served();
    expect(await cli('export', 'locust', '-a', 'hybrid', '--target', url, '-R', '40', '-s', '1s:60,2s:20', '--warmup', '1s', '-o', 'load')).toBe(0);
    const { master } = await locust(2);
    await master;
    const { trial, record } = await collected();
    expect(record.generator).toEqual({ engine: 'locust', workers: 2 });
    expect(trial.validity.problems.filter((problem) => /books|rows|workers/.test(problem))).toEqual([]);
    // 50 in the first second, 80 in the two after it.
    expect(trial.outcomes.sent).toBe(130);
    const { start: starts } = decodeSamples(trial.samples);
    const sorted = [...starts].filter((at) => at >= 0).toSorted((a, b) => a - b);
    // Due when the integral of the rate, 40 t + 10 t^2, has grown to n.
    for (const n of [1, 10, 40]) expect(sorted[n]).toBeCloseTo(1000 * ((-40 + Math.sqrt(1600 + 40 * n)) / 20), 1);
  });

  it('is invalid when a worker dies with what it had not told', async () => {
    const url = await served();
    expect(await cli('export', 'locust', '-a', 'hybrid', '--target', url, '-c', '20', '-d', '6s', '--warmup', '1s', '-o', 'load')).toBe(0);
    const { master, workers } = await locust(2);
    const isUnderWay = (): boolean => {
      try {
        return readFileSync(path.join(folder, 'load/rows.jsonl'), 'utf8').length > 0;
      } catch {
        return false;
      }
    };
    while (!isUnderWay()) await sleep(50);
    workers[0]?.kill('SIGKILL');
    await master;
    const { code, trial } = await collected();
    expect(code).toBe(3);
    expect(trial.validity.problems.join(' ')).toMatch(/1 of 2 workers of locust did not tell their last row/);
  });
});
