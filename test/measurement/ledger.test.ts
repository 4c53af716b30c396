import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HISTORY_KINDS, type HistoryEntry, type HistoryKind } from '../../src/events/history.js';
import { judge, type LedgerOptions } from '../../src/measurement/ledger.js';
import type { LedgerCounts } from '../../src/measurement/record.js';

/** `attempted a`, `started a email`, several with a comma; each entry at its own moment, 1 ms after the last. */
function historyOf(...lines: string[]): HistoryEntry[] {
  return lines.flatMap((line) => line.split(', ')).map((line, i) => {
    const [kind, event = '', consumer = ''] = line.split(' ');
    // `a1` is the first message of the order `a`.
    const sequence = Number(/\d+$/.exec(event)?.[0] ?? 1);
    const request = (event.codePointAt(0) ?? 0) - 97;
    return { kind: kind as HistoryKind, event: `/t ${event}`, request, sequence, consumer, at: i };
  });
}

/** Everything published goes to these. */
function to(...consumers: string[]): LedgerOptions['topics'] {
  return [{ source: '/t', consumers }];
}

const OPTIONS: LedgerOptions = { topics: to('email'), held: {}, endedAt: 100 };

function countsOf(lines: string[], options: Partial<LedgerOptions> = {}): Partial<LedgerCounts> {
  const { counts } = judge(historyOf(...lines), { ...OPTIONS, ...options });
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

describe('judge, against the test vectors of Jepsen total-queue', () => {
  it('sane: one acknowledged and one recovered', () => {
    const lines = ['attempted a', 'attempted b', 'acknowledged b', 'processed b email', 'processed a email'];
    expect(countsOf(lines)).toEqual({ attempted: 2, acknowledged: 1, processed: 1, recovered: 1 });
  });

  it('pathological: hung, lost, duplicated and unexpected', () => {
    const lines = [
      'attempted a',
      'attempted b',
      'acknowledged b',
      'attempted c',
      'acknowledged c',
      'processed d email',
      'processed c email',
      'processed c email',
    ];
    expect(countsOf(lines)).toEqual({
      attempted: 3,
      acknowledged: 2,
      processed: 1,
      lost: 1,
      unexpected: 1,
      duplicated: 1,
    });
  });
});

describe('judge, place of an event', () => {
  const waiting = ['attempted a', 'acknowledged a', 'started a email'];

  it('is pending exactly when the bus still holds it', () => {
    expect(countsOf(waiting, { held: { email: ['/t a'] } })).toEqual({ attempted: 1, acknowledged: 1, pending: 1 });
    expect(countsOf(waiting, { held: 'everything' })).toEqual({ attempted: 1, acknowledged: 1, pending: 1 });
    expect(countsOf(waiting, { held: { email: ['/t b'] } })).toEqual({ attempted: 1, acknowledged: 1, lost: 1 });
    expect(countsOf(waiting, { held: {} })).toEqual({ attempted: 1, acknowledged: 1, lost: 1 });
  });

  it('is processed when it was, though it is held for delivery again or was given up elsewhere', () => {
    const lines = [...waiting, 'processed a email', 'deadLettered a email'];
    expect(countsOf(lines, { held: 'everything' })).toEqual({ attempted: 1, acknowledged: 1, processed: 1 });
  });

  it('is the worst of its deliveries', () => {
    const { counts, consumers } = judge(
      historyOf(
        'attempted a, acknowledged a, attempted b, acknowledged b, attempted c, acknowledged c',
        'processed a email, deadLettered a analytics',
        'processed b email',
        'deadLettered c email',
      ),
      { ...OPTIONS, topics: to('email', 'analytics'), held: { analytics: ['/t b'] } },
    );
    expect(counts).toMatchObject({ processed: 0, pending: 1, deadLettered: 1, lost: 1 });
    expect(consumers['email']?.counts).toMatchObject({ processed: 2, deadLettered: 1, pending: 0, lost: 0 });
    expect(consumers['analytics']?.counts).toMatchObject({ processed: 0, deadLettered: 1, pending: 1, lost: 1 });
  });

  it('misses a consumer that never started anything, and knows one that was not named', () => {
    const lines = ['attempted a', 'acknowledged a', 'processed a extra'];
    expect(countsOf(lines)).toEqual({ attempted: 1, acknowledged: 1, lost: 1 });
    expect(countsOf(lines, { topics: to() })).toEqual({ attempted: 1, acknowledged: 1, processed: 1 });
  });

  it('asks of each topic only its own consumers', () => {
    const history = historyOf('attempted a, acknowledged a, processed a email');
    const other = historyOf('attempted b, acknowledged b, processed b orders').map((entry) => ({ ...entry, event: '/s b' }));
    const topics = [...to('email'), { source: '/s', consumers: ['orders'] }];
    const { counts, consumers } = judge([...history, ...other], { ...OPTIONS, topics });
    expect(counts).toMatchObject({ attempted: 2, acknowledged: 2, processed: 2, lost: 0 });
    expect(consumers['email']?.counts).toMatchObject({ attempted: 1, acknowledged: 1, processed: 1 });
    expect(consumers['orders']?.counts).toMatchObject({ attempted: 1, acknowledged: 1, processed: 1 });
  });

  it('does not let an event of no known source pass for done', () => {
    expect(countsOf(['attempted a, acknowledged a'], { topics: [{ source: '/other', consumers: ['email'] }] })).toEqual({
      attempted: 1,
      acknowledged: 1,
      lost: 1,
    });
  });

  it('is processed when nobody was to get it', () => {
    expect(countsOf(['attempted a', 'acknowledged a'], { topics: to() })).toMatchObject({ processed: 1 });
  });

  it('does not exist for a refused publish', () => {
    expect(countsOf(['attempted a', 'rejected a'])).toEqual({ attempted: 1 });
  });

  it('ignores the warm-up', () => {
    const warmup = historyOf('attempted a', 'acknowledged a').map((entry) => ({ ...entry, request: -1 }));
    expect(judge(warmup, OPTIONS).counts.attempted).toBe(0);
  });
});

describe('judge, effects and order', () => {
  it('counts events whose effect took place more than once, however often it was delivered', () => {
    const delivered = ['attempted a', 'acknowledged a', 'applied a email', 'processed a email', 'processed a email'];
    expect(countsOf(delivered)).toMatchObject({ duplicated: 1, processed: 1 });
    expect(countsOf(delivered).appliedTwice).toBeUndefined();
    expect(countsOf([...delivered, 'applied a email', 'applied a email'])).toMatchObject({ appliedTwice: 1 });
  });

  it('does not call it twice when two consumers apply it once each', () => {
    const lines = ['attempted a', 'acknowledged a', 'applied a email', 'applied a analytics'];
    expect(countsOf(lines, { topics: to('email', 'analytics') }).appliedTwice).toBeUndefined();
  });

  it('finds events overtaken by a later one of the same subject, redeliveries included', () => {
    const published = ['attempted a1', 'attempted a2', 'attempted b1'];
    const startsOf = (...events: string[]): string[] => [...published, ...events.map((event) => `started ${event} email`)];
    expect(countsOf(startsOf('a1', 'a2', 'b1')).outOfOrder).toBeUndefined();
    expect(countsOf(startsOf('b1', 'a1', 'a1', 'a2')).outOfOrder).toBeUndefined();
    expect(countsOf(startsOf('a2', 'a1', 'b1')).outOfOrder).toBe(1);
    expect(countsOf(startsOf('a1', 'a2', 'a1')).outOfOrder).toBe(1);
    expect(countsOf(startsOf('a3', 'a2', 'a1')).outOfOrder).toBe(2);
  });

  it('compares within a consumer only', () => {
    const lines = ['started a2 email', 'started a1 analytics'];
    expect(countsOf(lines, { topics: to('email', 'analytics') }).outOfOrder).toBeUndefined();
  });
});

describe('judge, lag', () => {
  it('runs from publish to the first start, and for the event to its last consumer to start', () => {
    const { lag, consumers } = judge(
      historyOf('attempted a', 'acknowledged a', 'started a email', 'started a email', 'started a analytics'),
      { ...OPTIONS, topics: to('email', 'analytics') },
    );
    expect(consumers['email']?.lag).toMatchObject({ count: 1, max: 2, censored: 0 });
    expect(consumers['analytics']?.lag).toMatchObject({ count: 1, max: 4, censored: 0 });
    expect(lag).toMatchObject({ count: 1, max: 4, censored: 0 });
  });

  it('takes what has not started at its age so far, and says so', () => {
    const lines = historyOf('attempted a', 'acknowledged a', 'attempted b', 'acknowledged b', 'started a email');
    const { lag } = judge(lines, { ...OPTIONS, held: 'everything' });
    expect(lag).toMatchObject({ count: 2, min: 4, max: 98, censored: 1 });
  });

  it('leaves out refused publishes that nobody got', () => {
    expect(judge(historyOf('attempted a', 'rejected a'), OPTIONS).lag.count).toBe(0);
    expect(judge(historyOf('attempted a', 'started a email'), OPTIONS).lag.count).toBe(1);
  });
});

describe('judge, requests', () => {
  it('tells for each request when all its work was done, or the worst that became of it', () => {
    const { requests } = judge(
      historyOf(
        'attempted a1, acknowledged a1, attempted a2, acknowledged a2, processed a2 email, processed a1 email',
        'attempted b1, acknowledged b1, attempted b2, acknowledged b2, processed b1 email, deadLettered b2 email',
        'attempted c1, rejected c1',
      ),
      OPTIONS,
    );
    expect(Object.fromEntries(requests)).toEqual({
      0: { place: 'processed', completedAt: 5 },
      1: { place: 'deadLettered', completedAt: null },
      2: { place: null, completedAt: null },
    });
  });

  it('is complete with its acknowledgement when there is no consumer', () => {
    const { requests } = judge(historyOf('attempted a', 'acknowledged a'), { ...OPTIONS, topics: to() });
    expect(requests.get(0)).toEqual({ place: 'processed', completedAt: 1 });
  });
});

const CONSUMERS = ['email', 'analytics'];
const EVENTS = ['/t a', '/t b', '/t c', '/t d', '/t e', '/t f'];
const arbitraryEntry: fc.Arbitrary<HistoryEntry> = fc
  .record({
    kind: fc.constantFrom(...HISTORY_KINDS),
    event: fc.constantFrom(...EVENTS),
    consumer: fc.constantFrom(...CONSUMERS),
    at: fc.integer({ min: 0, max: 50 }),
  })
  .map(({ kind, event, consumer, at }) => {
    const ofPublisher = ['attempted', 'acknowledged', 'rejected'].includes(kind);
    // Two events to a request; the first request is warm-up.
    const position = EVENTS.indexOf(event);
    const request = Math.floor(position / 2) - 1;
    return { kind, event, consumer: ofPublisher ? '' : consumer, at, request, sequence: (position % 2) + 1 };
  });
const arbitraryHistory = fc.array(arbitraryEntry, { maxLength: 60 });
const arbitraryHeld = fc.oneof(
  fc.constant('everything' as const),
  fc.record({ email: fc.subarray(EVENTS), analytics: fc.subarray(EVENTS) }),
);

describe('judge, any history', () => {
  it('balances for each consumer and in total', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryHeld, (history, held) => {
        const ledger = judge(history, { topics: to(...CONSUMERS), held, endedAt: 60 });
        for (const { counts } of [ledger, ...Object.values(ledger.consumers)]) {
          expect(counts.processed + counts.deadLettered + counts.pending + counts.lost).toBe(counts.acknowledged);
          expect(Object.values(counts).every((count) => count >= 0 && count <= EVENTS.length)).toBe(true);
          expect(counts.recovered).toBeLessThanOrEqual(counts.attempted);
        }
      }),
    );
  });

  it('is never better in total than at a consumer', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryHeld, (history, held) => {
        const { counts, consumers } = judge(history, { topics: to(...CONSUMERS), held, endedAt: 60 });
        for (const consumer of Object.values(consumers)) {
          expect(counts.processed).toBeLessThanOrEqual(consumer.counts.processed);
          expect(counts.lost).toBeGreaterThanOrEqual(consumer.counts.lost);
          expect(counts.duplicated).toBeGreaterThanOrEqual(consumer.counts.duplicated);
        }
      }),
    );
  });

  it('does not depend on the order of the entries', () => {
    const shuffled = arbitraryHistory.chain((history) =>
      fc.tuple(fc.constant(history), fc.shuffledSubarray(history, { minLength: history.length })),
    );
    fc.assert(
      fc.property(shuffled, arbitraryHeld, ([history, other], held) => {
        const options = { topics: to(...CONSUMERS), held, endedAt: 60 };
        expect(judge(other, options)).toEqual(judge(history, options));
      }),
    );
  });

  it('loses nothing while the bus holds everything, and has nothing pending when it holds nothing', () => {
    fc.assert(
      fc.property(arbitraryHistory, (history) => {
        const options = { topics: to(...CONSUMERS), endedAt: 60 };
        expect(judge(history, { ...options, held: 'everything' }).counts.lost).toBe(0);
        expect(judge(history, { ...options, held: {} }).counts.pending).toBe(0);
      }),
    );
  });

  it('agrees with the places of the requests', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryHeld, (history, held) => {
        const { counts, requests } = judge(history, { topics: to(...CONSUMERS), held, endedAt: 60 });
        const places = [...requests.values()].map(({ place }) => place);
        expect(places.includes('lost')).toBe(counts.lost > 0);
        expect(places.every((place) => place === null || place === 'processed')).toBe(
          counts.lost + counts.pending + counts.deadLettered === 0,
        );
      }),
    );
  });
});
