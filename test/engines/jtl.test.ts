/** Samples written as JMeter's CSVSaveService writes them, and read back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JtlRows, type JtlLoad } from '../../src/engines/jtl.js';
import { isJtl } from '../../src/engines/jtl-columns.js';
import { observationsOf } from '../../src/engines/rows.js';

const HEADINGS = 'timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect';
const T0 = 1_700_000_000_000;

interface Sample {
  at: number;
  elapsed: number;
  label?: string;
  code?: string;
  message?: string;
  thread?: string;
  success?: boolean;
  failure?: string;
  threads?: number;
  url?: string;
  latency?: number;
}

const quoted = (cell: string, separator: string): string => (cell.includes(separator) || /["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function lineOf(sample: Sample, separator = ','): string {
  const { at, elapsed, label = 'home', code = '200', message = 'OK', thread = 'Users 1-1', success = true, failure = '', threads = 1, url = 'http://shop.example/items?key=secret', latency = 0 } = sample;
  const cells = [T0 + at, elapsed, label, code, message, thread, 'text', success, failure, 100, 50, threads, threads, url, latency, 0, 1];
  return cells.map((cell) => quoted(String(cell), separator)).join(separator);
}

function read(files: Record<string, readonly string[]>, warmup = 0): JtlLoad {
  const reader = new JtlRows();
  for (const [file, texts] of Object.entries(files)) for (const text of texts) for (const line of text.split('\n')) reader.take(line, file);
  return reader.finish(warmup);
}

const of = (...samples: Sample[]): string[] => [HEADINGS, ...samples.map((sample) => lineOf(sample))];
const text = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '\t', '|', '\n', 'é') });
const sample = fc.record({ at: fc.integer({ min: 0, max: 1e6 }), elapsed: fc.integer({ min: 0, max: 1e5 }), label: text, failure: text, threads: fc.constant(900), latency: fc.integer({ min: 1, max: 1000 }) });

describe('JtlRows', () => {
  it('gives back every sample that was written, of several files in the order of their starts, by any separator', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), fc.constantFrom(',', ';', '\t', '|'), fc.boolean(), (samples, separator, hasHeadings) => {
        const file = (parity: number): string[] => [
          ...(hasHeadings ? [HEADINGS.replaceAll(',', separator)] : []),
          ...samples.filter((_, i) => i % 2 === parity).map((one) => lineOf(one, separator)),
        ];
        const { run, duration } = read({ 'a.jtl': file(0), 'b.jtl': file(1) });
        const ordered = samples.map((one, i) => ({ ...one, source: i % 2 === 0 ? 'a.jtl' : 'b.jtl' })).toSorted((a, b) => a.at - b.at || a.source.localeCompare(b.source));
        const first = ordered[0]?.at ?? 0;
        expect(run.rows).toEqual(ordered.map(({ at, elapsed, latency, source }, index) => ({
          source, index, intendedAt: at - first, sentAt: at - first, firstByteAt: at - first + latency, endedAt: at - first + elapsed, outcome: 'ok', status: 200,
        })));
        expect([run.startedAt, duration]).toEqual([T0 + first, Math.max(1, ...ordered.map(({ at, elapsed }) => at - first + elapsed))]);
        expect([...observationsOf(run.rows).firstByteAt]).toEqual(run.rows.map(({ firstByteAt }) => firstByteAt));
      }),
      { numRuns: 60 },
    );
  });

  it('reads what older versions write without headings', () => {
    const cells = lineOf({ at: 0, elapsed: 9 }).split(',');
    const old = (...left: number[]): string => cells.filter((_, i) => !left.includes(i)).join(',');
    for (const line of [old(13), old(8, 10, 13, 15, 16)]) expect(read({ a: [line] }).run.rows).toMatchObject([{ index: 0, endedAt: 9, outcome: 'ok' }]);
  });

  it('numbers what is sent before the window from below', () => {
    const { run, duration } = read({ a: of({ at: 0, elapsed: 5 }, { at: 40, elapsed: 5 }, { at: 50, elapsed: 5 }, { at: 70, elapsed: 30 }) }, 50);
    expect(run.rows.map(({ index, sentAt }) => [index, sentAt])).toEqual([[-2, -50], [-1, -10], [0, 0], [1, 20]]);
    expect([run.startedAt, duration]).toEqual([T0 + 50, 50]);
  });

  it.each([
    ['200', 'OK', true, 'ok'], ['404', 'Not Found', true, 'ok'], ['404', 'Not Found', false, 'http4xx'], ['503', '', false, 'http5xx'], ['200', '', false, 'mismatch'],
    ['Non HTTP response code: java.net.SocketTimeoutException', 'Read timed out', false, 'timeout'],
    ['Non HTTP response code: org.apache.http.conn.HttpHostConnectException', 'Connection refused', false, 'connection'],
    ['Non HTTP response code: java.net.SocketTimeoutException', 'connect timed out', false, 'connection'],
    ['Non HTTP response code: org.apache.http.NoHttpResponseException', 'failed to respond', false, 'hangup'], ['', '', false, 'hangup'], ['42P01', 'no such table', false, 'mismatch'],
  ])('calls the code %j with %j and success %j %s', (code, message, success, outcome) => {
    expect(read({ a: of({ at: 0, elapsed: 1, code, message, success }) }).run.rows[0]?.outcome).toBe(outcome);
  });

  it('tells groups, threads and address of what was loaded, and neither its query nor a total', () => {
    const load = read({ 'a.jtl': of({ at: 0, elapsed: 9, thread: 'Buyers 1-1', threads: 20 }, { at: 2, elapsed: 9, thread: 'Buyers 1-2', threads: 30, label: 'buy' }), 'b.jtl': of({ at: 1, elapsed: 9, threads: 5 }) });
    expect(load).toMatchObject({ users: 35, url: 'http://shop.example/items', groups: ['a.jtl: Buyers', 'b.jtl: Users'] });
    expect(load.run).toMatchObject({ total: null, untold: true, workers: { expected: 2, done: 2 }, problems: [] });
    expect(load.run.notes?.join(' ')).toContain('2 kinds of requests together: home (2), buy (1).');
  });

  it('tells machines of one file apart by their host', () => {
    const lines = [`${HEADINGS},Hostname`, `${lineOf({ at: 0, elapsed: 9, threads: 4 })},east`, `${lineOf({ at: 1, elapsed: 9, threads: 4 })},west`];
    expect(read({ a: lines })).toMatchObject({ users: 8, groups: ['a east: Users', 'a west: Users'], run: { workers: { expected: 2 } } });
  });

  it('leaves out transactions whose requests have rows, and keeps those that are all there is', () => {
    const transaction = { label: 'order', message: 'Number of samples in transaction : 2, number of failing samples : 0', url: 'null' };
    const both = read({ a: of({ at: 0, elapsed: 10 }, { at: 10, elapsed: 10 }, { ...transaction, at: 0, elapsed: 20 }, { ...transaction, at: 500, elapsed: 20 }) });
    expect(both.run.rows.map(({ sentAt }) => sentAt)).toEqual([0, 10, 500]);
    expect(both.run.notes?.join(' ')).toContain('1 row is a transaction, the sum of requests that have rows of their own: left out.');
  });

  it('sees files that were not one load', () => {
    const [early, late] = [of({ at: 0, elapsed: 10 }, { at: 50, elapsed: 10 }), of({ at: 5000, elapsed: 10 })];
    expect(read({ a: early, b: late }).run.problems).toEqual(['a and b were at different times: files are one load when they ran together, by clocks that agree.']);
    expect(read({ a: early, b: early }).run.problems).toEqual(['a and b have the same rows: its requests are in the books more than once.']);
  });

  it.each([
    [[HEADINGS, lineOf({ at: 0, elapsed: 1 }), lineOf({ at: 0, elapsed: 1 }).slice(0, 24)], /^a:3:25: expected 17 cells as in the first line, got 4: it was cut off/],
    [[HEADINGS, lineOf({ at: 0, elapsed: 1 }).replace(String(T0), '2024/01/01 10:00:00')], 'a:2:1: expected milliseconds since 1970 (jmeter.save.saveservice.timestamp_format=ms), got 2024/01/01 10:00:00.'],
    [[HEADINGS, lineOf({ at: 0, elapsed: 1 }).replace(',1,home', ',fast,home')], 'a:2:15: expected whole milliseconds, got fast.'],
    [[HEADINGS, lineOf({ at: 0, elapsed: 1, label: 'a\nb' }).replace('true', 'yes')], 'a:3:26: expected true or false, got yes.'],
    [[`${HEADINGS},SampleCount`, `${lineOf({ at: 0, elapsed: 1 })},20`], 'expected a row for each sample, and not one for several'],
    [['timeStamp,label', `${T0},home`], 'a:1:1: expected the headings of a JTL, and elapsed is missing.'],
    [['timeStamp,elapsed', `${T0},1`], 'a:1:1: it has neither success nor responseCode: nothing tells a good answer.'],
    [[`${T0},1,home`], "a:1:1: there are no headings, and 3 columns are none of JMeter's defaults (17, 16, 12)"],
  ])('refuses %j', (lines, message) => {
    expect(() => read({ a: lines })).toThrow(message);
  });

  it.each([[HEADINGS, true], ['"timeStamp"\t"elapsed"', true], [lineOf({ at: 0, elapsed: 1 }, '|'), true], ['metric_name,timestamp,metric_value', false], ['{"worker":0}', false]])('knows whether %j is one', (line, expected) => {
    expect(isJtl(line)).toBe(expected);
  });
});
