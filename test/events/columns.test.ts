import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryColumns } from '../../src/events/columns.js';
import { HISTORY_KINDS, type HistoryEntry } from '../../src/events/history.js';

const entries: fc.Arbitrary<HistoryEntry> = fc.record({
  kind: fc.constantFrom(...HISTORY_KINDS),
  event: fc.string(),
  request: fc.integer({ min: -1e9, max: 2e9 }),
  sequence: fc.nat(),
  consumer: fc.constantFrom('', 'email', 'analytics'),
  at: fc.double({ noNaN: true }),
});

describe('the columns of a history', () => {
  it('give back what was put in, in order', () => {
    fc.assert(
      fc.property(fc.array(entries), (written) => {
        const columns = new EntryColumns();
        for (const entry of written) columns.add(entry);
        expect(columns.read()).toEqual(written);
      }),
    );
  });

  it('grow', () => {
    const columns = new EntryColumns();
    const written = Array.from({ length: 5000 }, (_, i): HistoryEntry => ({
      kind: 'started', event: `e${i}`, request: 1 - i, sequence: i, consumer: `c${i % 3}`, at: i / 7,
    }));
    for (const entry of written) columns.add(entry);
    expect(columns.read()).toEqual(written);
  });
});
