import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicsOf } from '../../src/architectures/topics.js';
import type { HistoryEntry } from '../../src/events/history.js';
import { bySubject, timelinesOf } from '../../src/measurement/event-timelines.js';
import { countGaps, payloadNotes, publishingOf } from '../../src/measurement/publishing.js';
import { callGraphOf } from '../../src/scenarios/architectures.js';
import { checkout } from './fixtures.js';

const SUBJECT = checkout('hybrid');
const HYBRID = callGraphOf(SUBJECT);

/** Message `sequence` of an order, as publisher (consumer '') or consumer saw it. */
function entry(kind: HistoryEntry['kind'], sequence: number, consumer = '', at = 0, request = 7): HistoryEntry {
  return { kind, event: `/orders o-${request}.${sequence}`, request, sequence, consumer, at };
}

function lives(history: HistoryEntry[]) {
  return timelinesOf(history, topicsOf(HYBRID)).events;
}

describe('publishingOf', () => {
  it('counts messages and bytes per order, and times what was acknowledged', () => {
    const events = lives([
      ...[1, 2].flatMap((n) => [entry('attempted', n, '', 10), entry('acknowledged', n, '', 10 + 4 * n)]),
      entry('attempted', 1, '', 20, 8),
      entry('rejected', 1, '', 90, 8),
    ]);
    const lean = publishingOf(events, HYBRID.streams);
    expect(lean).toMatchObject({ messagesPerOrder: 1.5, latency: { count: 2, min: 4, max: 8 } });
    expect(lean.bytesPerOrder).toBe(1.5 * lean.largestBytes);
    expect(payloadNotes(lean)).toEqual([]);
    const bloated = publishingOf(events, callGraphOf({ ...SUBJECT, event: { ...SUBJECT.event, payload: 100_000 } }).streams);
    expect(bloated.largestBytes).toBeGreaterThan(100_000);
    expect(payloadNotes(bloated)).toEqual([expect.stringContaining('more than the 64 KiB')]);
  });

  it('is nothing of nothing', () => {
    expect(publishingOf([], HYBRID.streams)).toMatchObject({ messagesPerOrder: 0, bytesPerOrder: 0, largestBytes: 0, latency: { count: 0 } });
  });
});

describe('countGaps', () => {
  it('counts the numbers below the highest that a consumer started, however they came', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, (email, other) => {
        const history = [
          ...email.map((n) => entry('started', n, 'email')),
          ...email.slice(0, 2).map((n) => entry('started', n, 'email', 5)),
          ...other.map((n) => entry('started', n, 'email', 0, 8)),
        ];
        const missing = (all: number[]): number => Math.max(0, ...all) - all.length;
        expect(countGaps(bySubject(lives(history)).values())).toBe(missing(email) + missing(other));
      }),
    );
  });
});
