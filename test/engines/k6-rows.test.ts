/** Rows written as `k6 run --out csv` writes them (SampleToRow in k6's output/csv), and read back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { K6Rows } from '../../src/engines/k6-rows.js';
import type { EngineRow, EngineRun } from '../../src/engines/rows.js';
import { OUTCOMES } from '../../src/load/load.js';

const HEADINGS = 'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata';

const line = (metric: string, time: string, value: number, tags: { status?: string; error?: string; extra?: string } = {}): string =>
  [metric, time, value.toFixed(6), '', tags.error ?? '', '', '', '', '', '', '', 'load', '', tags.status ?? '', '', '', '', tags.extra ?? '', ''].join(',');

/** A request as k6 writes it: among others, and its end is its time. */
function linesOf({ index, intendedAt, endedAt, outcome, status }: EngineRow, format: (ms: number) => string): string[] {
  const time = format(1e12 + endedAt);
  const extra = [`outcome=${outcome}`, `at=${intendedAt}`, `index=${index}`];
  return [
    line('http_req_duration', time, 3, { status: String(status) }), line('http_reqs', time, 1, { error: '"dial, tcp"' }),
    line('row', time, endedAt - intendedAt, { status: String(status), extra: (index % 2 === 0 ? extra : extra.toReversed()).join('&') }),
  ];
}

function read(...files: (readonly string[])[]): EngineRun {
  const reader = new K6Rows();
  for (const [i, lines] of files.entries()) for (const text of lines) reader.take(text, `rows-${i + 1}.csv`);
  return reader.finish();
}

const rows = fc
  .array(fc.record({ took: fc.integer({ min: 0, max: 1e10 }), at: fc.integer({ min: 0, max: 1e6 }), outcome: fc.constantFrom(...OUTCOMES), status: fc.integer({ min: 0, max: 599 }) }), { maxLength: 30 })
  .map((all) => all.map(({ took, at, outcome, status }, index): EngineRow => ({ source: 'rows-1.csv', index, intendedAt: at, sentAt: at, endedAt: at + took / 1000, outcome, status })));

describe('CSV of k6', () => {
  it('gives back every row that was written, to the microsecond, and k6\'s own total', () => {
    fc.assert(
      fc.property(rows, (written) => {
        const run = read([HEADINGS, ...written.flatMap((row) => linesOf(row, (ms) => String(Math.round(ms * 1000))))]);
        expect(run.rows.map((row) => ({ ...row, endedAt: Math.round(row.endedAt * 1000) / 1000 }))).toEqual(written.map((row) => ({ ...row, endedAt: Math.round(row.endedAt * 1000) / 1000 })));
        expect([run.total, run.problems]).toEqual([written.length, []]);
      }),
    );
  });

  const row = (index: number): EngineRow => ({ source: '', index, intendedAt: index, sentAt: index, endedAt: index + 20, outcome: 'ok', status: 200 });

  it.each([
    ['unix', (ms: number) => String(Math.floor(ms / 1000)), 1e12 - 20],
    ['unix_milli', String, 1e12], ['unix_micro', (ms: number) => `${ms}000`, 1e12], ['unix_nano', (ms: number) => `${ms}000000`, 1e12],
    ['rfc3339', (ms: number) => new Date(ms).toISOString(), 1e12],
  ])('knows the time format %s', (_, format, startedAt) => {
    expect(read([HEADINGS, ...linesOf(row(0), format)]).startedAt).toBe(startedAt);
  });

  it('merges the files of several machines, and sees one that is missing or cut off', () => {
    const of = (index: number): string[] => linesOf(row(index), String);
    const [one, two] = [[HEADINGS, ...of(0), ...of(2)], [HEADINGS, ...of(1), ...of(3)]];
    expect(read(one, two)).toMatchObject({ total: 4, problems: [], workers: { expected: 2, done: 2 } });
    expect(read(two).problems).toEqual(['2 iterations of k6 have no row: a machine\'s file is missing, or was cut off.']);
    expect(read(one, two.slice(0, -1)).problems.join(' ')).toContain('k6 counts 4 requests, and there are 3 rows');
    expect(read([HEADINGS, line('dropped_iterations', '1', 7)]).unsent).toBe(7);
  });

  it.each([
    [[HEADINGS, line('row', '1', 20).slice(0, 20)], 'rows-1.csv:2:21: expected 19 cells as in the first line, got 8: it was cut off'],
    [[HEADINGS, line('row', '1', 20)], /^rows-1\.csv:2:35: expected a row of the exported script, got nothing\.$/],
    [[HEADINGS, line('row', '1', 20).replace('20.000000', 'x')], 'rows-1.csv:2:7: expected a number, got x.'],
    [['metric_name,timestamp', 'row,1'], 'rows-1.csv:1:1: expected the headings of `k6 run --out csv`, and metric_value, extra_tags are missing.'],
    [[HEADINGS, 'row,1,"2'], 'rows-1.csv:2:7: a quote is opened and never closed.'],
  ])('refuses %j', (lines, message) => {
    expect(() => read(lines)).toThrow(message);
  });
});
