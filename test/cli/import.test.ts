/** `import` as a whole: files in, scenario, rows and what was understood out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';
import { FORMS, shopRequest } from '../traces/fixtures.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  const spans = Array.from({ length: 60 }, (_, n) => shopRequest(n)).flat();
  writeFileSync(path.join(folder, 'traces.json'), FORMS['OTLP JSON']!(spans));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const io = fakeIo(args, folder);
  const code = await main(io, { simulations });
  return { code, out: io.out(), err: io.err() };
}

describe('import', () => {
  it('writes a scenario that simulates to what was traced, and says what it understood', async () => {
    const { code, out } = await run('import', 'traces.json', '-o', 'shop.yaml');
    expect(code).toBe(0);
    expect(out).toContain('shop POST /orders: 60 requests, p50 68.000 ms');
    expect(out).toContain('A loop (N+1): stock-Get is called 3.0 times');
    expect(out).toContain('Maybe not needed by the reply, by their names: email-Send.');
    expect(out).toMatch(/Simulated as traced: p50 \S+ ms against 68\.000 ms/);
    expect(out).not.toContain('unexplained');
    expect(readFileSync(path.join(folder, 'shop.csv'), 'utf8')).toMatch(/^payment-Charge,stock-Get,email-Send,own,total\n30,15,20,0\.05,65\.05\n/);
    expect((await run('validate', 'shop.yaml')).out).toContain('shop.yaml is valid: 4 services, 4 steps');
  });

  it('holds each request against itself, and says that few do not tell p95', async () => {
    const slower = (spans: ReturnType<typeof shopRequest>) => spans.map((span) => (span.parent === '' ? { ...span, end: span.end + 400_000_000n } : span));
    const spans = Array.from({ length: 20 }, (_, n) => (n === 19 ? slower(shopRequest(n)) : shopRequest(n))).flat();
    writeFileSync(path.join(folder, 'few.json'), FORMS['OTLP JSON']!(spans));
    const { out } = await run('import', 'few.json', '-o', 'few.yaml');
    expect(out).toMatch(/Simulated as traced: .*\(-?0\.0 %\), p95 .*\(-?0\.0 %\)\.\n/);
    expect(out).toMatch(/Drawn anew, as simulate does, p95 is \S+ ms: 20 requests are too few for p95, which the slowest one decides\./);
  });

  it.each(['shop', 'shop.csv', 'shop.txt'])('writes no %s, which no command would find again', async (name) => {
    const { code, err } = await run('import', 'traces.json', '-o', name);
    expect([code, err]).toEqual([2, `error: ${name}: a scenario file ends in .yaml, as in shop.yaml.\n`]);
  });

  it('writes over nothing unless told', async () => {
    await run('import', 'traces.json');
    const again = await run('import', 'traces.json');
    expect([again.code, again.err]).toEqual([2, 'error: traced.yaml exists already: --force writes over it.\n']);
    expect((await run('import', 'traces.json', '--force')).code).toBe(0);
  });

  it('shows the operations and ends with 2 when several may be meant', async () => {
    const spans = Array.from({ length: 4 }, (_, n) => shopRequest(n).map((span) => (n < 2 && span.parent === '' ? { ...span, name: 'GET /orders' } : span))).flat();
    writeFileSync(path.join(folder, 'two.json'), FORMS['OTLP protobuf']!(spans));
    const { code, err } = await run('import', 'two.json');
    expect(code).toBe(2);
    expect(err).toContain('  shop GET /orders: 2 traces, p50 65.100 ms, 49.9 % of the time');
    expect((await run('import', 'two.json', '--operation', 'GET /orders')).code).toBe(0);
  });

  it('moves only what is said not to be critical', async () => {
    await run('import', 'traces.json', '-o', 'shop.yaml', '--critical', 'payment-Charge,stock-Get');
    expect((await run('validate', 'shop.yaml')).out).toContain('1 consumer.');
    const unknown = await run('import', 'traces.json', '--workers', 'emial=3');
    expect([unknown.code, unknown.err]).toEqual([2, 'error: No step is named "emial". Seen: payment-Charge, stock-Get, email-Send.\n']);
  });
});
