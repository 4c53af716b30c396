/** What was planted in a scenario, in the environment and on the command line is looked for in everything that any command writes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { UserError } from '../../src/base/errors.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import { FORMATS } from '../../src/report/formats.js';
import { fakeIo } from '../support/fake-io.js';
import { measured } from '../support/measured.js';
import { simulations } from '../support/simulations.js';

/** In every place that may hold a secret, one of its own. */
const SCENARIO = `
targets:
  shop:
    url: http://ann:geheim-pass@localhost:1/orders/{{index}}?api_key=geheim-query&size=1
    method: POST
    headers: { Authorization: Bearer geheim-bearer, Cookie: sid=geheim-cookie, X-Api-Key: geheim-key, X-Env: { env: SHOP_TOKEN } }
    body: '{"card":"geheim-card","by":"\${SHOP_TOKEN}"}'
    expect: { body: geheim-answer }
    command: DB_PASSWORD=geheim-command node server.js --token geheim-option
    received: { url: 'http://geheim-token@localhost:1/count' }
  other: http://geheim-to@ken@localhost:1/
  bodied: { url: 'http://localhost:1/', body: { file: order.json } }
load: { users: 5, duration: 1s }
`;
const ENV = { SHOP_TOKEN: 'geheim-env', NATS: 'nats://me:geheim-nats@h' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  writeFileSync(path.join(folder, 'shop.yaml'), SCENARIO);
  writeFileSync(path.join(folder, 'order.json'), '{"pin":"geheim-file"}');
});
afterEach(() => rmSync(folder, { recursive: true }));

const works: RunTrial = async ({ architecture, base, round, load }) =>
  measured({ subject: architecture, ms: 100, change: { base, round, load, ideal: null, server: { received: null, unreached: 0 } } });
const REASON = 'cannot reach redis://me:geheim-redis@h: no';
const refuses: RunTrial = () => Promise.reject(new UserError(REASON));
const breaks: RunTrial = () => Promise.reject(new TypeError(REASON));

async function run(args: string[], runTrial: RunTrial = works): Promise<{ code: number; written: string }> {
  const io = fakeIo(args, folder);
  Object.assign(io.env, ENV, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(folder, 'step.md') });
  const code = await main(io, { runTrial, simulations });
  const files = readdirSync(folder).filter((name) => !['shop.yaml', 'order.json', 'bad.yaml'].includes(name));
  return { code, written: [io.out(), io.err(), ...files.map((name) => readFileSync(path.join(folder, name), 'utf8'))].join('\n') };
}

const OUTPUTS = FORMATS.flatMap(({ name }) => ['-o', `${name}=${name}.out`]);
const ON_THE_LINE = ['--target', 'shop=http://ann:geheim-line@localhost:1/?token=geheim-param', '--bus-url', 'redis://:geheim-bus@h'];

describe('what was planted as a secret', () => {
  it.each([
    ['validate', ['validate', 'shop.yaml'], works],
    ['validate --resolved', ['validate', 'shop.yaml', '--resolved'], works],
    ['bench --dry-run', ['bench', 'shop.yaml', '--dry-run'], works],
    ['bench, in every format', ['bench', 'shop.yaml', ...OUTPUTS], works],
    ['bench that cannot run', ['bench', 'shop.yaml', ...OUTPUTS], refuses],
    ['bench that breaks', ['bench', 'shop.yaml', ...OUTPUTS], breaks],
    ['bench of a target on the line', ['bench', 'checkout', ...ON_THE_LINE.slice(0, 2), '-c', '5', ...OUTPUTS], works],
    ['a mistake on the line', ['bench', '--target', 'geheim=geheim://me:geheim-line@h'.replace('geheim=', 'shop='), '-c', '5'], works],
    ['a bus on the line', ['bench', 'checkout', ...ON_THE_LINE.slice(2), '-c', '5'], works],
    ['capacity', ['capacity', 'shop.yaml', '-a', 'shop', '--from', '1', '--most', '2', '-o', 'json=run.json', '-o', 'html=run.html'], works],
  ] as const)('is in nothing that %s writes', async (_, args, runTrial) => {
    const { written } = await run([...args], runTrial);
    expect(written.length).toBeGreaterThan(20);
    expect(written.match(/.{0,60}geheim-.{0,20}/g)?.filter((found) => !found.includes('geheim://')) ?? []).toEqual([]);
  });

  it('is in nothing that is made of a record, also of one that holds it', async () => {
    const { code } = await run(['bench', 'shop.yaml', '--quiet', '-o', 'json=run.json']);
    expect(code).toBe(0);
    const file = path.join(folder, 'run.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as { command: string[]; scenario: { targets: Record<string, unknown>[] } };
    // As they were written once.
    Object.assign(record.scenario.targets[0]!, {
      url: 'http://ann:geheim-pass@localhost:1/', headers: { Cookie: 'geheim-cookie' }, body: 'geheim-body', command: 'K=geheim-command node x',
    });
    record.command.push('http://x:geheim-old@h');
    writeFileSync(file, JSON.stringify(record));
    const io = fakeIo(['report', 'run.json', ...FORMATS.flatMap(({ name }) => ['-o', `${name}=-`]).slice(0, 2)], folder);
    expect(await main(io, {})).toBe(0);
    expect(io.out() + io.err()).not.toContain('geheim');
    const pages = FORMATS.filter(({ name }) => name !== 'json').flatMap(({ name }) => ['-o', `${name}=${name}.out`]);
    const again = fakeIo(['report', 'run.json', ...pages], folder);
    expect(await main(again, {})).toBe(0);
    rmSync(file);
    const texts = readdirSync(folder).filter((name) => name.endsWith('.out')).map((name) => readFileSync(path.join(folder, name), 'utf8'));
    expect(texts.length).toBe(FORMATS.length - 1);
    expect(texts.join('\n')).not.toContain('geheim');
  });
});
