import childProcess, { execFile } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import net, { createServer } from 'node:net';
import http from 'node:http';
import { setImmediate as immediate, setTimeout as timeout } from 'node:timers';
import promises, { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { realTime } from './real-time.js';

const nothing = (): void => {};

describe('a unit test', () => {
  it.each<[string, () => unknown]>([
    ['setTimeout', () => setTimeout(nothing, 1)],
    ['setInterval', () => setInterval(nothing, 1)],
    ['setImmediate', () => setImmediate(nothing)],
    ['setTimeout of node:timers', () => timeout(nothing, 1)],
    ['setImmediate of node:timers', () => immediate(nothing)],
    ['setTimeout of node:timers/promises', () => sleep(1)],
    ['setInterval of node:timers/promises', () => promises.setInterval(1)],
    ['setImmediate of node:timers/promises', () => promises.setImmediate()],
    ['scheduler.wait', () => promises.scheduler.wait(1)],
    ['AbortSignal.timeout', () => AbortSignal.timeout(1)],
    ['performance.now', () => performance.now()],
    ['Date.now', () => Date.now()],
    ['new Date()', () => new Date()],
    ['process.hrtime', () => process.hrtime()],
    ['process.hrtime.bigint', () => process.hrtime.bigint()],
    ['performance.now', now],
    ['spawn of node:child_process', () => childProcess.spawn('true')],
    ['spawnSync of node:child_process', () => childProcess.spawnSync('true')],
    ['exec of node:child_process', () => childProcess.exec('true')],
    ['execFile of node:child_process', () => execFile('true')],
    ['fork of node:child_process', () => childProcess.fork('true.js')],
    ['a Worker of node:worker_threads', () => new Worker('', { eval: true })],
    ['a listening socket', () => createServer().listen(0)],
    ['a listening socket', () => http.createServer().listen(0, '127.0.0.1')],
    ['a socket', () => net.connect(1)],
    ['a socket', () => http.get('http://127.0.0.1:1')],
  ])('cannot use %s', (name, use) => {
    expect(use).toThrow(new RegExp(`^A unit test used ${name.replace(/[.()]/g, '\\$&')}: .*, or name the file \\*\\.smoke\\.test\\.ts`));
  });

  it('may make moments of its own, and let the clock be read where modules are loaded', () => {
    expect(new Date(0).getTime()).toBe(0);
    expect(new Date('2026-01-02').toISOString()).toBe('2026-01-02T00:00:00.000Z');
    expect(new Date(2026, 0) instanceof Date).toBe(true);
  });

  it('can let promises settle, in virtual time', async () => {
    let settled = false;
    void Promise.resolve().then(() => (settled = true));
    await new Promise<void>((resolve) => realTime.setImmediate(resolve));
    expect(settled).toBe(true);
    expect(realTime.performanceNow()).toBeGreaterThan(0);
  });
});
