/** A limit that ends a run as soon as it is hopeless, through the real binary. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/measurement/record.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-abort-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('abort', () => {
  it('cuts the trial off, runs no other, fails, and says so in the record', () => {
    const scenario = 'services: { pay: 300ms }\nsteps: [pay!]\nthresholds: ["abort 500ms: sync: p50 < 100ms", "parallel: p50 < 10s"]\n';
    writeFileSync(path.join(folder, 'slow.yaml'), scenario);
    const args = ['bench', 'slow.yaml', '-a', 'sync,parallel', '-c', '20', '-d', '60s', '--warmup', '300ms', '--no-progress', '-o', 'json=run.json'];
    const { status, stdout } = spawnSync(process.execPath, [BINARY, ...args], { cwd: folder, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/FAIL\s+abort 500ms: sync: p50 < 100ms\s+at 20 users: Hopeless after/);
    const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    expect(record.verdict).toBe('fail');
    expect(record.trials).toEqual([
      { subject: 'sync', architecture: 'sync', base: 'sync', round: 1, load: { model: 'closed', users: 20 }, state: 'aborted', hopeless: 'abort 500ms: sync: p50 < 100ms', message: expect.stringContaining('p50 is at least') as string },
    ]);
    expect(record.checks.map(({ state }) => state)).toEqual(['fail', 'unknown']);
    expect(spawnSync(process.execPath, [BINARY, 'report', 'run.json'], { cwd: folder, encoding: 'utf8' }).stdout).toBe(stdout);
  });

  it('changes nothing while the limit can be kept', () => {
    writeFileSync(path.join(folder, 'fast.yaml'), 'services: { pay: 20ms }\nsteps: [pay!]\n');
    const args = ['bench', 'fast.yaml', '-a', 'sync', '-c', '5', '-d', '600ms', '--warmup', '300ms', '--no-progress', '--threshold', 'abort: sync: p50 < 5s', '-o', 'json=-'];
    const { stdout } = spawnSync(process.execPath, [BINARY, ...args], { cwd: folder, encoding: 'utf8' });
    expect((JSON.parse(stdout) as RunRecord).trials.map(({ state }) => state)).toEqual(['measured']);
  });
});
