/** `export` and `collect` without an engine: what is written, what is refused, and what becomes of rows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { fakeIo } from '../support/fake-io.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'export-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo(args, folder);
  const code = await main(io, {});
  return { code, out: io.out(), err: io.err() };
}

const exported = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  run('export', 'locust', 'checkout', '-a', 'hybrid', '--target', 'http://10.0.0.7:3000', '-o', 'load', ...args);

const file = (name: string): string => readFileSync(path.join(folder, 'load', name), 'utf8');

describe('export locust', () => {
  it('writes a script with the load, how it is run, and what `collect` needs', async () => {
    expect(await exported('-c', '200', '--think', '2s', '-d', '30s')).toMatchObject({ code: 0, err: '' });
    const script = file('locustfile.py');
    for (const line of ['TARGET = "http://10.0.0.7:3000/orders"', 'LEVEL = 200  # users', 'THINK = 2 ', 'DURATION = 30 ', 'OPEN = False', 'STAGES = None']) expect(script).toContain(line);
    expect(file('README.md')).toContain('--expect-workers-max-wait');
    expect(JSON.parse(file('export.json'))).toMatchObject({ scenario: { name: 'checkout' }, trials: [], generator: { engine: 'locust' } });
  });

  it('writes rates, Poisson arrivals and stages', async () => {
    await exported('-R', '50', '--arrivals', 'poisson', '-s', '10s:80,5s:20', '--seed', '7');
    const script = file('locustfile.py');
    for (const line of ['OPEN = True', 'POISSON = True', 'STAGES = [[0, 50], [10, 80], [5, 20]]', 'SEED = 7']) expect(script).toContain(line);
  });

  it.each([
    [['-c', '10,20'], 'One export is one subject under one load, and these are 2 loads: give -c, -R or --stages one load.'],
    [['-c', '10', '--target', 'ftp://x'], '--target ftp://x: expected the address that `serve` prints, http://host:port, and no more.'],
    [['-c', '10', '--target', 'http://me:geheim@x:1'], '--target http://me:***@x:1: expected'],
    [['-c', '10', '--target', 'http://geheim@x:1'], '--target http://***@x:1: expected'],
    [['-c', '10', '--target', 'http://x:1/orders?token=geheim'], '--target http://x:1/orders?token=***: expected'],
    [['-c', '10', '--target', 'http://x:1/api/orders'], '--target http://x:1/api/orders: expected'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await exported(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it.each(['locust', 'k6'])('refuses clients that send a request again for %s, which cannot', async (engine) => {
    writeFileSync(path.join(folder, 'again.yaml'), 'services: { payment: 50ms }\nsteps: [payment!]\nload: { users: [1], retries: { attempts: 2 } }\n');
    const { code, err } = await run('export', engine, 'again.yaml', '-a', 'sync', '--target', 'http://127.0.0.1:1', '-o', 'load');
    expect(code).toBe(2);
    expect(err).toContain(`Clients of again send a request again that has failed (load.retries), and the script of ${engine} cannot: take that out of its load, or measure with bench.`);
  });

  it('writes over nothing unless told to', async () => {
    await exported('-c', '1');
    const second = await exported('-c', '2');
    expect(second.err).toContain('load has locustfile.py, locusttest.yaml, README.md, export.json already');
    expect(file('locustfile.py')).toContain('LEVEL = 1 ');
    expect(await exported('-c', '2', '--force')).toMatchObject({ code: 0 });
    expect(file('locustfile.py')).toContain('LEVEL = 2 ');
  });

  it('puts no secret into a file', async () => {
    writeFileSync(path.join(folder, 'mine.yaml'), 'targets: { shop: { url: "http://127.0.0.1:1/", headers: { authorization: Bearer abc } } }\nload: { users: [1] }\n');
    const { code, err } = await run('export', 'locust', 'mine.yaml', '-a', 'shop', '-o', 'load');
    expect([code, err]).toEqual([2, expect.stringContaining('The header authorization of shop is a secret, and an export is a file')]);
  });
});

describe('collect', () => {
  const rows = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => JSON.stringify({ worker: i % 2, startedAt: 1e12, row: [i, i * 20, i * 20 + 0.5, i * 20 + 500, i === 7 ? 'timeout' : 'ok', i === 7 ? 0 : 200] }));
  const end = (change: object = {}): string => JSON.stringify({ end: { engine: 'locust', rows: 100, requests: 100, workers: 2, done: 2, ...change } });

  async function collected(lines: readonly string[], ...args: string[]): Promise<{ code: number; record: RunRecord; out: string }> {
    await exported('-R', '50', '-d', '2s', '--force', ...args);
    writeFileSync(path.join(folder, 'load', 'rows.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const { code, out } = await run('collect', 'load', '-o', 'json=run.json');
    return { code, out, record: JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord };
  }

  it('makes a record of the rows that is judged and reported as any other', async () => {
    const { code, out, record } = await collected([...rows(100), end()]);
    const [trial] = record.trials as MeasuredTrial[];
    expect(trial).toMatchObject({ architecture: 'hybrid', outcomes: { sent: 100, ok: 99, timeout: 1 }, validity: { valid: true }, responseTime: { p50: 500 } });
    expect(record).toMatchObject({ generator: { engine: 'locust', workers: 2 }, startedAt: '2001-09-09T01:46:40.000Z' });
    expect(out).toContain('load from locust, 2 workers');
    expect(code).toBe(0);
    expect(await run('report', 'run.json')).toMatchObject({ code: 0, out });
  });

  it('is never silently short', async () => {
    const { code, record } = await collected([...rows(90), end({ done: 1 })]);
    expect(code).toBe(3);
    const { problems } = (record.trials[0] as MeasuredTrial).validity;
    expect(problems.join(' ')).toMatch(/counts 100 requests, and there are 90 rows.*1 of 2 workers/);
  });

  it.each([
    ['a folder that is none', ['nowhere'], 'nowhere is no folder that `export` wrote'],
    ['rows that nobody has written', ['load'], 'load/rows.jsonl is missing: Locust writes it while it runs'],
  ])('refuses %s', async (_, args, message) => {
    await exported('-c', '1');
    const { code, err } = await run('collect', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
