import { describe, expect, it } from 'vitest';
import { Pool, type Borrower } from '../../src/architectures/pool.js';

function poolOf(limit: number) {
  const lent: string[] = [];
  const borrower = (name: string): Borrower => ({ place: null, take: () => void lent.push(name) });
  return { pool: new Pool(limit), lent, borrower };
}

describe('a pool of connections', () => {
  it('lends as many as there are borrowers where it has no limit', () => {
    const { pool, lent, borrower } = poolOf(Infinity);
    for (const name of ['a', 'b', 'c']) pool.lend(borrower(name));
    expect(lent).toEqual(['a', 'b', 'c']);
  });

  it('never lends more than its limit; who waits is served in order of arrival', () => {
    const { pool, lent, borrower } = poolOf(2);
    for (const name of ['a', 'b', 'c', 'd']) pool.lend(borrower(name));
    expect(lent).toEqual(['a', 'b']);
    pool.giveBack();
    expect(lent).toEqual(['a', 'b', 'c']);
    for (let i = 0; i < 3; i++) pool.giveBack();
    for (const name of ['e', 'f', 'g']) pool.lend(borrower(name));
    expect(lent).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('passes over who has left', () => {
    const { pool, lent, borrower } = poolOf(1);
    const [a, b, c] = ['a', 'b', 'c'].map(borrower) as [Borrower, Borrower, Borrower];
    for (const one of [a, b, c]) pool.lend(one);
    expect([pool.withdraw(a), pool.withdraw(b), pool.withdraw(b)]).toEqual([false, true, false]);
    pool.giveBack();
    expect(lent).toEqual(['a', 'c']);
    expect(pool.withdraw(c)).toBe(false);
  });
});
