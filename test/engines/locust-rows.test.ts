import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocustRows } from '../../src/engines/locust-rows.js';
import { observationsOf, type EngineRow, type EngineRun } from '../../src/engines/rows.js';
import { OUTCOMES } from '../../src/load/load.js';

const lineOf = ({ index, intendedAt, sentAt, endedAt, outcome, status }: EngineRow, worker = 0): string =>
  JSON.stringify({ worker, startedAt: 1000 + worker, row: [index, intendedAt, sentAt, endedAt, outcome, status] });
const endOf = (change: object): string => JSON.stringify({ end: { engine: 'locust', rows: 0, requests: 0, workers: 1, done: 1, ...change } });

function read(lines: readonly string[]): EngineRun {
  const reader = new LocustRows();
  for (const line of lines) reader.take(line, 'rows.jsonl');
  return reader.finish();
}

const row = (index: number, change: Partial<EngineRow> = {}): EngineRow => ({ source: '0', index, intendedAt: index, sentAt: index, endedAt: index + 9, outcome: 'ok', status: 200, ...change });

const time = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number + 0);
const rows = fc.uniqueArray(
  fc.record({ index: fc.integer({ min: -1e6, max: 1e6 }), intendedAt: time, sentAt: time, endedAt: time, outcome: fc.constantFrom(...OUTCOMES), status: fc.integer({ min: 0, max: 599 }) }),
  { selector: ({ index }) => index },
);

describe('LocustRows', () => {
  it('gives back every row that was written, in any order, with books that balance', () => {
    fc.assert(
      fc.property(rows, (written) => {
        const run = read([...written.map((one, i) => lineOf({ ...one, source: '' }, i % 3)), endOf({ requests: written.length, rows: written.length, workers: 3, done: 3 })]);
        expect(run.rows).toEqual(written.map((one, i) => ({ ...one, source: String(i % 3) })));
        expect(run.problems).toEqual([]);
        const { index, intendedAt, outcome } = observationsOf(run.rows);
        expect([...index].toSorted((a, b) => a - b)).toEqual(written.map((one) => one.index).toSorted((a, b) => a - b));
        expect([...intendedAt]).toEqual(written.map((one) => one.intendedAt).toSorted((a, b) => a - b));
        expect(outcome).toHaveLength(written.length);
      }),
    );
  });

  it.each([
    ['rows that Locust counts and nobody has', [lineOf(row(0)), endOf({ requests: 2 })], 'locust counts 2 requests, and there are 1 rows'],
    ['a request that is there twice', [lineOf(row(0)), lineOf(row(0)), endOf({ requests: 2 })], '1 row has the index of another'],
    ['a worker that never told its last row', [lineOf(row(0)), endOf({ requests: 1, workers: 2, done: 1 })], '1 of 2 workers of locust did not tell their last row'],
    ['a master that died', [lineOf(row(0))], 'rows.jsonl has no last line'],
  ])('%s make the books wrong', (_, lines, problem) => {
    expect(read(lines).problems.join(' ')).toContain(problem);
  });

  it.each([
    ['no JSON', '{"worker": 0, "row": ['],
    ['no row', '{"hello": 1}'],
    ['an outcome that nobody knows', lineOf(row(0)).replace('"ok"', '"fine"')],
    ['a moment that is none', lineOf(row(0)).replace('9', 'null')],
    ['too few columns', '{"worker":0,"startedAt":1,"row":[1,2,3]}'],
  ])('refuses %s, with its line', (_, line) => {
    expect(() => read([lineOf(row(1)), '', line])).toThrow(/^rows\.jsonl:3: expected a row of the exported script, got /);
  });
});
