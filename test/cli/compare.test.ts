/** `bench --compare` and `noise --aa` over made-up pairs of blocks. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { ComparePaired } from '../../src/experiment/paired.js';
import type { BlockPair } from '../../src/measurement/schema/comparison.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { fakeIo } from '../support/fake-io.js';
import { pairsOf, spreadOf } from '../verdict/pairs/blocks.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(pairs: (comparison: number) => BlockPair[], ...args: string[]) {
  let comparisons = 0;
  const comparePaired: ComparePaired = async ({ base, head, load, seed }) => ({
    base: base.name, head: head.name, load, seed, pairs: pairs(comparisons++),
  });
  const io = fakeIo([...args, '--no-progress'], folder);
  const code = await main(io, { comparePaired });
  return { code, out: io.out(), err: io.err() };
}

const same = pairsOf(spreadOf(8, 0, 0.01));
const slower = pairsOf(spreadOf(8, 0.1, 0.01));
const noisy = pairsOf(spreadOf(48, 0.02, 0.15));
/** Quick errors: a fifth of the requests fail, and all take 30 % less time. */
const failing = pairsOf(spreadOf(8, -0.3, 0.01)).map((pair) => ({ ...pair, head: { ...pair.head, failed: 60 } }));

describe('bench --compare', () => {
  it('says what two servers are asked differently', async () => {
    const asked = (query: string): string[] => ['--target', `a=http://127.0.0.1:1/x?mode=sync`, '--target', `b=http://127.0.0.1:2/x?${query}`];
    const { code, err } = await run(() => same, 'bench', '--compare', 'a,b', '-c', '5', ...asked('mode=async'));
    expect([code, err]).toEqual([0, 'warning: a and b are not asked the same: query.mode is "sync" and "async".\n']);
    expect((await run(() => same, 'bench', '--compare', 'a,b', '-c', '5', ...asked('mode=sync'))).err).toBe('');
  });

  it.each([
    ['pass', same, 0],
    ['fail', slower, 1],
    ['fail', failing, 1],
    ['unknown', noisy, 3],
    ['unknown', same.slice(0, 2), 3],
  ] as const)('ends with the code of its verdict (%s)', async (verdict, pairs, expected) => {
    const { code } = await run(() => pairs, 'bench', '--compare', 'sync,hybrid', '-c', '20', '--quiet', '-o', 'json=run.json');
    expect(code).toBe(expected);
    expect((JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord).verdict).toBe(verdict);
  });

  it('tells of a head that answers errors quickly why its times are not judged', async () => {
    const { out } = await run(() => failing, 'bench', '--compare', 'sync,hybrid', '-c', '20');
    expect(out).toMatch(/\? unknown hybrid\/sync p50 at 20 users\s+unsure, -30\.0%/);
    expect(out.replace(/\s+/g, ' ')).toMatch(/not judged: the head fails [\d.]+ points more, and failing is quick/);
    expect(out).toMatch(/✗ FAIL {4}hybrid\/sync failure_rate at 20 users/);
  });
});

describe('noise --aa', () => {
  it('passes a machine without false alarms, and says so', async () => {
    const { code, out } = await run(() => same, 'noise', '--aa', '20', '-a', 'sync', '-c', '20');
    expect(code).toBe(0);
    expect(out).toMatch(/^sync at 20 users compared with itself 20 times\n {2}false alarms {7}0 of 20 /);
    expect(out).toMatch(/\n {2}drift {14}none beyond noise: p50 [-+]0\.\d% from the first pair of blocks to the last/);
  });

  it('passes one false alarm, which may be chance, and fails when they are certainly more than 1 %', async () => {
    const alarms = (count: number) => run((comparison) => (comparison < count ? slower : same), 'noise', '--aa', '20', '-a', 'sync', '-c', '20');
    expect(await alarms(1)).toMatchObject({ code: 0, out: expect.stringContaining('1 of 20') });
    expect(await alarms(2)).toMatchObject({ code: 1, out: expect.stringContaining('2 of 20') });
  });

  it.each([
    [['noise', 'nowhere.yaml', '--aa', '1'], 'nowhere.yaml'],
    [['noise', '--aa', '0'], '--aa'],
    [['bench', '--compare', 'sync,nobody'], 'nobody'],
    [['bench', '--compare', 'sync,hybrid', '--threshold', 'sync: p95 < 1s'], '--threshold judges trials'],
  ])('refuses %j with 2, before anything is measured', async (args, message) => {
    const { code, err } = await run(() => expect.fail('not to be measured'), ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
