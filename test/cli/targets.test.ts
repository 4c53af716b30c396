import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { isTarget } from '../../src/scenarios/subject.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';
import { measured } from '../support/measured.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fakeTrial: RunTrial = async ({ architecture, base, round, load }) => {
  const change = { base, round, load, ideal: null, server: { received: null, unreached: 0 } };
  return measured({ subject: architecture, ms: 100, change });
};

/** @param answer what is typed on a terminal; without it there is none */
async function run(args: string[], answer?: string) {
  const io = fakeIo(args, folder);
  if (answer !== undefined) io.stdin = Object.assign(new PassThrough().end(answer), { isTTY: true });
  const code = await main(io, { runTrial: fakeTrial, simulations });
  return { code, out: io.out(), err: io.err() };
}

const record = (): RunRecord => JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
const QUIET = ['-c', '5', '--no-progress', '-o', 'json=run.json'];

describe('targets on the command line', () => {
  it('are measured in place of architectures, under the same load and with the same report', async () => {
    const targets = ['--target', 'old=http://127.0.0.1:3000/a', '--target', 'new=http://localhost:3001/b'];
    const { code, out, err } = await run(['bench', ...targets, ...QUIET, '--threshold', 'old/new: p50 >= 1']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('Servers of your own');
    expect(record().trials.map(({ architecture, base }) => [architecture, base])).toEqual([['old', null], ['new', null]]);
    expect(record().scenario.targets.map(({ url }) => url)).toEqual(['http://127.0.0.1:3000/a', 'http://localhost:3001/b']);
    expect(record().scenario.steps).toEqual([]);
  });

  it('start nothing by the shell with --no-commands', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), 'targets: { shop: { url: "http://127.0.0.1:1/", command: node server.js } }\n');
    const refused = await run(['bench', 'shop.yaml', '--no-commands', ...QUIET]);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('shop would start its server by a command of the scenario, and --no-commands allows none');
    writeFileSync(path.join(folder, 'shop.yaml'), 'targets: { shop: "http://127.0.0.1:1/" }\n');
    expect(await run(['bench', 'shop.yaml', '--no-commands', ...QUIET])).toMatchObject({ code: 0, err: '' });
  });

  it('stand beside architectures that are named', async () => {
    await run(['bench', 'checkout', '--target', 'mine=http://localhost:1/', '-a', 'sync,mine', ...QUIET]);
    expect(record().trials.map(({ architecture, base }) => [architecture, base])).toEqual([['sync', 'sync'], ['mine', null]]);
  });

  it('are those of a scenario file as well', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), 'targets: { a: "http://localhost:1/", b: "http://localhost:2/" }\n');
    expect((await run(['bench', 'shop.yaml', ...QUIET])).code).toBe(0);
    expect(record().trials.map(({ architecture }) => architecture)).toEqual(['a', 'b']);
  });

  it('tell their own count at a URL', async () => {
    const args = ['--target', 'a=http://localhost:1/', '--target', 'b=http://localhost:2/', '--received-url', 'b=http://localhost:2/count'];
    await run(['bench', ...args, ...QUIET]);
    expect(record().scenario.targets.map(({ received }) => received)).toEqual([null, { url: 'http://localhost:2/count' }]);
    await run(['bench', '--target', 'a=http://localhost:1/', '--received-url', 'http://localhost:1/count?x=1', ...QUIET]);
    expect(record().scenario.targets[0]?.received).toEqual({ url: 'http://localhost:1/count?x=1' });
  });

  it.each([
    [['--target', 'http://localhost/'], 'expected NAME=URL with a URL of http or https'],
    [['--target', 'a=ftp://localhost/'], 'expected NAME=URL'],
    [['--target', '=http://localhost/'], 'expected NAME=URL'],
    [['--target', 'a=http://localhost/', '-a', 'sync'], 'Unknown architecture "sync"'],
    [['--target', 'a=http://localhost/', '--received-url', 'b=http://localhost/'], 'there is no --target b'],
    [['--received-url', 'http://localhost/'], 'expected NAME=URL'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run(['bench', ...args, ...QUIET]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('a target that is not on this machine', () => {
  const REMOTE = ['bench', '--target', 'shop=https://shop.example/orders', '-c', '5,50', '--rounds', '2', '--no-progress', '--quiet'];
  const TOLD =
    'Not on this machine, and about to be loaded:\n' +
    '  GET https://shop.example/orders: 5 users for 11.5s, 2 times\n' +
    '  GET https://shop.example/orders: 50 users for 11.5s, 2 times\n';

  it('is told and not loaded without consent', async () => {
    const { code, err } = await run(REMOTE);
    expect(code).toBe(2);
    expect(err).toBe(`${TOLD}error: Load only servers that are yours to load: --yes says that these are.\n`);
  });

  it('is told and loaded with --yes', async () => {
    const { code, err } = await run([...REMOTE, '--yes']);
    expect(code).toBe(0);
    expect(err).toBe(TOLD);
  });

  it.each([['y\n', 0], ['yes\n', 0], ['n\n', 2], ['\n', 2]])('is asked about on a terminal: %j', async (answer, expected) => {
    const { code, err } = await run(REMOTE, answer);
    expect(code).toBe(expected);
    expect(err).toContain(`${TOLD}Are they yours to load? [y/N] `);
  });

  it('is asked for before a comparison as well', async () => {
    const other = ['--target', 'new=https://shop.example/new', '--compare', 'shop,new', '-c', '5'];
    const { code, err } = await run(['bench', '--target', 'shop=https://shop.example/orders', ...other]);
    expect(code).toBe(2);
    expect(err).toContain('GET https://shop.example/new: 5 users until it has told enough\n');
  });

  it('is planned without a word', async () => {
    const { code, err } = await run([...REMOTE, '--dry-run']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('is no matter when nothing leaves this machine', async () => {
    const { code, err } = await run(['bench', '--target', 'shop=http://[::1]:1/', ...QUIET]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(isTarget(record().scenario.targets[0]!)).toBe(true);
  });
});
