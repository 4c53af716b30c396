/** The real binary in trouble: signals, processes that die, and what is left behind. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/measurement/record.js';
import { isAlive } from '../support/alive.js';
import { needs } from '../support/needs.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');

let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts a bench and waits until its processes work. */
async function startBench(...args: string[]): Promise<{ bench: ChildProcess; children: Map<string, number> }> {
  const file = path.join(folder, 'run.json');
  const bench = spawn(process.execPath, [BINARY, 'bench', '-c', '5', '--warmup', '300ms', '-o', `json=${file}`, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running = bench;
  let said = '';
  bench.stderr?.on('data', (piece) => void (said += String(piece)));
  // Before it predicts, the processes are those that tell what the idle machine adds: without them the run goes on.
  await expect.poll(() => said, { timeout: 40_000, interval: 20 }).toContain('predicted:');
  await expect.poll(() => childrenOf(bench.pid ?? 0).size, { timeout: 20_000, interval: 20 }).toBe(3);
  // A child that was forked is not yet one that serves.
  await expect.poll(() => listening(childrenOf(bench.pid ?? 0).get('server')), { timeout: 20_000, interval: 20 }).toBe(true);
  return { bench, children: childrenOf(bench.pid ?? 0) };
}

/** Processes started by a process: what they are, and their id. */
function childrenOf(pid: number): Map<string, number> {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'ppid=', '-o', 'pid=', '-o', 'args='], { encoding: 'utf8' });
  const children = stdout.split('\n').flatMap((line): [string, number][] => {
    const [, parent, child, entry] = /^\s*(\d+)\s+(\d+)\s.*dist\/bundle\/(\w+)-process\.js/.exec(line) ?? [];
    return entry && Number(parent) === pid ? [[entry, Number(child)]] : [];
  });
  return new Map(children);
}

/** Whether a process has a socket open. */
function listening(pid: number | undefined): boolean {
  return spawnSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' }).stdout.includes('socket:');
}

function readRecord(): RunRecord {
  return JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
}

async function exitOf(bench: ChildProcess): Promise<number | null> {
  const [code] = (await once(bench, 'exit')) as [number | null];
  return code;
}

describe('interrupted', needs('ps'), () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s it ends with 130 long before its window does, with a record and nobody left', async (signal) => {
    const { bench, children } = await startBench('-d', '10m');
    bench.kill(signal);
    expect(await exitOf(bench)).toBe(130);
    expect([...children.values()].filter(isAlive)).toEqual([]);
    expect(readRecord().trials.map(({ state }) => state)).toEqual(['aborted']);
  });

  it('by SIGKILL it leaves nobody behind', async () => {
    const { bench, children } = await startBench('-d', '10m');
    bench.kill('SIGKILL');
    await expect.poll(() => [...children.values()].filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });
});

describe('a process that dies', needs('ps'), () => {
  it.each(['server', 'services', 'load'])('(%s) makes its trial errored; the rest runs on; exit 2', async (victim) => {
    const { bench, children } = await startBench('-d', '1s', '--drain', '300ms');
    process.kill(children.get(victim) ?? 0, 'SIGKILL');
    expect(await exitOf(bench)).toBe(2);
    const { trials } = readRecord();
    expect(trials.map(({ architecture, state }) => [architecture, state])).toEqual([
      ['sync', 'errored'],
      ['hybrid', 'measured'],
    ]);
    expect(trials[0]).toHaveProperty('message', `The ${victim} process was killed by SIGKILL`);
  });
});
