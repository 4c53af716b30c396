/** A whole bench through the real binary: processes, load, measurement, record and report. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');
const SHORT = ['-d', '700ms', '--warmup', '300ms', '--no-progress'];

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-bench-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const { GITHUB_ACTIONS: _, ...env } = process.env;
  return spawnSync(process.execPath, [BINARY, ...args], { cwd: folder, encoding: 'utf8', env });
}

const recordIn = (name: string): RunRecord => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as RunRecord;

/** Passed, or measured on a machine that was too busy for a valid measurement. */
const MEASURED = [0, 3];

function expectBalanced(trial: RunRecord['trials'][number] | undefined): asserts trial is MeasuredTrial {
  expect(trial?.state).toBe('measured');
  const { outcomes: { sent, ...ends }, server, validity } = trial as MeasuredTrial;
  expect(sent).toBeGreaterThan(0);
  expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(sent);
  expect(validity.problems.filter((problem) => problem.startsWith('The books'))).toEqual([]);
  // A server of one's own tells no count.
  expect(server.received ?? sent - server.unreached).toBe(sent - server.unreached);
}

describe('bench', () => {
  it('measures both designs, books every request and event, and draws the saved record as it was', () => {
    writeFileSync(path.join(folder, 'shop.yaml'), 'services: { pay: 10ms, email: 20ms }\nsteps: [pay!, email]\n');
    const { status, stdout, stderr } = run('bench', 'shop.yaml', '-a', 'sync,hybrid', '-c', '4', ...SHORT, '-o', 'json=run.json', '-o', 'csv=run.csv');
    expect(stderr).toBe('');
    expect(MEASURED).toContain(status);
    const { trials } = recordIn('run.json');
    expect(trials.map(({ architecture }) => architecture)).toEqual(['sync', 'hybrid']);
    for (const trial of trials) expectBalanced(trial);
    const { events, outcomes } = trials[1] as MeasuredTrial;
    expect(events?.acknowledged).toBe(outcomes.ok);
    expect((events?.processed ?? 0) + (events?.pending ?? 0) + (events?.deadLettered ?? 0) + (events?.lost ?? 0)).toBe(outcomes.ok);

    expect(run('report', 'run.json')).toMatchObject({ stderr: '', stdout });
    expect(run('report', 'run.json', '-o', 'csv=again.csv')).toMatchObject({ stderr: '', stdout: '' });
    expect(readFileSync(path.join(folder, 'again.csv'))).toEqual(readFileSync(path.join(folder, 'run.csv')));
  });

  it('measures a server of one\'s own', async () => {
    const server = createServer((request, response) => request.resume().on('end', () => response.end('ok')));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const args = ['bench', '--target', `shop=${url}`, '-c', '2', ...SHORT, '--quiet', '-o', 'json=run.json'];
    const [code] = (await once(spawn(process.execPath, [BINARY, ...args], { cwd: folder, stdio: 'ignore' }), 'close')) as [number];
    server.closeAllConnections();
    server.close();
    expect(MEASURED).toContain(code);
    expectBalanced(recordIn('run.json').trials[0]);
  });
});
