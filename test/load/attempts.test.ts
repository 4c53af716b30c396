import { describe, expect, it } from 'vitest';
import { Attempts, longestRequest, pauseBefore } from '../../src/load/attempts.js';
import { Journal } from '../../src/load/journal.js';
import type { ClientRetries } from '../../src/scenarios/load.js';
import { fakeClock } from './fake-clock.js';

const RETRIES: ClientRetries = { attempts: 3, backoff: 100, on: ['timeout', 'http5xx'] };

describe('the pause before another attempt', () => {
  it('doubles, and there is none after the last', () => {
    expect([1, 2, 3].map((made) => pauseBefore(RETRIES, made, 'timeout'))).toEqual([100, 200, null]);
  });

  it('comes only after the ends named, and where requests are sent again at all', () => {
    expect(pauseBefore(RETRIES, 1, 'http5xx')).toBe(100);
    expect(pauseBefore(RETRIES, 1, 'connection')).toBeNull();
    expect(pauseBefore(RETRIES, 1, 'ok')).toBeNull();
    expect(pauseBefore(undefined, 1, 'timeout')).toBeNull();
  });

  it('is part of how long a request lasts at the most', () => {
    expect(longestRequest({ timeout: 1000, retries: RETRIES })).toBe(3 * 1000 + 100 + 200);
    expect(longestRequest({ timeout: 1000 })).toBe(1000);
  });
});

describe('the attempts of a request', () => {
  function attempts() {
    const clock = fakeClock();
    const journal = new Journal(0);
    const sent: [attempt: number, from: number][] = [];
    const all = new Attempts({ journal, retries: RETRIES, clock }, (_, attempt, from) => sent.push([attempt, from]));
    const row = journal.begin(0, 0);
    all.begin(row, 0);
    return { clock, journal, sent, all, row };
  }

  it('are one row of the books, which counts them and those that reached nobody', () => {
    const { clock, journal, sent, all, row } = attempts();
    clock.advanceTo(50);
    expect(all.goesOn('timeout', false)).toBe(true);
    expect(journal.inFlight).toBe(1);
    clock.advanceTo(200);
    expect(sent).toEqual([[0, 0], [1, 150]]);
    expect(all.goesOn('ok', true)).toBe(false);
    journal.end(row, 200, 'ok', 200, true);
    expect(journal.observations()).toMatchObject({ index: Int32Array.of(0), attempts: Uint8Array.of(2), unreached: Uint8Array.of(1), endedAt: Float64Array.of(200) });
  });

  it('are over when the load is', () => {
    const { clock, sent, all } = attempts();
    all.goesOn('timeout', true);
    all.stop();
    clock.advanceTo(1000);
    expect(sent).toEqual([[0, 0]]);
  });

  it('are in no column where nobody sends anything again', () => {
    const journal = new Journal(0);
    journal.end(journal.begin(0, 0), 1, 'ok', 200, true);
    expect(journal.observations()).not.toHaveProperty('attempts');
  });
});
