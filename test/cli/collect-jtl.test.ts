/** `collect` of JTL files: alone, in an export, and beside what `serve --keep` left. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countFile } from '../../src/architectures/crash-files.js';
import { main } from '../../src/cli/main.js';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { keepServing } from '../../src/roles/run-folder.js';
import { findSubjects, findScenario } from '../../src/cli/scenario.js';
import { isTarget } from '../../src/scenarios/subject.js';
import { fakeIo } from '../support/fake-io.js';

const HEADINGS = 'timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,allThreads,URL,Latency';
const T0 = 1_700_000_000_000;

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'jtl-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo(args, folder);
  const code = await main(io, {});
  return { code, out: io.out(), err: io.err() };
}

/** Requests of so many threads, each every 100 ms and 50 ms long. */
function jtl(file: string, { threads = 10, each = 10, shift = 0 }: { threads?: number; each?: number; shift?: number } = {}): void {
  const rows = Array.from({ length: threads * each }, (_, i) => {
    const at = T0 + shift + Math.floor(i / threads) * 100;
    const isBad = i === 7;
    return `${at},50,order,${isBad ? 503 : 200},OK,Buyers 1-${(i % threads) + 1},${!isBad},${threads},http://10.0.0.7:3000/orders,40`;
  });
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), [HEADINGS, ...rows, ''].join('\n'));
}

async function collected(...args: string[]): Promise<{ code: number; out: string; record: RunRecord; trial: MeasuredTrial }> {
  const { code, out, err } = await run('collect', ...args, '-o', 'json=run.json');
  expect(err).toBe('');
  const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
  return { code, out, record, trial: record.trials[0] as MeasuredTrial };
}

const exported = (...args: string[]): Promise<unknown> => run('export', 'k6', 'checkout', '-a', 'hybrid', '--target', 'http://10.0.0.7:3000', '-o', 'load', '--warmup', '200ms', ...args);

describe('a JTL alone', () => {
  it('is a record of one target under as many users as there were threads', async () => {
    jtl('results.jtl');
    const { code, out, record, trial } = await collected('results.jtl');
    expect(trial).toMatchObject({
      subject: 'target', load: { model: 'closed', users: 10 }, outcomes: { sent: 100, ok: 99, http5xx: 1 }, responseTime: { p50: 50 }, timeToFirstByte: { p50: 40 },
      window: { seconds: 0.95, startedAt: new Date(T0).toISOString() }, validity: { valid: true, problems: [] },
    });
    expect(trial.schedule).toBeUndefined();
    expect(trial.validity.notes.join(' ')).toMatch(/The load came from jmeter.*does not tell when a request was due.*no total of its own/);
    expect(record).toMatchObject({ generator: { engine: 'jmeter', workers: 1, groups: ['results.jtl: Buyers'] }, scenario: { targets: [{ name: 'target', url: 'http://10.0.0.7:3000/orders' }] } });
    expect(out).toContain('load from jmeter, 1 worker');
    expect(out).toContain('sync-vs-events collect results.jtl -o json=run.json\n');
    expect(code).toBe(0);
    expect(await run('report', 'run.json')).toMatchObject({ code: 0, out });
    expect(await run('report', 'run.json', '--threshold', 'target: p95 < 40ms')).toMatchObject({ code: 1 });
  });

  it('is merged exactly with those of other machines in the folder', async () => {
    jtl('results/engine1_results.csv');
    jtl('results/engine2_results.csv', { threads: 5, each: 9, shift: 30 });
    const { record, trial } = await collected('results');
    expect(trial).toMatchObject({ outcomes: { sent: 145 }, load: { users: 15 }, validity: { valid: true } });
    expect(record.generator).toMatchObject({ workers: 2 });
  });

  it('can be compared with another', async () => {
    jtl('base.jtl', { each: 40 });
    jtl('head.jtl', { each: 40 });
    for (const name of ['base', 'head']) await run('collect', `${name}.jtl`, '-o', `json=${name}.json`);
    const { out, err } = await run('compare', 'base.json', 'head.json');
    expect([out, err]).toEqual([expect.stringContaining('target'), '']);
  });

  it.each([
    ['shop.csv', 'rows of other engines are read in the folder that `export` wrote', 'metric_name,timestamp,metric_value,extra_tags\n'],
    ['cut.jtl', 'cut.jtl:2:14: expected 10 cells as in the first line, got 1', `${HEADINGS}\n${T0}`],
    ['none.jtl', 'The JTL has no requests: there is nothing to collect.', `${HEADINGS}\n`],
  ])('is refused as %s: %s', async (file, message, text) => {
    writeFileSync(path.join(folder, file), text);
    const { code, err } = await run('collect', file);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('is refused beside what served it, where nobody knows the load', async () => {
    jtl('kept/results.jtl');
    writeFileSync(path.join(folder, 'kept/serve.json'), '{}');
    const { code, err } = await run('collect', 'kept');
    expect([code, err]).toEqual([2, expect.stringContaining('only an export says which load it was')]);
  });
});

describe('a JTL in an export', () => {
  it('is the load that was exported, without its warm-up', async () => {
    await exported('-c', '10', '-d', '1s');
    jtl('load/results.jtl');
    const { trial, record } = await collected('load');
    expect(trial).toMatchObject({ architecture: 'hybrid', load: { users: 10 }, outcomes: { sent: 80 }, window: { seconds: 0.75 }, validity: { valid: true } });
    expect(record.generator).toMatchObject({ engine: 'jmeter' });
  });

  it.each([
    [['-c', '20'], 'JMeter had 10 threads, and the load is one of 20 users.'],
    [['-R', '500'], 'JMeter sent 106.7 requests a second, and the load is one of 500: it did not keep to its schedule.'],
  ])('is invalid where it was another: %j', async (args, problem) => {
    await exported(...args);
    jtl('load/results.jtl');
    const { code, trial } = await collected('load');
    expect([code, trial.validity.problems]).toEqual([3, [problem]]);
  });

  it('is not mixed with rows of the engine that it was exported for', async () => {
    await exported('-c', '10');
    jtl('load/results.jtl');
    writeFileSync(path.join(folder, 'load/rows.csv'), '');
    expect((await run('collect', 'load')).err).toContain('load has rows of k6 (rows.csv) and a JTL (results.jtl): one folder is one run');
  });

  it.each([
    [100, []],
    [98, [expect.stringContaining('80 requests were sent, but the server received 78: 2 are missing.')]],
  ])('is held against the number that the server counted, %d', async (received, problems) => {
    await exported('-c', '10');
    jtl('load/results.jtl');
    const [subject] = findSubjects(findScenario('checkout', fakeIo([], folder)), ['hybrid']);
    if (!subject || isTarget(subject)) throw new Error('no hybrid');
    const at = path.join(folder, 'load');
    keepServing(at, { tool: { name: 't', version: '1' }, startedAt: '', scenario: 'checkout', subject, seed: 1, roles: ['server'], apart: false, endedAt: 1, held: {}, lost: [] });
    writeFileSync(countFile(at), Buffer.alloc(received));
    const { trial } = await collected('load');
    expect(trial.validity.problems).toEqual(problems);
    expect(trial.server.received).toBe(received - 20);
  });
});
