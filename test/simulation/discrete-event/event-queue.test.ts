import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../src/base/clock.js';
import { compareTurns } from '../../support/virtual-clock.js';
import { EventQueue, kindOf, OVER, rowOf, turnNumber } from '../../../src/simulation/discrete-event/event-queue.js';
import { Timeouts } from '../../../src/simulation/discrete-event/client-timeouts.js';
import { STAMP, Table } from '../../../src/simulation/discrete-event/tables.js';

function queueOf(delay = 1e9) {
  const table = new Table(0, 0);
  const timeouts = new Timeouts(9, delay, table);
  return { queue: new EventQueue(timeouts), timeouts, table };
}

/** Everything that happens, as time, kind and row. */
function lifeOf(queue: EventQueue): [number, number, number][] {
  const all: [number, number, number][] = [];
  for (let entry = queue.next(); entry !== OVER; entry = queue.next()) all.push([queue.now, kindOf(entry), rowOf(entry)]);
  return all;
}

describe('EventQueue', () => {
  it('goes from one thing to the next', () => {
    const { queue } = queueOf();
    queue.plan(20, 0, 3, 1000);
    queue.plan(10, 0, 15, 0);
    expect(lifeOf(queue)).toEqual([[10, 15, 0], [20, 3, 1000]]);
    expect(queue.next()).toBe(OVER);
  });

  it('takes what happens at one moment in turn, also what is planned for the moment that it is', () => {
    const { queue } = queueOf();
    for (const row of [3, 1, 2]) queue.plan(5, turnNumber(1, row, 0, 0), 0, row);
    expect(rowOf(queue.next())).toBe(1);
    queue.plan(5, turnNumber(0, 9, 0, 0), 0, 9);
    queue.plan(5, turnNumber(1, 2, 0, 1), 0, 4);
    for (let row = 100; row < 140; row++) queue.plan(5, turnNumber(2, row, 0, 0), 0, row);
    expect(lifeOf(queue).map(([, , row]) => row)).toEqual([9, 2, 4, 3, ...Array.from({ length: 40 }, (_, i) => 100 + i)]);
  });

  it('takes what happens at once before all else of its moment, in the order planned, however much it is', () => {
    const { queue } = queueOf();
    queue.plan(5, turnNumber(0, 0, 0, 0), 0, 1000);
    queue.plan(5, turnNumber(1, 0, 0, 0), 0, 1001);
    expect(rowOf(queue.next())).toBe(1000);
    for (let row = 0; row < 40; row++) queue.planAtOnce(row % 2 === 0 ? -1 : -2, 0, row);
    const of = (first: number): number[] => Array.from({ length: 20 }, (_, i) => first + 2 * i);
    expect(lifeOf(queue).map(([, , row]) => row)).toEqual([...of(1), ...of(0), 1001]);
  });

  it('is in order of moment and turn, whatever is planned when', () => {
    const step = fc.record({ take: fc.nat({ max: 3 }), ahead: fc.nat({ max: 5 }), turn: fc.nat({ max: 7 }), lane: fc.nat({ max: 2 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 500 }), (steps) => {
        const { queue } = queueOf();
        const lanes = [null, queue.newLane(), queue.newLane()];
        const waiting: { at: number; turn: number; row: number }[] = [];
        const taken: [number, number][] = [];
        const expected: [number, number][] = [];
        const takeOne = (): void => {
          const entry = queue.next();
          if (entry === OVER) return;
          taken.push([queue.now, rowOf(entry)]);
          waiting.sort((a, b) => a.at - b.at || a.turn - b.turn || a.row - b.row);
          const first = waiting.shift();
          if (first) expected.push([first.at, first.row]);
        };
        for (const [row, { take, ahead, turn, lane }] of steps.entries()) {
          waiting.push({ at: queue.now + ahead, turn, row });
          queue.plan(queue.now + ahead, turn, 0, row, lanes[lane]);
          for (let i = 0; i < take; i++) takeOne();
        }
        while (waiting.length > 0) takeOne();
        // Of one moment and one turn any may be first.
        const key = ([at, row]: [number, number]): string => `${at} ${steps[row]?.turn}`;
        expect(taken.map(key)).toEqual(expected.map(key));
      }),
    );
  });

  it('keeps the order of a long lane, and of what comes into it late', () => {
    const { queue } = queueOf();
    const lane = queue.newLane();
    const moments = Array.from({ length: 300 }, (_, i) => (i % 10 === 9 ? i - 4.5 : i % 50 === 0 ? i / 2 : i));
    for (const at of moments) queue.plan(at + 1, 0, 0, 0, lane);
    expect(lifeOf(queue).map(([at]) => at - 1)).toEqual(moments.toSorted((a, b) => a - b));
  });

  it('takes turns as the one rule has them', () => {
    const turn = fc.record({ rank: fc.nat({ max: 12 }), request: fc.nat({ max: 1e6 }), place: fc.nat({ max: 200 }), call: fc.nat({ max: 8000 }) });
    const numberOf = ({ rank, request, place, call }: Turn): number => turnNumber(rank, request, place, call);
    fc.assert(fc.property(turn, turn, (a, b) => {
      expect(Math.sign(numberOf(a) - numberOf(b))).toBe(Math.sign(compareTurns(a, b)));
    }));
  });

  it('puts the timeouts of clients in between, after what was planned for the same moment', () => {
    const { queue, timeouts } = queueOf(5);
    timeouts.set(0, 7);
    queue.plan(5, 0, 0, 1);
    queue.plan(20, 0, 0, 2);
    expect(lifeOf(queue)).toEqual([[5, 0, 1], [5, 9, 7], [20, 0, 2]]);
  });

  it('passes over a timeout that nobody waits for', () => {
    const { queue, timeouts, table } = queueOf(5);
    const rows = Array.from({ length: 200 }, () => table.take());
    for (const row of rows) timeouts.set(row, row);
    table.set(3, STAMP, 1);
    expect(lifeOf(queue).map(([, , row]) => row)).toEqual(rows.filter((row) => row !== 3));
  });

  it('lets nothing happen after its end', () => {
    const { queue, timeouts } = queueOf(12);
    queue.plan(10, 0, 0, 1);
    queue.plan(11, 0, 0, 2);
    timeouts.set(0, 3);
    queue.until = 10;
    expect(lifeOf(queue)).toEqual([[10, 0, 1]]);
    queue.until = 11.5;
    expect(lifeOf(queue)).toEqual([[11, 0, 2]]);
    queue.stop();
    expect(lifeOf(queue)).toEqual([]);
    expect(queue.now).toBe(11.5);
  });
});
