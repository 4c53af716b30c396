import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

const UNDERSTOOD = 'times.csv: column "took_s" in s, 2 latencies of 250 to 500 ms\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  writeFileSync(path.join(folder, 'times.csv'), 'took_s,code\n0.25,200\n0.5,200\n');
  writeFileSync(path.join(folder, 'shop.yaml'), 'services: { pay: { latency: { values: times.csv, column: took_s } } }\nsteps: [pay!]\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('measured latencies in CSV', () => {
  it.each([
    [['validate', 'shop.yaml'], UNDERSTOOD],
    [['bench', 'shop.yaml', '--dry-run'], UNDERSTOOD],
    [['simulate', 'shop.yaml', '-a', 'sync', '-c', '1', '-d', '5s', '--no-progress'], UNDERSTOOD],
    [['bench', 'shop.yaml', '--dry-run', '--quiet'], ''],
  ])('%j says once what was understood', async (args, said) => {
    const io = fakeIo(args, folder);
    expect(await main(io, { simulations })).toBe(0);
    expect(io.err()).toBe(said);
  });

  it('may be longer than a scenario, and what of a tool is about no request is not kept', async () => {
    const rows = Array.from({ length: 140 }, (_, n) => `${n % 2 === 0 ? 'http_reqs' : 'http_req_duration'},1700000000,${n},true,200\n`);
    writeFileSync(path.join(folder, 'times.csv'), `metric_name,timestamp,metric_value,expected_response,status\n${rows.join('')}`);
    writeFileSync(path.join(folder, 'order.json'), 'x'.repeat(17 * 2 ** 20));
    const target = 'targets: { shop: { url: "http://127.0.0.1:1/", method: POST, body: { file: order.json } } }\n';
    writeFileSync(path.join(folder, 'shop.yaml'), `services: { pay: { latency: { values: times.csv } } }\nsteps: [pay!]\n${target}`);
    const io = fakeIo(['validate', 'shop.yaml'], folder);
    expect([await main(io, {}), io.err()]).toEqual([0, 'times.csv: samples of k6, column "metric_value" in ms, 70 latencies of 1 to 139 ms\n']);
  });
});
