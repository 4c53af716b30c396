import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdviceDocument } from '../../src/advice/document.js';
import { main } from '../../src/cli/main.js';
import { checkoutRecord } from '../support/record.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const io = fakeIo(['advise', ...args], folder);
  io.stdout.columns = 80;
  const code = await main(io, { simulations });
  return { code, out: io.out(), err: io.err() };
}

/** From `## Name` to the next heading of that depth. */
function section(markdown: string, name: string): string {
  return markdown.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? '';
}

describe('advise', () => {
  it.each([
    ['real-checkout', 'Call what does not need each other side by side: it saves 57.3%'],
    ['simple-crud', 'Stay with requests: the reply needs every step'],
    ['immediate-consistency', 'Stay with requests: as it is the chain answers within 240 ms'],
    ['moderate-load', 'Stay with requests: as it is'],
  ])('says of %s: %s', async (name, sentence) => {
    const { code, out } = await run(name);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(sentence);
  });

  describe('of a chain that is not as it is by default', () => {
    const SHOP = 'services: { a: 400ms, b: 300ms, c: 200ms }\nsteps: [{ call: a, critical: true, after: [] }, { call: b, critical: true, after: [] }, { call: c, critical: true, after: [] }]\nvariants: { grouped: { architecture: parallel, services: { c: 500ms } } }\n';
    const stay = async (yaml: string, ...args: string[]): Promise<{ stay: number | null; kinds: string[] }> => {
      writeFileSync(path.join(folder, 'shop.yaml'), yaml);
      const { code, err } = await run('shop.yaml', '-c', '1', '-o', `json=advice.json`, ...args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const { advice } = JSON.parse(readFileSync(path.join(folder, 'advice.json'), 'utf8')) as AdviceDocument;
      const p50 = advice.options.find(({ kind }) => kind === 'stay')?.loads[0]?.p95 ?? null;
      rmSync(path.join(folder, 'advice.json'));
      return { stay: p50 && Math.round(p50 / 10) * 10, kinds: [...new Set(advice.options.map(({ kind }) => kind))] };
    };

    it('begins with the baseline, of the scenario or of the command line', async () => {
      expect(await stay(SHOP)).toMatchObject({ stay: 900, kinds: expect.arrayContaining(['parallel']) as string[] });
      const parallel = { stay: 400, kinds: ['stay'] };
      expect(await stay(SHOP, '--baseline', 'parallel')).toEqual(parallel);
      expect(await stay(`${SHOP}baseline: parallel\n`)).toEqual(parallel);
      expect(await stay(`${SHOP}baseline: parallel\n`, '--baseline', 'grouped')).toEqual({ stay: 500, kinds: ['stay'] });
      expect(await stay(`${SHOP}baseline: parallel\n`, '--baseline', 'sync')).toMatchObject({ stay: 900 });
    });

    it.each([
      ['event-driven', /event-driven is no baseline for advice, which is about what a reply waits for: its reply says only that the order was accepted/],
      ['parrallel', /--baseline "parrallel" is no subject of shop. Known: grouped, sync, parallel, hybrid, event-driven/],
    ])('refuses %s', async (name, sentence) => {
      writeFileSync(path.join(folder, 'shop.yaml'), SHOP);
      const { code, err } = await run('shop.yaml', '--baseline', name);
      expect(code).toBe(2);
      expect(err).toMatch(sentence);
    });
  });

  describe('of a chain that publishes already', () => {
    const SHOP = 'services: { pay: 100ms, mail: 800ms, log: 50ms, stock: 10ms }\nsteps: [pay!, mail, log]\nevent: { consumers: { stock: { attempts: 2 } } }\n' +
      'variants: { today: { architecture: hybrid, steps: { mail: { critical: true } } } }\nbaseline: today\n';
    const advised = async (...args: string[]): Promise<AdviceDocument['advice']> => {
      writeFileSync(path.join(folder, 'shop.yaml'), SHOP);
      const { code, err } = await run('shop.yaml', '-R', '2', '-d', '20s', '-o', 'json=advice.json', ...args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      return (JSON.parse(readFileSync(path.join(folder, 'advice.json'), 'utf8')) as AdviceDocument).advice;
    };

    it('moves more, and leaves what is on the event there', async () => {
      const advice = await advised('--p95', '500ms');
      expect(advice).toMatchObject({ publishes: true, decision: { kind: 'move', steps: ['mail'] }, steps: [{ step: 'pay' }, { step: 'mail' }] });
      expect(advice.options.map(({ kind, moved, workers }) => [kind, moved, workers.map(({ consumer }) => consumer)])).toEqual([
        ['stay', [], []],
        ['move', ['mail'], ['mail', 'log', 'stock']],
      ]);
      expect(advice.options.map(({ loads }) => Math.round(loads[0]!.p50! / 10) * 10)).toEqual([900, 100]);
    });

    it('leaves what meets the goals as it is, and does not call it requests', async () => {
      writeFileSync(path.join(folder, 'shop.yaml'), SHOP);
      const { out } = await run('shop.yaml', '-R', '2', '-d', '20s');
      expect(out.replaceAll(/\s+/g, ' ')).toMatch(/Leave it as it is: the chain answers within 900 ms \(p95\) with 0% failed, within the goals; more events would save/);
      expect((await advised('--baseline', 'hybrid')).decision).toMatchObject({ kind: 'stay', because: 'nothing-to-move' });
    });
  });

  it('says that a backlog cannot be paid without workers', async () => {
    const scenario = 'services: { pay: 100ms, render: { latency: 2s, workers: 4 } }\nsteps: [pay!, { call: render, timeout: 1m }]\n';
    writeFileSync(path.join(folder, 'shop.yaml'), scenario);
    const { out } = await run('shop.yaml', '-c', '20,100');
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/would not be done in time: its consumer needs \S+ workers, and has 4\. Do not move it, or buy them first\./);
  });

  it('says which faults of the scenario it leaves out', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), 'services: { pay: 100ms, mail: 400ms }\nsteps: [pay!, mail]\nfaults: [drop 5%]\n');
    const { out } = await run('shop.yaml', '-c', '5', '-o', 'json=advice.json');
    expect(out).toContain('Left out: drop 5%. Advice is about days without faults;');
    expect(JSON.parse(readFileSync(path.join(folder, 'advice.json'), 'utf8'))).toMatchObject({ faults: ['drop 5%'] });
  });

  it('writes a decision record that has every part of one', async () => {
    const { out } = await run('checkout', '--drain-within', '30s', '-o', 'markdown=-', '-o', 'json=advice.json');
    expect(out).toMatch(/^# Move email onto an event, first and alone\n\n- Status: proposed\n- Date: \d{4}-\d\d-\d\d\n\n## Context\n/);
    expect(out.match(/^## .*/gm)).toEqual([
      '## Context',
      '## Options considered',
      '## Decision',
      '## Consequences',
      '## What would change it',
      '## How it was made',
    ]);
    expect(section(out, 'Decision')).toMatch(/Move email first: .* at the peak its consumer needs \d+ workers, and has 20\./);
    // One page: 66 lines of 100 characters.
    expect(out.split('\n').reduce((lines, text) => lines + Math.max(1, Math.ceil(text.length / 100)), 0)).toBeLessThanOrEqual(66);
    // Every row of a table has as many cells as its head.
    for (const table of out.match(/(?:^\|.*\n)+/gm) ?? []) {
      expect(new Set(table.trim().split('\n').map((row) => row.split('|').length)).size).toBe(1);
    }
    const document = JSON.parse(readFileSync(path.join(folder, 'advice.json'), 'utf8')) as AdviceDocument;
    expect(document).toMatchObject({ state: 'simulated', adviceVersion: 3, goals: { within: 30_000, asked: ['within'] }, advice: { decision: { kind: 'move', first: 'email' } } });
  });

  it('takes scenario, loads and seed from a record, and says how well the model held in it', async () => {
    const record = checkoutRecord();
    const trials = record.trials.map((trial) =>
      trial.state === 'measured' ? { ...trial, predicted: { p50: 1, p95: 1, throughput: 1, failureRate: 0, errorPercent: 2.5, breaks: null } } : trial,
    );
    writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...record, trials }));
    const { code, out } = await run('run.json');
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(`seed ${record.seed};`);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('in run.json the model holds for 6 of 6 measured trials, at most 2.5 percent off');
  });

  it('simulates the reply for longer than a peak where nobody says how long, and says so', async () => {
    const { out } = await run('immediate-consistency');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('windows of 10s, and longer for the reply, until p95 and p99 are known to 2.0%, seed 1;');
    expect((await run('immediate-consistency', '-d', '10s')).out).toContain('windows of 10s, seed 1;');
    // Its file says how long.
    expect((await run('checkout')).out).toContain('windows of 10s, seed 1;');
  });

  it('says that chance decides where stages send no more than a handful of requests', async () => {
    writeFileSync(path.join(folder, 'few.yaml'), 'services: { pay: 250ms, mail: 300ms }\nsteps: [pay!, mail]\nload: { rate: 0.5, stages: ["10s:0.5", "2s:2", "10s:2"] }\n');
    const { code, out } = await run('few.yaml');
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/Only 2\d requests in the window: p95 is that of a handful, and with another --seed the answer may be another\./);
    expect((await run('immediate-consistency')).out).not.toContain('Only ');
  });

  it('gives no advice when it is interrupted, and ends with 130', async () => {
    const io = fakeIo(['advise', 'checkout', '-o', 'json=advice.json'], folder);
    const code = await main(io, {
      simulations: (signal, onProgress) => {
        const started = simulations(signal, onProgress);
        return { ...started, simulate: (input) => started.simulate(input).finally(() => io.signal('SIGINT')) };
      },
    });
    expect({ code, out: io.out() }).toEqual({ code: 130, out: '' });
    expect(io.err()).toMatch(/^Interrupted: (?:no trial was simulated yet|[1-9]\d* of \d+ trials were simulated), and there is no advice without all of them\.\n$/);
  });

  it.each([
    [['gone.json'], 'gone.json: there is no such file'],
    [['checkout', '--drain-within', '0'], 'Expected a duration'],
    [['checkout', '--p95', 'soon'], 'Expected a duration'],
    [['checkout', '-o', 'html=a.html'], '"html" shows one run, and not this. Expected one of markdown, json'],
    [['checkout', '-c', '1', '-R', '1'], 'two models of load'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
