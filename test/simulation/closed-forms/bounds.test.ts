import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asymptotes, littlesLaw, responseBound, throughputBound, workersNeeded } from '../../../src/simulation/closed-forms/bounds.js';
import { closedNetwork } from '../../../src/simulation/closed-forms/closed-network.js';
import { cases } from '../../support/properties.js';

const CHECKOUT = [
  { service: 0.3, visits: 1, servers: 250 },
  { service: 0.2, visits: 1, servers: 250 },
  { service: 0.4, visits: 1, servers: 20 },
  { service: 0.15, visits: 1, servers: 100 },
];

describe('asymptotes', () => {
  it('finds email in the checkout chain: 50 a second, 52.5 users', () => {
    const network = asymptotes(CHECKOUT);
    expect(network.bottleneck).toBe(2);
    expect(network.maxThroughput).toBeCloseTo(50, 12);
    expect(network.minResponse).toBeCloseTo(1.05, 12);
    expect(network.knee).toBeCloseTo(52.5, 12);
  });

  it('gives the response times of the article at 10, 100 and 500 users', () => {
    const network = asymptotes(CHECKOUT);
    expect([10, 100, 500].map((users) => responseBound(network, users))).toEqual([1.05, 2, 10]);
    expect([10, 100, 500].map((users) => throughputBound(network, users))).toEqual([10 / 1.05, 50, 50]);
  });

  it('moves the knee by the think time', () => {
    expect(asymptotes(CHECKOUT, 1).knee).toBeCloseTo(102.5, 12);
  });

  it('knows no bottleneck where nothing is scarce', () => {
    const network = asymptotes([{ service: 1, visits: 1, servers: Infinity }]);
    expect(network).toMatchObject({ bottleneck: -1, maxThroughput: Infinity, knee: Infinity });
    expect(throughputBound(network, 7)).toBe(7);
    expect(responseBound(network, 7)).toBe(1);
  });

  it('bounds every closed network', () => {
    const station = fc.record({
      service: fc.double({ min: 0.01, max: 10, noNaN: true }),
      visits: fc.integer({ min: 1, max: 5 }),
      servers: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(station, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (stations, users) => {
        const network = asymptotes(stations);
        const exact = closedNetwork(stations, users);
        expect(exact.throughput).toBeLessThanOrEqual(throughputBound(network, users) * (1 + 1e-9));
        expect(exact.response).toBeGreaterThanOrEqual(responseBound(network, users) * (1 - 1e-9));
      }),
      { numRuns: cases(50) },
    );
  });
});

describe('workersNeeded', () => {
  it.each([
    [167, 0.4, 67],
    [50, 0.4, 20],
    [500 / 3, 0.3, 50],
    [0, 0.4, 0],
    [0.1, 0.4, 1],
  ])('%f a second of %f s', (rate, service, workers) => {
    expect(workersNeeded(rate, service)).toBe(workers);
  });
});

describe("Little's law", () => {
  it('multiplies', () => {
    expect(littlesLaw(40, 0.25)).toBe(10);
  });
});
