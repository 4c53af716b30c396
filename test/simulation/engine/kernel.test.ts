import { describe, expect, it } from 'vitest';
import { STAMP, Table } from '../../../src/simulation/engine/grow.js';
import { Kernel, kindOf, OVER, rowOf } from '../../../src/simulation/engine/kernel.js';

/** Everything that happens, as time, kind and row. */
function lifeOf(kernel: Kernel): [number, number, number][] {
  const all: [number, number, number][] = [];
  for (let entry = kernel.next(); entry !== OVER; entry = kernel.next()) {
    all.push([kernel.now, kindOf(entry), rowOf(entry)]);
  }
  return all;
}

describe('Kernel', () => {
  it('goes from one thing to the next', () => {
    const kernel = new Kernel();
    kernel.plan(20, 3, 1000);
    kernel.plan(10, 15, 0);
    expect(lifeOf(kernel)).toEqual([[10, 15, 0], [20, 3, 1000]]);
    expect(kernel.next()).toBe(OVER);
  });

  it('puts timeouts in between, after what was planned for the same moment', () => {
    const kernel = new Kernel();
    const table = new Table(0, 0);
    const short = kernel.lane(1, 5, table);
    const long = kernel.lane(2, 30, table);
    long.set(0, 8);
    short.set(0, 7);
    kernel.plan(5, 0, 1);
    kernel.plan(20, 0, 2);
    expect(lifeOf(kernel)).toEqual([[5, 0, 1], [5, 1, 7], [20, 0, 2], [30, 2, 8]]);
  });

  it('shares the timeouts of one kind and length', () => {
    const kernel = new Kernel();
    const table = new Table(0, 0);
    expect(kernel.lane(1, 5, table)).toBe(kernel.lane(1, 5, table));
    expect(kernel.lane(1, 5, table)).not.toBe(kernel.lane(2, 5, table));
    expect(kernel.lane(1, 5, table)).not.toBe(kernel.lane(1, 6, table));
  });

  it('passes over a timeout that nobody waits for', () => {
    const kernel = new Kernel();
    const table = new Table(0, 0);
    const lane = kernel.lane(1, 5, table);
    const rows = Array.from({ length: 200 }, () => table.take());
    for (const row of rows) lane.set(row, row);
    table.set(3, STAMP, 1);
    expect(lifeOf(kernel).map(([, , row]) => row)).toEqual(rows.filter((row) => row !== 3));
  });

  it('lets nothing happen after its end', () => {
    const kernel = new Kernel();
    kernel.plan(10, 0, 1);
    kernel.plan(11, 0, 2);
    kernel.lane(1, 12, new Table(0, 0)).set(0, 3);
    kernel.until = 10;
    expect(lifeOf(kernel)).toEqual([[10, 0, 1]]);
    kernel.until = 11.5;
    expect(lifeOf(kernel)).toEqual([[11, 0, 2]]);
  });
});
