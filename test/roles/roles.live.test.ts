/** Roles that are killed, a control line that is lost, and lines that are none. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Commands } from '../../benchmarks/support/commands.js';
import { loaded, OUTBOX, SHOP, started, TOKEN } from './run.js';

let commands: Commands;
let load = '';
beforeEach(() => {
  commands = new Commands();
  load = path.join(commands.folder, 'load');
  writeFileSync(path.join(commands.folder, 'shop.yaml'), SHOP);
});
afterEach(() => commands.end());

describe('roles', { timeout: 120_000 }, () => {
  it('is invalid when one is killed, and says which', async () => {
    const { control, roles, url } = await started(commands, ['services', 'server', 'consumers'], OUTBOX);
    await loaded(commands, url, 20);
    roles['consumers']?.process.kill('SIGKILL');
    await roles['consumers']?.ended;
    control.process.kill('SIGTERM');
    expect(await control.ended).toBe(3);
    expect(control.said()).toMatch(/The role consumers has been silent for \d+s: it was lost/);
    const { code, trial } = await commands.collected('load');
    expect(code).toBe(3);
    expect(trial.validity.problems.join('\n')).toMatch(/The role consumers has been silent/);
    expect(trial.outcomes.sent).toBe(20);
  });

  it('hands over what it saw before it ends, and keeps it where nobody takes it', async () => {
    const { control, roles, url } = await started(commands, ['services', 'server'], []);
    await loaded(commands, url, 20);
    roles['services']?.process.kill('SIGTERM');
    expect(await roles['services']?.ended).toBe(0);
    expect(readdirSync(load)).toContain('services.json');
    control.process.kill('SIGKILL');
    await control.ended;
    roles['server']?.process.kill('SIGTERM');
    expect(await roles['server']?.ended).toBe(2);
    const left = /What this role saw is in (\S+): copy it/.exec(roles['server']?.said() ?? '')?.[1] ?? '';
    expect(readdirSync(left)).toEqual(expect.arrayContaining(['server.json', 'received', 'requests', 'orders.server.history']));
    expect(readFileSync(path.join(left, 'received'), 'utf8')).toHaveLength(20);
  });

  it('ends when it is told to over the line', async () => {
    const { control, line, roles } = await started(commands, ['services', 'server'], [], ['--token', TOKEN]);
    expect((await fetch(`${line}/stop`, { method: 'POST' })).status).toBe(401);
    expect((await fetch(`${line}/stop`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    expect(await control.ended).toBe(0);
    expect(await roles['server']?.ended).toBe(0);
  });
});

  it('twice', async () => {
    const { line, roles } = await started(commands, ['services', 'server'], []);
    expect(roles['services']).toBeDefined();
    expect(await commands.run('serve', 'services', '--join', line)).toMatchObject({ code: 2, said: expect.stringContaining('has joined already') as string });
  });

  it('what is no control line, and what is nothing', async () => {
    const other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(await commands.run('serve', 'services', '--join', url)).toMatchObject({ code: 2, said: expect.stringContaining('is no control line of sync-vs-events') as string });
    await once(other.close(), 'close');
    expect(await commands.run('serve', 'services', '--join', url)).toMatchObject({ code: 2, said: expect.stringContaining(`Nobody answers at ${url}`) as string });
    expect(existsSync(load)).toBe(false);
  });
