/** Traces of real systems that are not part of the repository: `TRACES=folder npx vitest run test/traces/public.test.ts`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { criticalPath } from '../../src/traces/critical-path.js';
import { readTraces } from '../../src/traces/read.js';
import { understand, type Question, type Understanding } from '../../src/traces/understand.js';
import { plant } from '../../src/traces/tree.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

const FOLDER = process.env['TRACES'];

function seen(file: string, question: Question = {}): Understanding {
  const found = understand(readTraces([{ name: file, bytes: readFileSync(path.join(FOLDER!, file)) }]), question);
  if (Array.isArray(found)) throw new Error('several operations');
  return found;
}

const figures = ({ steps }: Understanding): unknown => steps.map(({ label, p50, p95, mean }) => [label, ...[p50, p95, mean].map((ms) => Number(ms.toFixed(3)))]);

const OPTIONS = FOLDER ? {} : { skip: true, meta: { optional: 'TRACES names no folder of traces of real systems' } };

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
  });

  it('DeathStarBench: four calls together, then three in a row', () => {
    const found = seen('jaeger/deathstarbench-compose-post.json');
    expect([found.total.p50, found.total.p95, found.total.mean].map((ms) => Number(ms.toFixed(3)))).toEqual([3.516, 6.142, 4.063]);
    expect(found.steps.map(({ after }) => after.length)).toEqual([0, 0, 0, 0, 4, 5, 6]);
  });

  it('HotROD: ten routes in one step', () => {
    const found = seen('jaeger/hotrod-protojson-joom.jsonl');
    expect(found.total.times).toHaveLength(9);
    expect(found.steps.map(({ calls, p50 }) => [calls, Number(p50.toFixed(2))])).toEqual([[1, 288.59], [1, 209.48], [10, 195.81]]);
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
