/** `import` as a whole: files in, scenario, rows and what was understood out. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdviceDocument } from '../../src/advice/document.js';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';
import { FORMS, shopRequest, type Written } from '../traces/fixtures.js';

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

  describe('from stdin', () => {
    const FROM_STDIN = ['import', '-', '-o', 'shop.yaml'];
    const piped = async (args: string[], ...chunks: Uint8Array[]) => {
      const io = { ...fakeIo(args, folder), stdin: Readable.from(chunks) };
      return { code: await main(io, { simulations }), out: io.out(), err: io.err() };
    };
    const bytes = FORMS['OTLP JSON']!(Array.from({ length: 60 }, (_, n) => shopRequest(n)).flat());

    it.each([['as it is', bytes], ['packed', gzipSync(bytes)]])('reads what comes in pieces, %s, like a file', async (_, whole) => {
      const { code, out } = await piped(FROM_STDIN, whole.subarray(0, 5), whole.subarray(5, 1000), whole.subarray(1000));
      expect({ code, out }).toEqual({ code: 0, out: (await run('import', 'traces.json', '-o', 'shop.yaml', '--force')).out });
    });

    it('says what is wrong with it by that name', async () => {
      expect(await piped(FROM_STDIN)).toMatchObject({ code: 2, err: expect.stringMatching(/^error: standard input: it is empty/) as string });
      expect(await piped(FROM_STDIN, gzipSync(bytes).subarray(0, 400))).toMatchObject({ code: 2, err: expect.stringMatching(/^error: standard input: /) as string });
      expect(await piped([...FROM_STDIN, '--critcal', 'a'], bytes)).toMatchObject({ code: 2, err: expect.stringContaining("unknown option '--critcal'") as string });
    });

    it('reads it once, and a folder not at all', async () => {
      mkdirSync(path.join(folder, 'traces'));
      expect(await run('import', 'traces')).toMatchObject({ code: 2, err: 'error: traces: this is a folder: name a file in it.\n' });
      expect((await piped(['import', '-', '-', '-o', 'shop.yaml'], bytes)).code).toBe(2);
    });
  });

  it('of what publishes is a chain that advice begins with: what is an event stays one', async () => {
    writeFileSync(path.join(folder, 'events.json'), FORMS['OTLP JSON']!(Array.from({ length: 60 }, (_, n) => withEvent(shopRequest(n))).flat()));
    await run('import', 'events.json', '-o', 'events.yaml', '--critical', 'payment-Charge,stock-Get');
    const { code, out } = await run('advise', 'events.yaml', '--p95', '70ms', '-o', 'json=-');
    expect(code).toBe(0);
    const { advice } = JSON.parse(out) as AdviceDocument;
    expect(advice).toMatchObject({ publishes: true, decision: { kind: 'move', steps: ['email-Send'] } });
    const moved = advice.options.find(({ kind }) => kind === 'move')!;
    expect(moved.workers.map(({ consumer }) => consumer)).toEqual(['email-Send', 'ledger']);
    // 20 ms of email are gone from the reply.
    expect(advice.options[0]!.loads[0]!.p50! - moved.loads[0]!.p50!).toBeCloseTo(20, 0);
  });
});

/** The request with an event, published before the reply, whose consumer works after it. */
function withEvent(request: Written[]): Written[] {
  const root = request[0]!;
  const one = { trace: root.trace, kind: 'PRODUCER' as const, name: 'publish', service: 'shop', parent: root.id, id: 'c'.repeat(16), start: root.end - 5000n, end: root.end - 1000n };
  return [...request, one, { ...one, kind: 'CONSUMER', name: 'process', service: 'ledger', parent: one.id, id: 'd'.repeat(16), start: root.end + 1_000_000n, end: root.end + 5_000_000n }];
}
