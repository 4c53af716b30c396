import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/load/journal.js';

describe('the journal', () => {
  it('counts warm-up downwards from -1, what is measured upwards from 0', () => {
    const journal = new Journal(100);
    const rows = [50, 99, 100, 150, 98, 200].map((at) => journal.begin(at, at));
    expect(rows.map((row) => journal.index(row))).toEqual([-1, -2, 0, 1, -3, 2]);
    expect(journal.measured).toBe(3);
  });

  it('keeps what happened, however many rows there are', () => {
    const journal = new Journal(0);
    for (let i = 0; i < 5000; i++) {
      const row = journal.begin(i, i + 1);
      journal.sent(row, i + 2);
      journal.end(row, i + 3, 'http5xx', 503, true);
    }
    const { index, intendedAt, sentAt, endedAt, outcome, status, unreached } = journal.observations();
    const last = [index, intendedAt, sentAt, endedAt, outcome, status, unreached].map((column) => column[4999]);
    expect(last).toEqual([4999, 4999, 5001, 5002, 2, 503, 0]);
    expect(index).toHaveLength(5000);
  });

  it('says of a request that was never written when it was given up', () => {
    const journal = new Journal(0);
    journal.end(journal.begin(5, 6), 9, 'connection', 0, false);
    expect(journal.observations()).toMatchObject({ sentAt: Float64Array.of(9), unreached: Uint8Array.of(1) });
  });

  it('tells what has ended since it was asked last, once', () => {
    const journal = new Journal(100);
    const [warm, first, second] = [50, 100, 150].map((at) => journal.begin(at, at)) as [number, number, number];
    expect(journal.newRows()).toEqual({ index: new Int32Array(), time: new Float32Array() });
    journal.end(second, 160, 'ok', 200, true);
    journal.end(warm, 170, 'timeout', 0, true);
    expect(journal.newRows()).toEqual({ index: Int32Array.of(1, -1), time: Float32Array.of(10, 120) });
    journal.end(first, 180, 'ok', 200, true);
    expect(journal.newRows()).toEqual({ index: Int32Array.of(0), time: Float32Array.of(80) });
    expect(journal.newRows().index).toHaveLength(0);
  });

  it('refuses a second outcome', () => {
    const journal = new Journal(0);
    const row = journal.begin(0, 0);
    journal.end(row, 1, 'timeout', 0, true);
    expect(() => journal.end(row, 2, 'ok', 200, true)).toThrow('Expected row 0 of the journal to be in flight');
    expect(journal.inFlight).toBe(0);
  });

  it('sums up how late measured requests were', () => {
    const journal = new Journal(0);
    journal.begin(-1, 500);
    for (let i = 1; i <= 200; i++) journal.begin(0, i);
    expect(journal.schedule()).toEqual({ late: 190, unsent: 0, lateness: { p99: 198, max: 200 } });
    expect(new Journal(0).schedule()).toEqual({ late: 0, unsent: 0, lateness: { p99: 0, max: 0 } });
  });

  it('counts what was due and never sent, the warm-up aside', () => {
    const journal = new Journal(0);
    for (const intendedAt of [-1, 0, 1]) journal.refuse(intendedAt, intendedAt);
    expect(journal.schedule().unsent).toBe(2);
    expect(journal.inFlight).toBe(0);
    expect(Array.from(journal.observations().unreached)).toEqual([1, 1, 1]);
  });
});
