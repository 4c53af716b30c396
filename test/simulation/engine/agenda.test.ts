import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../../src/simulation/engine/agenda.js';
import { cases } from '../../support/properties.js';

/** Takes out everything that is left. */
function drained(agenda: Agenda): [number, number][] {
  const all: [number, number][] = [];
  while (agenda.peek() < Infinity) all.push([agenda.peek(), agenda.take()]);
  return all;
}

describe('Agenda', () => {
  it('has nothing to begin with', () => {
    expect(new Agenda().peek()).toBe(Infinity);
  });

  it('gives what was put in by time, and at one time in the order in which it was put in', () => {
    const agenda = new Agenda();
    for (const [at, what] of [[5, 1], [3, 2], [5, 3], [3, 4], [4, 5]] as const) agenda.schedule(at, what);
    expect(drained(agenda)).toEqual([[3, 2], [3, 4], [4, 5], [5, 1], [5, 3]]);
  });

  it('finds the next entry years ahead', () => {
    const agenda = new Agenda();
    agenda.schedule(1e9, 1);
    agenda.schedule(1e12, 2);
    expect(drained(agenda)).toEqual([[1e9, 1], [1e12, 2]]);
  });

  it('takes entries far before those by which it has cut its days', () => {
    const agenda = new Agenda();
    for (let i = 0; i < 200; i++) agenda.schedule(1e15 + i / 1e6, i);
    for (let i = 0; i < 50; i++) agenda.schedule(i, 1000 + i);
    expect(drained(agenda).map(([, what]) => what)).toEqual([
      ...Array.from({ length: 50 }, (_, i) => 1000 + i),
      ...Array.from({ length: 200 }, (_, i) => i),
    ]);
  });

  it('takes an entry before the next one, when that has been looked at already', () => {
    const agenda = new Agenda();
    agenda.schedule(1, 1);
    agenda.peek();
    agenda.take();
    agenda.schedule(500, 2);
    expect(agenda.peek()).toBe(500);
    agenda.schedule(20, 3);
    expect(drained(agenda)).toEqual([[20, 3], [500, 2]]);
  });

  it('is a sorted list, however times are spread and however many there are', () => {
    const delay = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 1e7 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(delay, fc.nat(4)), { maxLength: 2000 }), (plan) => {
        const agenda = new Agenda();
        let waiting: [number, number][] = [];
        let now = 0;
        for (const [position, [after, takes]] of plan.entries()) {
          agenda.schedule(now + after, position);
          waiting.push([now + after, position]);
          waiting = waiting.toSorted(([a], [b]) => a - b);
          // Four times in five it grows.
          if (takes > 0) continue;
          now = agenda.peek();
          expect([now, agenda.take()]).toEqual(waiting.shift());
        }
        expect(drained(agenda)).toEqual(waiting);
      }),
      { numRuns: cases(30) },
    );
  });

  it('keeps its order when thousands come and go', () => {
    const agenda = new Agenda();
    for (let i = 0; i < 5000; i++) agenda.schedule((i * 7919) % 5003, i);
    let last = 0;
    for (let i = 0; i < 50_000; i++) {
      const at = agenda.peek();
      expect(at).toBeGreaterThanOrEqual(last);
      last = at;
      agenda.schedule(at + ((agenda.take() * 31 + i) % 997), i);
    }
    expect(agenda.size).toBe(5000);
  });
});
