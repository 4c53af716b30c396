/** Roles as commands of their own, over the control line: what they saw becomes one record. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Commands } from '../../benchmarks/support/commands.js';
import { controlled, loaded, OUTBOX, SHOP, started, TOKEN } from './run.js';

let commands: Commands;
let load = '';
beforeEach(() => {
  commands = new Commands();
  load = path.join(commands.folder, 'load');
  writeFileSync(path.join(commands.folder, 'shop.yaml'), SHOP);
});
afterEach(() => commands.end());

/** What is wrong, but for clocks and machines that have no time. */
const BOOKS = /books|role|end in order|bus held/;

describe('roles', () => {
  it.each([
    ['with a bus between server and consumers', ['services', 'server', 'consumers'], OUTBOX, []],
    ['with the consumers in the server, and a token', ['services', 'server'], [], ['--token', TOKEN]],
  ])('become one record whose books balance: %s', async (_, names, args, token) => {
    const { control, roles, url, line } = await started(commands, names, args, token);
    expect((await fetch(`${line}/ready`)).status).toBe(200);
    await loaded(commands, url);
    control.process.kill('SIGTERM');
    expect(await control.ended).toBe(0);
    for (const role of Object.values(roles)) expect(await role.ended).toBe(0);
    const { trial, record } = await commands.collected('load');
    expect(trial.validity.problems.filter((problem) => BOOKS.test(problem))).toEqual([]);
    expect([trial.outcomes.sent, trial.server.received]).toEqual([100, 100]);
    expect(trial.events).toMatchObject({ attempted: 100, acknowledged: 100, processed: 100, lost: 0, pending: 0 });
    expect(trial.events?.lag.min).toBeGreaterThanOrEqual(0);
    expect(trial.events?.lag.count).toBe(100);
    expect(trial.predicted?.p50).toBeCloseTo(30, -1);
    expect(Object.keys(trial.processes)).toEqual(expect.arrayContaining(names));
    // One machine has one clock: what was found between two readings of it is wrong by no more than was said.
    const { server, consumers } = trial.clocks!.hosts;
    for (const clock of [server, ...(consumers ? [consumers] : [])]) expect(Math.abs(clock!.offset)).toBeLessThanOrEqual(clock!.bound);
    expect(trial.clocks!.completionBound).toBeGreaterThan(trial.clocks!.lagBound);
    expect(readFileSync(path.join(load, 'serve.json'), 'utf8') + JSON.stringify(record) + control.said()).not.toContain(TOKEN);
  });
});

describe('a role that may not join', () => {
  it.each([
    ['without the token', 'services', [], 'the token is not that of this control line'],
    ['with another token', 'services', ['--token', 'guessed'], 'the token is not that of this control line'],
    ['whose work is done in the server', 'consumers', ['--token', TOKEN], 'there is no role consumers in this run'],
  ])('%s', async (_, role, args, message) => {
    const { line } = await controlled(commands, '--token', TOKEN);
    const { code, said } = await commands.run('serve', role, '--join', line, ...args);
    expect([code, said]).toEqual([2, expect.stringContaining(message)]);
    expect(said).not.toContain('guessed');
  });
});

describe('a run that nobody has joined', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends at %s', async (signal) => {
    const { control } = await controlled(commands, '--token', TOKEN);
    control.process.kill(signal);
    expect(await control.ended).toBe(130);
    expect(control.said()).toContain('The role server has never joined.');
  });

  it('ends when it is told to, with one role of two', async () => {
    const { control, line } = await controlled(commands);
    const services = commands.start('serve', 'services', '--join', line);
    await services.says(/services joined/);
    expect((await fetch(`${line}/stop`, { method: 'POST' })).status).toBe(200);
    expect(await services.ended).toBe(0);
    expect(await control.ended).toBe(130);
  });
});
