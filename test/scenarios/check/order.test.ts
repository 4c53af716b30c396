import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderFaults, type Waiting } from '../../../src/scenarios/check/order.js';

function steps(text: string): Waiting[] {
  return text.split(' ').map((word) => {
    const [name = '', after = ''] = word.split('<');
    return { name, after: after.split(',').filter(Boolean) };
  });
}

describe('orderFaults', () => {
  it.each([
    ['a b<a c<a,b', [], []],
    ['a<a', [['a', 'a']], []],
    ['a<b b<a', [['a', 'b', 'a']], []],
    ['a<c b<a c<b d<c e', [['a', 'c', 'b', 'a']], ['d']],
    ['a<b b<a c<d d<c e<a,c', [['a', 'b', 'a'], ['c', 'd', 'c']], ['e']],
    ['a<nobody', [], []],
  ])('%s', (text, cycles, stuck) => {
    expect(orderFaults(steps(text))).toEqual({ cycles, stuck });
  });

  it('finds none when every step waits for earlier ones, and one when the first waits for the last', () => {
    const earlier = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(earlier, (lists) => {
        const line = lists.map((after, i) => ({ name: `s${i}`, after: [i - 1, ...after.filter((j) => j < i)].filter((j) => j >= 0).map((j) => `s${j}`) }));
        expect(orderFaults(line)).toEqual({ cycles: [], stuck: [] });
        const closed = [{ name: 's0', after: [`s${lists.length - 1}`] }, ...line.slice(1)];
        const { cycles, stuck } = orderFaults(closed);
        expect(cycles.length).toBeGreaterThan(0);
        expect(cycles.flat().length + stuck.length).toBeGreaterThan(0);
      }),
    );
  });
});
