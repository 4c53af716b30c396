import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Line, type Place } from '../../src/services/line.js';

describe('a waiting line', () => {
  it('serves in order of arrival', () => {
    const line = new Line<string>();
    line.join('a');
    line.join('b');
    expect([line.next(), line.next(), line.next()]).toEqual(['a', 'b', undefined]);
  });

  it('closes the gap of whoever leaves, at either end and in the middle', () => {
    const line = new Line<string>();
    const first = line.join('a');
    line.join('b');
    const third = line.join('c');
    const fourth = line.join('d');
    line.leave(third);
    line.leave(first);
    line.join('e');
    line.leave(fourth);
    expect(line.length).toBe(2);
    expect([line.next(), line.next(), line.next()]).toEqual(['b', 'e', undefined]);
  });

  it('behaves as an array does, whatever is asked of it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), (actions) => {
        const line = new Line<number>();
        const model: { item: number; place: Place<number> }[] = [];
        const taken: [number | undefined, number | undefined][] = [];
        for (const [item, action] of actions.entries()) {
          if (action < 5) model.push({ item, place: line.join(item) });
          else if (action < 8) taken.push([line.next(), model.shift()?.item]);
          else for (const { place } of model.splice(Math.floor(model.length / 2), 1)) line.leave(place);
          expect(line.length).toBe(model.length);
        }
        for (const [item, expected] of taken) expect(item).toBe(expected);
      }),
    );
  });
});
