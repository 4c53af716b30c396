import { describe, expect, it } from 'vitest';
import { cosmetatos, mdc, mg1, mm1, mmc, mmck, erlangB, erlangC } from '../../../src/simulation/closed-forms/open-queues.js';
import { TRUTH } from '../truth/truth.js';

/** Relative error; absolute where nothing is expected. */
function errorOf(actual: number, expected: number): number {
  return Math.abs(actual - expected) / (Math.abs(expected) || 1);
}

describe('M/M/1', () => {
  it.each(TRUTH.mm1)('arrivals $lam, service $mu', ({ lam, mu, rho, Wq, W, p50, p95, p99 }) => {
    const queue = mm1(lam, mu);
    expect(errorOf(queue.utilisation, rho)).toBeLessThan(1e-7);
    expect(errorOf(queue.wait, Wq)).toBeLessThan(1e-7);
    expect(errorOf(queue.response, W)).toBeLessThan(1e-7);
    expect(errorOf(queue.quantile(0.5), p50)).toBeLessThan(1e-7);
    expect(errorOf(queue.quantile(0.95), p95)).toBeLessThan(1e-7);
    expect(errorOf(queue.quantile(0.99), p99)).toBeLessThan(1e-7);
  });
});

describe('M/M/c', () => {
  it.each(TRUTH.mmc)('arrivals $lam, service $mu, $c servers', ({ lam, mu, c, rho, Wq, W, Lq, L }) => {
    const queue = mmc(lam, mu, c);
    expect(errorOf(queue.utilisation, rho)).toBeLessThan(1e-7);
    expect(errorOf(queue.wait, Wq)).toBeLessThan(1e-7);
    expect(errorOf(queue.response, W)).toBeLessThan(1e-7);
    expect(errorOf(queue.waiting, Lq)).toBeLessThan(1e-7);
    expect(errorOf(queue.present, L)).toBeLessThan(1e-7);
    expect(errorOf(queue.throughput, lam)).toBeLessThan(1e-7);
  });

  it('waits for ever when the servers cannot keep up', () => {
    expect(mmc(10, 1, 10)).toMatchObject({ wait: Infinity, utilisation: 1, throughput: 10 });
  });

  // Hillier and Lieberman, Introduction to Operations Research, county hospital example: 2 an hour, 3 an hour a doctor.
  it('agrees with the county hospital of Hillier and Lieberman', () => {
    expect(errorOf(mmc(2, 3, 1).wait, 2 / 3)).toBeLessThan(1e-7);
    expect(errorOf(mmc(2, 3, 2).wait, 1 / 24)).toBeLessThan(1e-7);
  });
});

describe('M/M/c/K', () => {
  it.each(TRUTH.mmck)('arrivals $lam, service $mu, $c servers, room $K', ({ lam, mu, c, K, p0, pK, L, X, W, Wq, U }) => {
    const queue = mmck(lam, mu, c, K);
    expect(errorOf(queue.empty, p0)).toBeLessThan(1e-7);
    expect(errorOf(queue.full, pK)).toBeLessThan(1e-7);
    expect(errorOf(queue.present, L)).toBeLessThan(1e-7);
    expect(errorOf(queue.throughput, X)).toBeLessThan(1e-7);
    expect(errorOf(queue.response, W)).toBeLessThan(1e-7);
    expect(errorOf(queue.wait, Wq)).toBeLessThan(1e-7);
    expect(errorOf(queue.utilisation, U)).toBeLessThan(1e-7);
  });
});

describe('M/G/1', () => {
  it.each(TRUTH.mg1)('load $rho, squared variation $cs2', ({ rho, cs2, Wq }) => {
    expect(errorOf(mg1(rho, 1, cs2).wait, Wq)).toBeLessThan(1e-7);
  });

  it('is M/M/1 with variation 1', () => {
    expect(errorOf(mg1(3, 1 / 5, 1).wait, mm1(3, 5).wait)).toBeLessThan(1e-7);
  });

  it('waits for ever when overloaded', () => {
    expect(mg1(1, 1, 0).wait).toBe(Infinity);
  });
});

describe('M/D/c', () => {
  it.each(TRUTH.mdc)('$c servers, load $rho', ({ c, rho, Wq }) => {
    expect(errorOf(mdc(c * rho, 1, c).wait, Wq)).toBeLessThan(1e-6);
  });

  it.each([0.5, 0.8, 0.95])('is Pollaczek-Khinchine with one server at %f', (rho) => {
    expect(errorOf(mdc(rho, 1, 1).wait, mg1(rho, 1, 0).wait)).toBeLessThan(1e-7);
  });

  it('waits for ever when overloaded', () => {
    expect(mdc(20, 0.4, 8).wait).toBe(Infinity);
  });
});

describe('Cosmetatos', () => {
  const busy = TRUTH.mdc.filter(({ c, rho }) => rho >= 0.8 && c <= 20);

  it.each(busy)('is within 1 % of exact with $c servers at load $rho', ({ c, rho, Wq }) => {
    expect(Math.abs(cosmetatos(c * rho, 1, c).wait / Wq - 1)).toBeLessThan(0.01);
  });
});

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
