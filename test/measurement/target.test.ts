import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/load/load.js';
import { measureTarget } from '../../src/measurement/target.js';
import { rawTrial, type Request } from './fixtures.js';

function measured(rows: readonly (Request & { status?: number; firstByteAt?: number })[], { retried = 0, received = null as number | null } = {}) {
  const { head, window, load } = rawTrial(rows);
  const status = Uint16Array.from(rows, (row) => row.status ?? 200);
  const firstByteAt = Float64Array.from(rows, (row) => row.firstByteAt ?? 0);
  return measureTarget({ head, window, load: { ...load, observations: { ...load.observations, status, firstByteAt }, retried }, received });
}

const at = (index: number, change: Partial<Request & { status: number; firstByteAt: number }> = {}) => ({ index, intendedAt: 10_100, endedAt: 10_200, ...change });

describe('a trial of a server of one\'s own', () => {
  it('keeps connections that were closed for being idle apart from the server\'s failures, and says so', () => {
    const { outcomes, retried, validity } = measured([at(0), at(1, { outcome: 'stale' }), at(2, { outcome: 'stale' })], { retried: 3 });
    expect(outcomes).toMatchObject({ sent: 3, ok: 1, hangup: 0, stale: 2 });
    expect(retried).toBe(3);
    expect(validity.notes.join('\n')).toContain('3 requests were sent again over a new connection');
    expect(validity.notes.join('\n')).toContain('2 requests met connections that the server had closed for being idle');
  });

  it.each([
    // received, in the books
    [1, true], [2, true], [3, true], [4, true], [5, true], [6, false], [0, false],
  ])('balances the books when the server received %d of 3 requests, 2 of them stale and 2 sent again: %s', (received, balanced) => {
    const { validity } = measured([at(0), at(1, { outcome: 'stale' }), at(2, { outcome: 'stale' })], { retried: 2, received });
    expect(validity.problems.some((problem) => problem.startsWith('The books do not balance'))).toBe(!balanced);
  });

  it('calls 304 no redirect', () => {
    const of = (status: number) => measured([at(0, { outcome: 'mismatch', status })]).validity.notes.join('\n');
    expect(of(302)).toContain('1 answers were redirects');
    expect(of(304)).not.toContain('redirects');
    expect(of(304)).toContain('1 answers had a status or a body that was not expected');
  });

  it('times the first byte of what was answered', () => {
    const { timeToFirstByte } = measured([at(-1, { firstByteAt: 10_199 }), at(0, { firstByteAt: 10_110 }), at(1, { firstByteAt: 10_130 }), at(2, { outcome: OUTCOMES[3] })]);
    expect(timeToFirstByte).toMatchObject({ count: 2, min: 10, max: 30 });
  });
});
