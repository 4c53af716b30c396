import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeouts } from '../../../src/simulation/discrete-event/client-timeouts.js';
import { STAMP, Table } from '../../../src/simulation/discrete-event/tables.js';

const DELAY = 1000;

describe('Timeouts', () => {
  it('end in the order in which they were set, but for those that nobody waits for any more', () => {
    // How long after the one before, and whether it is void by then.
    const request = fc.record({ after: fc.integer({ min: 0, max: 40 }), isAnswered: fc.boolean(), look: fc.boolean() });
    fc.assert(
      fc.property(fc.array(request, { minLength: 50, maxLength: 600 }), (requests) => {
        const table = new Table(1, 0);
        const timeouts = new Timeouts(9, DELAY, table);
        let now = 0;
        const set: [number, number][] = [];
        const ended: [number, number][] = [];
        const early: number[] = [];
        const takeBefore = (moment: number): void => {
          for (let row = timeouts.before(moment); row >= 0; row = timeouts.before(moment)) {
            ended.push([timeouts.at, row]);
            if (timeouts.at >= moment) early.push(row);
          }
        };
        for (const { after, isAnswered, look } of requests) {
          now += after;
          if (look) takeBefore(now);
          const row = table.take();
          timeouts.set(now, row);
          if (isAnswered) table.add(row, STAMP, 1);
          else set.push([now + DELAY, row]);
        }
        takeBefore(Infinity);
        expect(ended).toEqual(set);
        expect(early).toEqual([]);
        expect(timeouts.next).toBe(Infinity);
      }),
    );
  });

  it('take as much room as wait', () => {
    const table = new Table(1, 0);
    const timeouts = new Timeouts(9, 1e9, table);
    for (let i = 0; i < 100_000; i++) {
      const row = table.take();
      timeouts.set(i, row);
      if (i % 1000 === 0) continue;
      table.add(row, STAMP, 1);
      table.give(row);
    }
    expect((timeouts as unknown as { moments: Float64Array }).moments.length).toBeLessThanOrEqual(256);
  });
});
