import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { fakeIo } from '../support/fake-io.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const io = fakeIo(args, folder);
  io.stdout.columns = 80;
  const code = await main(io);
  return { code, out: io.out(), err: io.err() };
}

function recordIn(name: string): RunRecord {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as RunRecord;
}

describe('simulate --sweep', () => {
  it('records each value as a variant that can be reported again', async () => {
    const { code, out } = await run('simulate', '-a', 'sync', '-c', '100', '--sweep', 'email.workers=20,40', '--quiet', '-o', 'json=run.json', '-o', 'csv=run.csv');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const record = recordIn('run.json');
    expect(record.trials.map(({ architecture, state }) => `${architecture} ${state}`)).toEqual([
      'sync email.workers=20 simulated',
      'sync email.workers=40 simulated',
    ]);
    expect(record.plan.trials.map(({ architecture }) => architecture)).toEqual(record.scenario.variants.map(({ name }) => name));
    expect(record.scenario.variants.map(({ services }) => services.find(({ name }) => name === 'email')?.workers)).toEqual([20, 40]);
    expect(readFileSync(path.join(folder, 'run.csv'), 'utf8')).toContain('\r\nsync email.workers=40,closed,100,1,0,');
    expect((await run('report', 'run.json')).out).toContain('sync email.workers=40');
  });

  it('sweeps users as loads, once for each architecture', async () => {
    const { out } = await run('simulate', '--sweep', 'users=10,500', '-o', 'json=run.json');
    expect(out).toMatch(/^sync\nusers +p50 +p95 +ok\/s +failed\n─+\n +10 +1\.05 s .*\n +500 +3\.50 s .* 100%$/m);
    expect(recordIn('run.json').trials.map(({ architecture, load }) => [architecture, load])).toEqual([
      ['sync', { model: 'closed', users: 10 }],
      ['sync', { model: 'closed', users: 500 }],
      ['hybrid', { model: 'closed', users: 10 }],
      ['hybrid', { model: 'closed', users: 500 }],
    ]);
  });

  it.each([
    [['--sweep', 'email.worker=10'], 'did you mean email.workers?'],
    [['--sweep', 'users=ten'], 'Expected a sweep such as'],
    [['--sweep', 'users=10', '--threshold', 'sync: p95 < 1s'], 'leave out --threshold'],
  ])('%j is refused', async (args, message) => {
    const { code, out, err } = await run('simulate', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});

describe('capacity --simulate', () => {
  it('finds what the live search finds, and says that it was not measured', async () => {
    const { code, out } = await run('capacity', '--simulate', '--no-progress', '-o', 'json=run.json');
    expect(code).toBe(0);
    expect(out).toContain('\nSimulated, not measured.\n\nsync carries 100 users\n  limit at 102: p95, by email\n');
    // Email works off 50 a second: 25 users of 500 ms.
    expect(out).toContain('\nhybrid carries 25 users\n  limit at 26: a growing backlog, by email\n');
    expect(new Set(recordIn('run.json').trials.map(({ state }) => state))).toEqual(new Set(['simulated']));
  });

  it('knows the unloaded time of users who pause longer than a window', async () => {
    const { code, out } = await run('capacity', 'client-case', '--simulate', '--no-progress', '-a', 'sync');
    expect(code).toBe(0);
    expect(out).toMatch(/^sync carries \d/m);
  });

  it('refuses a server of one\'s own', async () => {
    const { code, err } = await run('capacity', '--simulate', '--target', 'shop=http://127.0.0.1:1/', '-a', 'shop');
    expect(code).toBe(2);
    expect(err).toContain('cannot be simulated');
  });
});
