/** `serve --keep` and a load from elsewhere become one record, with both sides of its books. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadFrom } from '../support/engine.js';
import { Commands, type Command } from '../../benchmarks/support/commands.js';
import { SHOP } from './run.js';

let commands: Commands;
let load = '';
beforeEach(() => {
  commands = new Commands();
  load = path.join(commands.folder, 'load');
  writeFileSync(path.join(commands.folder, 'shop.yaml'), SHOP);
});
afterEach(() => commands.end());

async function served(...args: string[]): Promise<{ server: Command; url: string }> {
  const server = commands.start('serve', 'hybrid', 'shop.yaml', '--keep', 'load', ...args);
  return { server, url: await server.says(/serves at (\S+)/) };
}

async function exported(url: string): Promise<void> {
  expect(await commands.run('export', 'locust', 'shop.yaml', '-a', 'hybrid', '--target', url, '-R', '100', '-d', '1s', '--warmup', '200ms', '-o', 'load')).toMatchObject({ code: 0 });
}

describe('serve --keep', () => {
  it.each([
    ['the memory bus', [], ['load', 'server', 'services']],
    ['an outbox, with consumers of their own', ['--bus', 'outbox'], ['load', 'server', 'services', 'consumers']],
  ])('gives collect both sides of the books: %s', async (_, args, processes) => {
    const { server, url } = await served(...args);
    await exported(url);
    await loadFrom(load, url, { count: 100, rate: 100, warmup: 20 });
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const { trial, record } = await commands.collected('load');
    expect(trial.validity.problems.filter((problem) => /books|role|end in order/.test(problem))).toEqual([]);
    expect(trial.outcomes.sent).toBe(100);
    expect(trial.server.received).toBe(100);
    expect(trial.events).toMatchObject({ attempted: 100, acknowledged: 100, processed: 100, lost: 0, pending: 0 });
    expect(trial.events?.completionTime.count).toBe(trial.outcomes.ok);
    // It includes the reply and what the consumers have to do.
    expect(trial.events?.completionTime.min).toBeGreaterThan(40);
    expect(trial.steps['payment']?.calls).toBe(100);
    expect(Object.keys(trial.processes)).toEqual(processes.slice(1));
    expect(trial.predicted?.p50).toBeCloseTo(30, -1);
    expect(record.plan.bus?.name).toBe(args[1] ?? 'memory');
    const clock = trial.clocks?.hosts['locust 0'];
    expect(clock?.exchanges).toBe(120);
    expect(trial.clocks?.completionBound).toBe(clock?.bound);
  });

  it('leaves what was written so far when it is killed, and the trial is invalid', async () => {
    const { server, url } = await served();
    await exported(url);
    await loadFrom(load, url, { count: 100, rate: 100 });
    // The moments of requests are written now and then, their events before that.
    await vi.waitUntil(() => readFileSync(path.join(load, 'requests'), 'utf8').split('\n').length > 100, { interval: 20, timeout: 20_000 });
    server.process.kill('SIGKILL');
    await server.ended;
    const { code, trial } = await commands.collected('load');
    expect(code).toBe(3);
    expect(trial.server.received).toBe(100);
    expect(trial.events).toMatchObject({ attempted: 100, acknowledged: 100 });
    expect(trial.validity.problems).toContain('The role server did not come to its end in order: what it did not write down is missing.');
  });

  it('says what is missing when the server has counted more than there are rows', async () => {
    const { server, url } = await served();
    await exported(url);
    await loadFrom(load, url, { count: 100, rate: 100 });
    await fetch(`${url}/orders`, { method: 'POST' });
    server.process.kill('SIGTERM');
    await server.ended;
    const { code, trial } = await commands.collected('load');
    expect([code, trial.validity.problems]).toEqual([3, expect.arrayContaining(['The books do not balance: 100 requests were sent, but the server received 101: 1 too many.'])]);
  });

  it('keeps one run in a folder, and serves a folder of another load to nobody', async () => {
    const { server, url } = await served();
    await exported(url);
    await loadFrom(load, url, { count: 5, rate: 100 });
    server.process.kill('SIGTERM');
    await server.ended;
    expect(await commands.run('serve', 'hybrid', 'shop.yaml', '--keep', 'load')).toMatchObject({ code: 2, said: expect.stringContaining('load keeps another run already') as string });
    writeFileSync(path.join(commands.folder, 'shop.yaml'), SHOP.replace('30ms', '31ms'));
    await commands.run('export', 'locust', 'shop.yaml', '-a', 'hybrid', '--target', url, '-R', '100', '-d', '1s', '-o', 'load', '--force');
    expect(await commands.run('collect', 'load')).toMatchObject({ code: 2, said: expect.stringContaining('another shop was served') as string });
  });
});

describe('a server that others watch', () => {
  it('tells that it lives and is ready', async () => {
    const { url } = await served();
    const [live, ready] = await Promise.all(['/live', '/ready'].map((at) => fetch(`${url}${at}`)));
    expect([live?.status, ready?.status]).toEqual([200, 200]);
    expect(await ready?.json()).toEqual({ status: 'ready' });
    expect(existsSync(path.join(load, 'serve.json'))).toBe(true);
    expect(readFileSync(path.join(load, 'received'), 'utf8')).toBe('');
  });
});
