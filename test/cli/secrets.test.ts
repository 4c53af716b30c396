/** What was planted in a scenario, in the environment and on the command line is looked for in everything that any command writes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { UserError } from '../../src/base/errors.js';
import type { ComparePaired } from '../../src/experiment/paired.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { liveReport } from '../../src/report/html/page.js';
import { servingPage } from '../../src/report/html/serving.js';
import { FORMATS } from '../../src/report/formats.js';
import { fakeIo } from '../support/fake-io.js';
import { measured } from '../support/measured.js';
import { simulations } from '../support/simulations.js';
import { FORMS, shopRequest } from '../traces/fixtures.js';

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

/** Steps beside the targets, so that what is simulated has something to simulate. */
const CHAIN = `
services: { payment: 30ms, email: 20ms }
steps: [payment!, email]
`;

/** Spans as careless instrumentation writes them. */
const TRACED = Array.from({ length: 40 }, (_, n) => shopRequest(n)).flat().map((span) => {
  if (span.kind !== 'CLIENT') return span.name === 'Charge' ? { ...span, name: 'POST http://ann:geheim-span@pay/charge?token=geheim-query' } : span;
  const attributes = { 'url.full': 'https://ann:geheim-url@pay/charge?api_key=geheim-key', 'http.request.header.authorization': 'Bearer geheim-header', 'db.statement': "SELECT 'geheim-sql'" };
  return { ...span, attributes };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  writeFileSync(path.join(folder, 'shop.yaml'), SCENARIO);
  writeFileSync(path.join(folder, 'order.json'), '{"pin":"geheim-file"}');
  writeFileSync(path.join(folder, 'chain.yaml'), `${CHAIN}${SCENARIO}`);
  writeFileSync(path.join(folder, 'traces.json'), FORMS['OTLP JSON']!(TRACED));
});
afterEach(() => rmSync(folder, { recursive: true }));

const works: RunTrial = async ({ architecture, base, round, load }) =>
  measured({ subject: architecture, ms: 100, change: { base, round, load, ideal: null, server: { received: null, unreached: 0 } } });
const REASON = 'cannot reach redis://me:geheim-redis@h: no';
const refuses: RunTrial = () => Promise.reject(new UserError(REASON));
/** The first load works, and no other. */
const refusesMany: RunTrial = (plan, ...rest) => (plan.load.model === 'closed' && plan.load.users > 1 ? refuses : works)(plan, ...rest);
const breaks: RunTrial = () => Promise.reject(new TypeError(REASON));

const pairsBreak: ComparePaired = async ({ base, head, load, seed }) => ({ base: base.name, head: head.name, load, seed, pairs: [], message: REASON });

async function run(args: string[], runTrial: RunTrial = works): Promise<{ code: number; written: string }> {
  const io = fakeIo(args, folder);
  Object.assign(io.env, ENV, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(folder, 'step.md') });
  const code = await main(io, { runTrial, simulations, comparePaired: pairsBreak });
  const files = readdirSync(folder).filter((name) => !GIVEN.includes(name));
  return { code, written: [io.out(), io.err(), ...files.map((name) => readFileSync(path.join(folder, name), 'utf8'))].join('\n') };
}

/** Files that are read, and hold what was planted. */
const GIVEN = ['shop.yaml', 'chain.yaml', 'order.json', 'traces.json'];

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
    ['bench with a threshold, that cannot run', ['bench', 'shop.yaml', '--threshold', 'shop: p95 < 1s', ...OUTPUTS], refuses],
    ['bench --compare that cannot run', ['bench', 'shop.yaml', '--compare', 'shop,other', ...OUTPUTS], works],
    ['bench of others, on GitHub', ['bench', 'chain.yaml', '-a', 'sync,shop', ...OUTPUTS], works],
    ['capacity that cannot run', ['capacity', 'shop.yaml', '-a', 'shop', '--threshold', 'shop: users >= 2', '-o', 'json=run.json', '-o', 'junit=run.xml'], refusesMany],
    ['simulate, in every format', ['simulate', 'chain.yaml', '-a', 'sync,hybrid', '-d', '1s', ...OUTPUTS], works],
    ['simulate --sweep', ['simulate', 'chain.yaml', '-a', 'sync', '-d', '1s', '--sweep', 'email.workers=1,2', '-o', 'json=run.json'], works],
    ['simulate of a target', ['simulate', 'shop.yaml'], works],
    ['advise, in every format', ['advise', 'chain.yaml', '-d', '1s', '-o', 'json=a.json', '-o', 'markdown=a.md'], works],
    ['advise on a target', ['advise', 'shop.yaml'], works],
    ['noise', ['noise', 'chain.yaml', '--aa', '1', '-a', 'sync'], works],
    ['import', ['import', 'traces.json', '--explain'], works],
    ['serve with a bus on the line', ['serve', 'hybrid', 'chain.yaml', ...ON_THE_LINE.slice(2)], works],
    ['serve of a target', ['serve', 'shop', 'shop.yaml'], works],
    ['a record that is none', ['report', 'shop.yaml'], works],
    ['an output that is a URL', ['bench', 'shop.yaml', '-o', 'json=http://me:geheim-out@h/x'], works],
    ['a scenario that is a URL', ['bench', 'http://me:geheim-name@h/x.yaml'], works],
    ['an option that is not known', ['bench', '--bus-ur', 'redis://:geheim-bus@h'], works],
    ['a value that is not known', ['bench', '--users', 'http://me:geheim-users@h'], works],
    ['capacity', ['capacity', 'shop.yaml', '-a', 'shop', '--from', '1', '--most', '2', '-o', 'json=run.json', '-o', 'html=run.html'], works],
  ] as const)('is in nothing that %s writes', async (_, args, runTrial) => {
    const { written } = await run([...args], runTrial);
    expect(written.length).toBeGreaterThan(20);
    expect(written.match(/.{0,60}geheim-.{0,20}/g)?.filter((found) => !found.includes('geheim://')) ?? []).toEqual([]);
  });

  it('is in no live page, and in nothing that compares two records', async () => {
    const record = async (scenario: string): Promise<string> => {
      await run(['bench', scenario, '-a', 'shop', '--quiet', '-o', 'json=run.json']);
      return readFileSync(path.join(folder, 'run.json'), 'utf8');
    };
    const base = await record('shop.yaml');
    // Another secret, another question: what differs is told, and the secrets are not.
    const shop = path.join(folder, 'shop.yaml');
    writeFileSync(shop, readFileSync(shop, 'utf8').replace('size=1', 'size=2').replace('geheim-card', 'geheim-other-card').replace('geheim-answer', 'geheim-other-answer'));
    const head = await record('shop.yaml');
    writeFileSync(path.join(folder, 'base.json'), base);
    writeFileSync(path.join(folder, 'head.json'), head);
    for (const args of [['compare', 'base.json', 'head.json'], ['compare', 'base.json', 'base.json', '-o', 'html=c.html'], ['report', 'base.json', 'head.json', '-o', 'html=t.html', '-o', 'markdown=t.md']]) {
      const { written } = await run(args);
      expect(written.length).toBeGreaterThan(20);
      expect(written.match(/.{0,60}geheim.{0,20}/g) ?? []).toEqual([]);
    }
    expect(liveReport(JSON.parse(head) as RunRecord)).not.toContain('geheim');
    const tool = { name: 'sync-vs-events', version: '1' };
    const steps: never[] = [];
    expect(servingPage({ tool, subject: 'sync', scenario: 'chain', url: 'http://127.0.0.1:1', moments: [{ at: 0, steps, backlog: {} }] })).not.toContain('geheim');
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
