import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRecorder, HistoryReader, readHistory } from '../../src/events/durable.js';
import { HISTORY_KINDS, type HistoryEntry } from '../../src/events/history.js';
import { cases } from '../support/properties.js';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  path = join(folder, 'consumer.history');
});
afterEach(() => rmSync(folder, { recursive: true }));

const entries = fc.record({
  kind: fc.constantFrom(...HISTORY_KINDS),
  event: fc.string(),
  request: fc.integer(),
  sequence: fc.nat(),
  consumer: fc.string(),
  at: fc.double({ noNaN: true, noDefaultInfinity: true }).map((at) => at + 0),
});

function entry(fields: Partial<HistoryEntry>): HistoryEntry {
  return { kind: 'attempted', event: 'a', request: 0, sequence: 1, consumer: '', at: 1.5, ...fields };
}

describe('fileRecorder', () => {
  it('reads back what it wrote, whatever the names are', () => {
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 20 }), (history) => {
        const recorder = fileRecorder(path);
        for (const each of history) recorder.record(each);
        recorder.close();
        expect(readHistory(path)).toEqual(history);
        rmSync(path);
      }),
      { numRuns: cases(50) },
    );
  });

  it('reads the same in pieces of any size, also while it grows', () => {
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 20 }), fc.array(entries, { maxLength: 20 }), fc.integer({ min: 1, max: 300 }), (first, second, piece) => {
        const recorder = fileRecorder(path);
        const reader = new HistoryReader(path, piece);
        for (const each of first) recorder.record(each);
        expect(reader.read()).toEqual(first);
        appendFileSync(path, '[1,"torn');
        expect(reader.read()).toEqual([]);
        appendFileSync(path, '\n\n');
        for (const each of second) recorder.record(each);
        expect(reader.read()).toEqual(second);
        recorder.close();
        rmSync(path);
      }),
      { numRuns: cases(50) },
    );
  });

  it('says so when it cannot be written, and where, and what to do', () => {
    expect(() => fileRecorder('/dev/full')).toThrow('The books of the trial cannot be written to /dev/full: no space is left there. Free some space');
    const lost: string[] = [];
    const recorder = fileRecorder(path, (sentence) => lost.push(sentence));
    recorder.close();
    recorder.record(entry({}));
    expect(lost).toEqual([expect.stringContaining(`cannot be written to ${path}: EBADF`)]);
  });

  it('goes on where an earlier life ended, and counts what that left waiting', () => {
    const first = fileRecorder(path);
    first.expect('email');
    first.record(entry({ kind: 'acknowledged', event: 'a' }));
    first.record(entry({ kind: 'acknowledged', event: 'b' }));
    first.record(entry({ kind: 'applied', event: 'a', consumer: 'email' }));
    first.record(entry({ kind: 'processed', event: 'a', consumer: 'email' }));
    first.close();
    appendFileSync(path, '[1,"torn');

    const second = fileRecorder(path);
    second.expect('email');
    expect(second.backlog()).toEqual({ email: 1 });
    expect([second.isApplied('email', 'a'), second.isApplied('email', 'b')]).toEqual([true, false]);
    second.record(entry({ kind: 'processed', event: 'b', consumer: 'email' }));
    expect(second.backlog()).toEqual({ email: 0 });
    second.close();
    expect(second.entries().map(({ kind, event }) => `${kind} ${event}`)).toEqual([
      'acknowledged a',
      'acknowledged b',
      'applied a',
      'processed a',
      'processed b',
    ]);
  });
});

describe('readHistory', () => {
  it('reads every history cut at any byte up to its last whole line', () => {
    const recorder = fileRecorder(path);
    for (let i = 0; i < 5; i++) recorder.record(entry({ request: i }));
    recorder.close();
    const bytes = readFileSync(path);
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      const requests = readHistory(path).map(({ request }) => request);
      expect(requests).toEqual([0, 1, 2, 3, 4].slice(0, requests.length));
    }
  });

  it('says where a line in the middle cannot be read', () => {
    const recorder = fileRecorder(path);
    recorder.record(entry({}));
    recorder.close();
    appendFileSync(path, `nonsense\n[0,"b",0,1,"",2]\n`);
    expect(() => readHistory(path)).toThrow(`${path}:4: not an entry of an event history: nonsense`);
  });
});
