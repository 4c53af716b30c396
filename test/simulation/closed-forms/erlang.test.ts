import { describe, expect, it } from 'vitest';
import { erlangB, erlangC } from '../../../src/simulation/closed-forms/erlang.js';
import { TRUTH } from '../truth/truth.js';

describe('Erlang', () => {
  it.each(TRUTH.erlang)('B and C of $c servers at $a erlangs', ({ c, a, B, C }) => {
    expect(erlangB(c, a) / B).toBeCloseTo(1, 7);
    expect(erlangC(c, a) / C).toBeCloseTo(1, 7);
  });

  // Any printed Erlang B table: trunks, blocking, erlangs.
  it.each([
    [1, 0.01, 0.0101],
    [10, 0.01, 4.461],
    [20, 0.01, 12.031],
    [100, 0.01, 84.064],
  ])('the printed Erlang B table: %i trunks lose %f at %f erlangs', (servers, blocking, load) => {
    expect(erlangB(servers, load) / blocking).toBeCloseTo(1, 2);
  });

  it('turns everybody away without a server, and makes everybody wait when overloaded', () => {
    expect(erlangB(0, 3)).toBe(1);
    expect(erlangC(3, 3)).toBe(1);
    expect(erlangC(3, 30)).toBe(1);
  });

  it('stays finite with a thousand servers', () => {
    expect(erlangB(1000, 900)).toBeGreaterThan(0);
    expect(erlangC(1000, 900)).toBeLessThan(0.01);
  });
});
