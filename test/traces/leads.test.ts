/** Calls side by side that do not begin at once: parallel, with what lies between their begins. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selfCheck } from '../../src/cli/import.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { leadsOf } from '../../src/traces/leads.js';
import { readTraces } from '../../src/traces/read.js';
import { rowsCsv, scenarioYaml } from '../../src/traces/scenario-file.js';
import type { Request } from '../../src/traces/steps.js';
import { understand, type Understanding } from '../../src/traces/understand.js';
import { simulate } from '../support/simulations.js';
import { fileOf, type Written } from './fixtures.js';

const EPOCH = 1_700_000_000_000_000_000n;

/** A request whose calls begin and end at such moments, ms. */
function written(n: number, calls: readonly (readonly [start: number, end: number])[], after: number): Written[] {
  const trace = (n + 1).toString(16).padStart(32, 'a');
  const at = (ms: number): bigint => EPOCH + BigInt(n) * 10_000_000_000n + BigInt(Math.round(ms * 1000)) * 1000n;
  const id = (of: number): string => (n * 100 + of + 1).toString(16).padStart(16, '0');
  const root: Written = { trace, id: id(0), parent: '', service: 'page', name: 'GET /page', kind: 'SERVER', start: at(0), end: at(Math.max(...calls.map(([, end]) => end)) + after) };
  return [root, ...calls.map(([start, end], of): Written => ({ trace, id: id(of + 1), parent: root.id, service: 'page', name: `read ${of}`, kind: 'CLIENT', start: at(start), end: at(end), attributes: { 'peer.service': `s${of}` } }))];
}

function seen(requests: readonly Written[][]): Understanding {
  const found = understand(readTraces([fileOf('OTLP JSON', requests.flat())]), {});
  if (Array.isArray(found)) throw new Error('several operations');
  return found;
}

async function off(found: Understanding): Promise<number[]> {
  const csv = rowsCsv(found);
  const scenario = parseScenario(scenarioYaml(found, 'page.csv', { workers: new Map() }), { file: 'page.yaml', readFile: () => csv });
  const { traced, simulated } = await selfCheck(scenario, found.total.mean, csv, simulate);
  return (['p50', 'p95'] as const).map((name) => Math.abs(simulated[name] / traced[name] - 1));
}

const apart = fc.double({ min: 0, max: 20, noNaN: true });
/** Each begins before the first ends, and is long enough to be beside it in every request. */
const staggered = fc.array(fc.tuple(apart, apart, apart, fc.double({ min: 60, max: 90, noNaN: true })), { minLength: 5, maxLength: 60 })
  .map((rows) => rows.map(([a, b, own, length], n) => written(n, [[own, own + length], [own + a + 1, own + length + b], [own + a + b + 1, own + a + b + 50]], own)));

describe('calls side by side that begin a little apart', () => {
  it('are parallel, and simulated as traced', async () => {
    await fc.assert(
      fc.asyncProperty(staggered, async (requests) => {
        const found = seen(requests);
        expect(found.steps.map(({ after }) => after)).toEqual([[], [], []]);
        for (const share of await off(found)) expect(share).toBeLessThan(0.01);
      }),
      { numRuns: 8 },
    );
  });

  it('say by how much each begins later', () => {
    const found = seen(Array.from({ length: 60 }, (_, n) => written(n, [[10, 60], [40, 100]], 0)));
    expect(found.steps.map(({ lead }) => lead?.[0] ?? null)).toEqual([null, 30]);
    expect(scenarioYaml(found, 'page.csv', { workers: new Map() })).toContain('{ name: before-s1-read-1, own: { column: before-s1-read-1 }, after: [own], timeout: 10m }');
    expect(rowsCsv(found).split('\n').slice(0, 2)).toEqual(['s0-read-0,s1-read-1,before-s1-read-1,own,total', '50,60,30,10,100']);
  });

  it('and those in turn have nothing in between: it is own time', () => {
    const found = seen(Array.from({ length: 60 }, (_, n) => written(n, [[10, 60], [70, 100]], 0)));
    expect([found.steps.map(({ lead }) => lead), found.own.mean]).toEqual([[null, null], 20]);
  });

  it('wait for nobody in requests in which they are in turn', () => {
    const step = (start: number, end: number): Request['steps'] extends Map<string, infer S> ? S : never => ({ label: '', publishes: false, calls: 1, failed: 0, busy: [[start, end]], time: end - start });
    const request = (from: number): Request => ({ start: 0, total: from + 100, own: from > 100 ? from - 100 : 0, steps: new Map([['a', step(0, 100)], ['b', step(from, from + 100)]]), consumed: [], retried: 0, outlasting: 0, blind: [], sighted: [], after: [] });
    const requests = Array.from({ length: 41 }, (_, n) => request(n === 40 ? 150 : 50));
    expect(leadsOf(requests, ['a', 'b'], [[], []])[1]).toEqual([...Array.from({ length: 40 }, () => 50), 0]);
  });
});
