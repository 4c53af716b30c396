import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from '../../src/events/fifo.js';

describe('Fifo', () => {
  it('gives what a plain array gives, whatever is pushed and shifted', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { freq: 2 }), { maxLength: 300 }), (actions) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        for (const action of actions) {
          const given = action === null ? [fifo.shift(), model.shift()] : [fifo.push(action), model.push(action) && undefined];
          expect(given[0]).toBe(given[1]);
          expect(fifo.length).toBe(model.length);
        }
      }),
    );
  });

  // Array.shift on that many takes longer than a test may.
  it('holds hundreds of thousands of items without slowing down', { timeout: 5000 }, () => {
    const fifo = new Fifo<number>();
    for (let i = 0; i < 400_000; i++) fifo.push(i);
    let sum = 0;
    for (let item = fifo.shift(); item !== undefined; item = fifo.shift()) sum += item;
    expect(sum).toBe((400_000 * 399_999) / 2);
  });

  it('is empty once cleared', () => {
    const fifo = new Fifo<number>();
    fifo.push(1);
    fifo.clear();
    expect([fifo.length, fifo.shift()]).toEqual([0, undefined]);
  });
});
