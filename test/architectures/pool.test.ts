import { describe, expect, it } from 'vitest';
import { Pool, type Borrower } from '../../src/architectures/pool.js';

interface Named extends Borrower<number> {
  name: string;
}

function poolOf(limit: number) {
  const lent: [string, number][] = [];
  let opened = 0;
  const pool = new Pool<number>(limit, () => ++opened);
  const borrower = (name: string): Named => ({ name, place: null, take: (connection) => lent.push([name, connection]) });
  return { pool, lent, borrower };
}

describe('a pool of connections', () => {
  it('opens one only when none is idle, and lends the one last given back first', () => {
    const { pool, lent, borrower } = poolOf(Infinity);
    for (const name of ['a', 'b', 'c']) pool.lend(borrower(name));
    pool.giveBack(1);
    pool.giveBack(3);
    for (const name of ['d', 'e', 'f']) pool.lend(borrower(name));
    expect(lent.map(([, connection]) => connection)).toEqual([1, 2, 3, 3, 1, 4]);
  });

  it('never opens more than its limit; who waits is served in order of arrival', () => {
    const { pool, lent, borrower } = poolOf(2);
    for (const name of ['a', 'b', 'c', 'd']) pool.lend(borrower(name));
    expect(pool.connections).toHaveLength(2);
    pool.giveBack(2);
    pool.giveBack(1);
    expect(lent).toEqual([['a', 1], ['b', 2], ['c', 2], ['d', 1]]);
  });

  it('passes over who has left', () => {
    const { pool, lent, borrower } = poolOf(1);
    const [a, b, c] = ['a', 'b', 'c'].map(borrower) as [Named, Named, Named];
    for (const one of [a, b, c]) pool.lend(one);
    expect([pool.withdraw(a), pool.withdraw(b), pool.withdraw(b)]).toEqual([false, true, false]);
    pool.giveBack(1);
    expect(lent).toEqual([['a', 1], ['c', 1]]);
    expect(pool.withdraw(c)).toBe(false);
  });
});
