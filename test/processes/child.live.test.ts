import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startChild, type Child } from '../../src/processes/child.js';
import { isAlive } from '../support/alive.js';
import { needs } from '../support/needs.js';

type TestRemote = {
  spin(nothing: undefined): void;
  busyFor(ms: number): void;
};

const started: Child<TestRemote>[] = [];

async function start(): Promise<Child<TestRemote>> {
  const child = await startChild<TestRemote>('../../test/support/child.js');
  started.push(child);
  return child;
}

afterEach(() => Promise.all(started.splice(0).map((child) => child.stop())));

describe('a child process', () => {
  it('is stopped, also when it no longer listens', needs('ps'), async () => {
    const child = await start();
    void child.calls.spin(undefined).catch(() => {});
    await child.stop(100);
    expect(isAlive(child.pid)).toBe(false);
    await expect(child.exited).resolves.toMatchObject({ signal: 'SIGKILL' });
  });

  it('ends without an error when its answer comes too late to be heard', async () => {
    const child = await start();
    const busy = new Promise((resolve) => {
      child.on('busy', resolve);
    });
    void child.calls.busyFor(200).catch(() => {});
    await busy;
    await child.stop(30_000);
    await expect(child.exited).resolves.toEqual({ code: 0, signal: null, stderr: '' });
  });

  it('goes when its parent is killed', needs('ps'), async () => {
    const parent = fork(path.resolve(import.meta.dirname, '../support/parent.js'), { stdio: 'ignore' });
    const [{ pid }] = (await once(parent, 'message')) as [{ pid: number }];
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  });
});
