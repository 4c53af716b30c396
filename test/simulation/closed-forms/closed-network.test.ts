import { describe, expect, it } from 'vitest';
import { closedNetwork, type Station } from '../../../src/simulation/closed-forms/closed-network.js';
import { TRUTH } from '../truth/truth.js';

function chain(services: number[], servers: number): Station[] {
  return services.map((service) => ({ service, visits: 1, servers }));
}

describe('closedNetwork', () => {
  it.each(TRUTH.closed_article)('the checkout chain, $users users, $poolPerService workers a service', (truth) => {
    const sync = closedNetwork(chain([0.3, 0.2, 0.4, 0.15], truth.poolPerService), truth.users);
    const hybrid = closedNetwork(chain([0.3, 0.2], truth.poolPerService), truth.users);
    expect(sync.throughput / truth.syncX).toBeCloseTo(1, 6);
    expect(sync.response / truth.syncR).toBeCloseTo(1, 6);
    expect(hybrid.throughput / truth.hybridX).toBeCloseTo(1, 6);
    expect(hybrid.response / truth.hybridR).toBeCloseTo(1, 6);
  });

  it.each(TRUTH.repair)('the machine repair model, $N machines, $c repairers', ({ N, lam, mu, c, L, X, R, U }) => {
    const state = closedNetwork([{ service: 1 / mu, visits: 1, servers: c }], N, 1 / lam);
    expect(state.throughput / X).toBeCloseTo(1, 9);
    expect(state.response / R).toBeCloseTo(1, 9);
    expect((state.stations[0]?.present ?? 0) / L).toBeCloseTo(1, 9);
    expect((state.stations[0]?.utilisation ?? 0) / U).toBeCloseTo(1, 9);
  });

  // Printed to two to four digits.
  it.each(TRUTH.closed_and_open_networks)('$src', (truth) => {
    const stations = truth.S.map((service, i) => ({ service, visits: truth.V[i] ?? 1, servers: 1 }));
    const state = closedNetwork(stations, truth.N, truth.Z ?? 0);
    const printed = (column: 'response' | 'present' | 'throughput', values: readonly number[] = []): void =>
      values.forEach((value, i) => expect(Math.abs((state.stations[i]?.[column] ?? 0) - value)).toBeLessThan(0.0006));
    printed('response', truth.R);
    printed('present', truth.Q);
    printed('throughput', truth.X);
  });

  it('serves a lone user without waiting, think time left out', () => {
    const state = closedNetwork(chain([0.3, 0.2], 1), 1, 2);
    expect(state.response).toBeCloseTo(0.5, 12);
    expect(state.throughput).toBeCloseTo(0.4, 12);
  });

  it('has as many users present as there are', () => {
    const state = closedNetwork(chain([0.3, 0.2, 0.7], 4), 60);
    expect(state.stations.reduce((sum, { present }) => sum + present, 0)).toBeCloseTo(60, 8);
  });
});
