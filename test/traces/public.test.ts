/** Traces of real systems that are not part of the repository: `TRACES=folder npx vitest run test/traces/public.test.ts`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { criticalPath } from '../../src/traces/critical-path.js';
import { readTraces } from '../../src/traces/read.js';
import { understand, type Question, type Understanding } from '../../src/traces/understand.js';
import { quantile } from '../../src/traces/steps.js';
import { plant } from '../../src/traces/tree.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

const FOLDER = process.env['TRACES'];

function seen(file: string, question: Question = {}): Understanding {
  const found = understand(readTraces([{ name: file, bytes: readFileSync(path.join(FOLDER!, file)) }]), question);
  if (Array.isArray(found)) throw new Error('several operations');
  return found;
}

/** p50, p95 and mean, ms. */
function threeOf({ times }: { times: readonly number[] }): number[] {
  const sorted = times.toSorted((a, b) => a - b);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return [quantile(sorted, 0.5), quantile(sorted, 0.95), mean].map((ms) => Number(ms.toFixed(3)));
}

const figures = ({ steps }: Understanding): unknown[] => steps.map((step) => [step.label, ...threeOf(step)]);

/** How long is waited is no judgement: whole files are read and simulated here, beside whatever else the machine does. */
const OPTIONS = FOLDER ? { timeout: 600_000 } : { skip: true, meta: { optional: 'TRACES names no folder of traces of real systems' } };

describe('traces of real systems', OPTIONS, () => {
  it('Online Boutique: the checkout is a loop of currency conversions', () => {
    const found = seen('otlp/nezha-onlineboutique-placeorder.jsonl', { at: 'checkoutservice:PlaceOrder' });
    expect(figures(found)).toEqual([
      ['cart GetCart', 8.115, 11.091, 8.406],
      ['productcatalog GetProduct', 20.25, 52.573, 22.855],
      ['ConvertCurrency', 102.587, 703.91, 189.512],
      ['shipping GetQuote', 7.635, 32.077, 12.566],
      ['payment Charge', 9.772, 20.568, 12.287],
      ['shipping ShipOrder', 6.78, 24.474, 9.002],
      ['cart EmptyCart', 6.978, 63.456, 14.212],
      ['email SendOrderConfirmation', 7.842, 41.059, 12.942],
    ]);
    expect(found.steps.every(({ beside }) => beside.length === 0)).toBe(true);
    expect([threeOf(found.total), threeOf(found.own)]).toEqual([[197.078, 767.913, 292.014], [2.875, 52.002, 10.231]]);
    expect(found.steps.map(({ calls }) => Number(calls.toFixed(1)))).toEqual([1, 2.6, 3.6, 1, 1, 1, 1, 1]);
    expect([Number(found.rate?.toFixed(3)), found.atOnce]).toEqual([0.331, 2]);
  });

  it('Online Boutique: the first that is advised is to read the currencies in one call', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
    await main(fakeIo(['import', path.join(FOLDER!, 'otlp/nezha-onlineboutique-placeorder.jsonl'), '--at', 'checkoutservice:PlaceOrder', '-o', 'shop.yaml'], folder), { simulations });
    const io = fakeIo(['advise', 'shop.yaml', '--no-progress'], folder);
    await main(io, { simulations });
    rmSync(folder, { recursive: true });
    expect(io.out().split('\n\n')[1]).toMatch(/^Read ConvertCurrency in one call/);
  });

  it('DeathStarBench: four calls together, then three in a row', () => {
    const found = seen('jaeger/deathstarbench-compose-post.json');
    expect([threeOf(found.total), threeOf(found.own)]).toEqual([[3.516, 6.142, 4.063], [0.201, 0.809, 0.424]]);
    expect(found.steps.map(({ after }) => after.length)).toEqual([0, 0, 0, 0, 4, 5, 6]);
    const told = figures(found);
    expect(new Set(told.slice(0, 4))).toEqual(new Set([
      ['media compose_media_server', 0.335, 1.027, 0.41],
      ['text compose_text_server', 1.523, 3.325, 1.781],
      ['unique-id compose_unique_id_server', 0.225, 0.834, 0.357],
      ['user compose_creator_server', 0.36, 1.118, 0.457],
    ]));
    expect(told.slice(4)).toEqual([
      ['post-storage store_post_server', 0.383, 0.651, 0.415],
      ['user-timeline write_user_timeline_server', 0.55, 0.999, 0.622],
      ['home-timeline write_home_timeline_server', 0.67, 0.989, 0.71],
    ]);
    expect(Number(found.rate?.toFixed(1))).toBe(10.3);
  });

  it('HotROD: ten routes in one step', () => {
    const found = seen('jaeger/hotrod-protojson-joom.jsonl');
    expect(found.total.times).toHaveLength(9);
    expect(found.steps.map(({ calls }) => calls)).toEqual([1, 1, 10]);
    const hundredths = (figure: readonly number[]): number[] => figure.map((ms) => Number(ms.toFixed(2)));
    expect([found.total, ...found.steps].map((of) => hundredths(threeOf(of)))).toEqual([[683.17, 740.88, 691.73], [288.59, 315.17, 288.76], [209.48, 225.88, 209.21], [195.81, 213.36, 192.97]]);
    expect(threeOf(found.own)).toEqual([0.755, 0.925, 0.793]);
    expect(Number(found.rate?.toFixed(2))).toBe(1.3);
  });

  it('Bookinfo: mostly its own time', () => {
    const found = seen('otlp/kiali-tempo-bookinfo.json');
    expect([found.total.p50, ...found.steps.map(({ p50 }) => p50), found.own.mean].map((ms) => Number(ms.toFixed(3)))).toEqual([11.439, 1.334, 2.724, 7.381]);
  });

  it.each([
    ['otlp/nezha-onlineboutique-placeorder.jsonl', 'p50 322.238 ms against 322.238 ms', 'p95 837.062 ms against 837.062 ms'],
    ['jaeger/hotrod-protojson-joom.jsonl', 'p50 683.167 ms against 683.167 ms', 'p95 740.877 ms against 740.877 ms'],
    // Calls that are side by side in most requests are in turn in its second slowest.
    ['jaeger/deathstarbench-compose-post.json', 'p50 3.502 ms against 3.516 ms', 'p95 5.743 ms against 6.142 ms'],
  ])('%s: simulated as traced, request by request', async (file, p50, p95) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
    const io = fakeIo(['import', path.join(FOLDER!, file)], folder);
    await main(io, { simulations });
    rmSync(folder, { recursive: true });
    expect(io.out()).toContain(`Simulated as traced: ${p50}`);
    expect(io.out()).toContain(p95);
  });

  it('CRISP: the critical path of each of its 25 cases', () => {
    const files = Array.from({ length: 25 }, (_, n) => path.join(FOLDER!, 'jaeger/crisp', `${n + 1}.json`));
    expect(files.every((file) => existsSync(file))).toBe(true);
    for (const file of files) {
      const bytes = readFileSync(file);
      const { testing } = JSON.parse(bytes.toString()) as { testing: Record<string, number>[] | { opTimeExclusive: Record<string, number> } };
      const expected = Array.isArray(testing) ? testing[0]! : testing.opTimeExclusive;
      const { roots } = plant(readTraces([{ name: file, bytes }]).spans);
      const found = Object.fromEntries([...criticalPath(roots[0]!)].map(([name, ns]) => [name, ns / 1000]));
      expect({ file, found }).toEqual({ file, found: expected });
    }
  });
});
