/** The script for k6 in a small stand-in of its modules, and its rows read back from what k6 writes of them. */
import { describe, expect, it } from 'vitest';
import type { EngineLoad } from '../../src/engines/engine-load.js';
import { k6Files } from '../../src/engines/k6.js';
import { K6Rows } from '../../src/engines/k6-rows.js';
import type { EngineRun } from '../../src/engines/rows.js';

const LOAD: EngineLoad = {
  subject: 'shop', scenario: 'mine', url: 'http://10.0.0.7/items/{{index}}', method: 'POST', headers: { 'x-id': 'a-{{ index }}' }, body: '{"n":{{index}}}',
  expect: { status: [], body: null }, shape: { model: 'open', rate: 50, arrivals: 'even' }, entry: 0, think: 0, timeout: 2000, warmup: 100, duration: 200, seed: 1,
};

interface Answer {
  status: number;
  error_code?: number;
  body?: string;
}

interface Sent {
  url: string;
  body: string | null;
  headers: Record<string, string>;
}

interface Ran {
  options: { scenarios: { load: Record<string, unknown> }; discardResponseBodies: boolean };
  sent: Sent[];
  /** As k6 writes it with `--out json`. */
  lines: string[];
  slept: number[];
}

/** Runs the script's iterations at these moments, ms from the start of the scenario, each answered like this. */
async function run(load: EngineLoad, moments: readonly number[], answer: (n: number) => Answer = () => ({ status: 200 })): Promise<Ran> {
  const sent: Sent[] = [];
  const lines: string[] = ['{"type":"Metric","data":{"name":"row"},"metric":"row"}'];
  const slept: number[] = [];
  let now = 0;
  let number = 0;
  const point = (metric: string, value: number, tags: object, took = 0): void =>
    void lines.push(JSON.stringify({ metric, type: 'Point', data: { time: new Date(1e12 + now + took).toISOString(), value, tags } }));
  const modules = {
    sleep: (seconds: number) => slept.push(seconds),
    exec: { scenario: { startTime: 0, get iterationInTest() { return number; } } },
    http: {
      request: (_method: string, url: string, body: string | null, { headers }: { headers: Record<string, string> }) => {
        sent.push({ url, body, headers });
        point('http_reqs', 1, {});
        return { error_code: 0, body: null, timings: { blocked: 1, duration: 20 }, ...answer(number) };
      },
    },
    Trend: function Trend(name: string) { return { add: (value: number, tags: object) => point(name, value, tags, value) }; },
    Date: { now: () => now },
  };
  const script = (k6Files(load)['script.js'] ?? '').replaceAll(/^import .*$/gm, '').replace('export const options', 'const options').replace('export default function ()', 'function iterate()');
  // The script as it is, with its modules as parameters.
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
  const made = new Function(...Object.keys(modules), `${script}\nreturn { options, iterate };`) as (...args: unknown[]) => { options: Ran['options']; iterate: () => void };
  const { options, iterate } = made(...Object.values(modules));
  for (const moment of moments) {
    now = moment;
    iterate();
    number++;
  }
  return { options, sent, lines, slept };
}

function read(...files: (readonly string[])[]): EngineRun {
  const reader = new K6Rows();
  for (const [i, lines] of files.entries()) for (const line of lines) reader.take(line, `rows-${i + 1}.jsonl`);
  return reader.finish();
}

describe('the script for k6', () => {
  it('sends what it is told, with indices that are negative while warming up', async () => {
    const { sent, lines } = await run(LOAD, [0, 50, 100, 150]);
    expect(sent.map(({ headers }) => headers['x-request'])).toEqual(['-1', '-2', '2', '3']);
    expect(sent[2]).toEqual({ url: 'http://10.0.0.7/items/2', body: '{"n":2}', headers: { 'x-request': '2', 'x-id': 'a-2' } });
    const { rows, problems, total, startedAt } = read(lines);
    expect([problems, total, startedAt]).toEqual([[], 4, 1e12 + 100]);
    expect(rows.map(({ index, intendedAt, endedAt, outcome }) => [index, intendedAt, endedAt, outcome])).toEqual([
      [-1, -100, -79, 'ok'], [-2, -50, -29, 'ok'], [2, 0, 21, 'ok'], [3, 50, 71, 'ok'],
    ]);
  });

  it.each([
    [{ status: 304 }, 'ok'], [{ status: 302 }, 'mismatch'], [{ status: 404 }, 'http4xx'], [{ status: 503, error_code: 1503 }, 'http5xx'],
    [{ status: 0, error_code: 1050 }, 'timeout'], [{ status: 0, error_code: 1212 }, 'connection'], [{ status: 0, error_code: 1101 }, 'connection'], [{ status: 0, error_code: 1220 }, 'hangup'],
  ])('calls %j %s', async (answer, outcome) => {
    const { lines } = await run(LOAD, [100], () => answer);
    expect(read(lines).rows[0]?.outcome).toBe(outcome);
  });

  it('looks into bodies where something is expected of them', async () => {
    const load = { ...LOAD, expect: { status: [201], body: 'order {{index}}' } };
    const { options, lines } = await run(load, [100, 101, 102], (n) => ({ status: n === 2 ? 200 : 201, body: 'order 0' }));
    expect(options.discardResponseBodies).toBe(false);
    expect(read(lines).rows.map(({ outcome }) => outcome)).toEqual(['ok', 'mismatch', 'mismatch']);
  });

  it.each([
    [LOAD.shape, { executor: 'ramping-arrival-rate', startRate: 50, timeUnit: '1s', preAllocatedVUs: 100, stages: [{ duration: '100ms', target: 50 }, { duration: '200ms', target: 50 }] }],
    [{ model: 'open', rate: 0.5, arrivals: 'even' }, { startRate: 500, timeUnit: '1000s', preAllocatedVUs: 1 }],
    [{ model: 'closed', users: 40 }, { executor: 'ramping-vus', startVUs: 0, gracefulRampDown: '2000ms', stages: [{ duration: '0ms', target: 40 }, { duration: '100ms', target: 40 }, { duration: '200ms', target: 40 }] }],
    [{ model: 'closed', users: 9, ramp: { from: 3, stages: [{ duration: 150, target: 9 }, { duration: 50, target: 1 }] } }, { stages: [{ duration: '0ms', target: 3 }, { duration: '100ms', target: 3 }, { duration: '150ms', target: 9 }, { duration: '50ms', target: 1 }] }],
  ] as [EngineLoad['shape'], object][])('has %j as its executors have it', async (shape, expected) => {
    expect((await run({ ...LOAD, shape, think: 500 }, [0])).options.scenarios.load).toMatchObject(expected);
  });

  it('pauses between an answer and the next request, and sends nothing after the window', async () => {
    const { sent, slept } = await run({ ...LOAD, think: 500 }, [299, 300]);
    expect([sent.length, slept]).toEqual([1, [0.5, 0.5]]);
  });

  it('refuses what k6 cannot do', () => {
    expect(() => k6Files({ ...LOAD, shape: { model: 'open', rate: 5, arrivals: 'poisson' } })).toThrow('cannot make Poisson arrivals');
  });
});

describe('K6Rows', () => {
  it('reads the files of several machines, and sees that one is missing or cut off', async () => {
    const { lines } = await run(LOAD, [0, 100, 150, 200]);
    const rowsOf = (parity: number): string[] => lines.slice(1).filter((_, i) => Math.floor(i / 2) % 2 === parity);
    expect(read(rowsOf(0), rowsOf(1)).problems).toEqual([]);
    expect(read(rowsOf(1)).problems).toEqual(['2 iterations of k6 have no row: a machine\'s file is missing, or was cut off.']);
    expect(read(rowsOf(0), rowsOf(1).slice(0, -1)).problems.join(' ')).toContain('k6 counts 4 requests, and there are 3 rows');
  });

  it('counts what was dropped, and refuses lines that are none', () => {
    const dropped = JSON.stringify({ metric: 'dropped_iterations', type: 'Point', data: { time: '2026-01-01T00:00:00Z', value: 7, tags: {} } });
    expect(read([dropped]).unsent).toBe(7);
    expect(() => read(['', '{"metric":'])).toThrow('rows-1.jsonl:2: expected a line of `k6 run --out json`');
    expect(() => read([JSON.stringify({ metric: 'row', type: 'Point', data: { value: 1, tags: { index: 'x' } } })])).toThrow('rows-1.jsonl:1: expected a row');
  });
});
