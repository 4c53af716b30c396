import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MomentRing, Moments, Ring, Table } from '../../../src/simulation/discrete-event/tables.js';

describe('Ring', () => {
  it('is first in, first out, however it grows and wraps around', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 1000 }), (pushes) => {
        const ring = new Ring();
        let expected: number[] = [];
        const taken: [number, number | undefined][] = [];
        for (const [position, push] of pushes.entries()) {
          if (push || expected.length === 0) {
            ring.push(position);
            expected.push(position);
          } else taken.push([ring.shift(), expected.shift()]);
        }
        expect(taken.map(([item]) => item)).toEqual(taken.map(([, item]) => item));
        expect([...ring]).toEqual(expected);
        expect(ring.length).toBe(expected.length);
      }),
    );
  });
});

describe('Table', () => {
  it('keeps the numbers of each row while it grows', () => {
    const table = new Table(2, 1);
    const rows = Array.from({ length: 1000 }, () => table.take());
    expect(new Set(rows).size).toBe(1000);
    for (const row of rows) {
      for (let column = 0; column < 4; column++) table.set(row, column, row * 4 + column);
      for (let column = 0; column < 2; column++) table.setAt(row, column, row + column / 2);
    }
    for (const row of rows) {
      expect([0, 1, 2, 3].map((column) => table.get(row, column) - row * 4)).toEqual([0, 1, 2, 3]);
      expect([table.at(row, 0), table.at(row, 1)]).toEqual([row, row + 0.5]);
    }
  });

  it('uses rows again, so that it is no larger than what is in use at once', () => {
    const table = new Table(0, 0);
    for (let round = 0; round < 1000; round++) {
      const rows = Array.from({ length: 100 }, () => table.take());
      for (const row of rows) table.give(row);
    }
    expect(table.rows).toBe(100);
  });

  it('adds to a number', () => {
    const table = new Table(0, 0);
    const row = table.take();
    expect(table.add(row, 0, 5)).toBe(5);
    expect(table.add(row, 0, -2)).toBe(3);
    expect(table.get(row, 0)).toBe(3);
  });
});

describe('MomentRing', () => {
  it('gives the first, lets go of what is past, and takes another in its place, however it grows', () => {
    const step = fc.record({ ahead: fc.nat({ max: 5 }), what: fc.constantFrom('push', 'push', 'push', 'replace', 'pass') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
        const moments = new MomentRing();
        let expected: number[] = [];
        let at = 0;
        for (const { ahead, what } of steps) {
          at += ahead;
          if (what === 'pass') {
            moments.passTo(at - 100);
            expected = expected.filter((moment) => moment > at - 100);
          } else if (what === 'replace' && expected.length > 0) {
            moments.replaceFirst(at);
            expected = [...expected.slice(1), at];
          } else {
            moments.push(at);
            expected.push(at);
          }
          expect([moments.length, moments.length > 0 ? moments.first : undefined]).toEqual([expected.length, expected[0]]);
        }
      }),
    );
  });
});

describe('Moments', () => {
  it('keeps them in the order noted, counts them, and hands them over once', () => {
    const moments = new Moments();
    for (let i = 0; i < 100; i++) moments.push(100 - i);
    expect(moments.countUpTo(10)).toBe(10);
    expect([...moments.take()].slice(0, 3)).toEqual([100, 99, 98]);
    expect(moments.take()).toHaveLength(0);
  });
});
