import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../../benchmarks/simulation/points.js';
import { serviceTime } from '../../../benchmarks/simulation/service-times.js';
import { readTruth, type KnownWorld } from '../../../benchmarks/simulation/truth.js';
import { latencyMean, latencyQuantile } from '../../../src/scenarios/draw.js';
import { lognormalOf } from '../../../src/scenarios/format/latency.js';
import type { Latency } from '../../../src/scenarios/scenario.js';
import { closedNetwork } from '../../../src/simulation/closed-forms/closed-network.js';
import * as openQueues from '../../../src/simulation/closed-forms/open-queues.js';
import { TRUTH } from './truth.js';

/** Squared coefficient of variation, from the quantiles. */
function variationOf(latency: Latency): number {
  const count = 1_000_000;
  const mean = latencyMean(latency);
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (latencyQuantile(latency, (i + 0.5) / count) / mean - 1) ** 2;
  return squares / count;
}

function only(family: string, row: Record<string, unknown>): KnownWorld {
  const { worlds, refused } = readTruth({ [family]: [row] });
  expect(refused).toEqual([]);
  expect(worlds).toHaveLength(1);
  return worlds[0]!;
}

/** Visits of one round, by service. */
function visitsOf({ input }: KnownWorld): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { call } of input.subject.steps) counts[call] = (counts[call] ?? 0) + 1;
  return counts;
}

describe('service times', () => {
  it.each([
    [0, undefined, 'constant'],
    [0.25, undefined, 'lognormal'],
    [0.5, undefined, 'lognormal'],
    [1, undefined, 'exponential'],
    [2, undefined, 'lognormal'],
    [1, 'lognormal', 'lognormal'],
    [0.25, 'uniform', 'uniform'],
    [0.5, 'erlang', 'values'],
    [0.125, 'erlang', 'values'],
    [1.5, 'hyperexponential', 'values'],
    [4, 'hyperexponential', 'values'],
  ])('vary by %f, %s', (cv2, shape, kind) => {
    const latency = serviceTime(0.25, cv2, shape);
    expect(latency.kind).toBe(kind);
    expect(latencyMean(latency)).toBeCloseTo(250, 8);
    expect(variationOf(latency)).toBeCloseTo(cv2, 2);
  });

  it.each([0.1, 0.5, 1, 4, 20])('are the lognormal ones of a scenario with a variation of %f', (cv2) => {
    const [here, there] = [serviceTime(0.3, cv2, 'lognormal'), lognormalOf(300, Math.sqrt(cv2))];
    if (here.kind !== 'lognormal' || there.kind !== 'lognormal') throw new Error('Expected lognormal latencies');
    expect(here.p50 / there.p50).toBeCloseTo(1, 12);
    expect(here.p99 / there.p99).toBeCloseTo(1, 12);
  });
});

describe('networks', () => {
  const closed = { S: [0.1, 0.2], N: 5, R: [0.11, 0.22], X: [2, 1] };

  it('visit as often as the book says, in as many of its rounds as that takes', () => {
    expect(visitsOf(only('closed_and_open_networks', { ...closed, V: [1, 0.25] }))).toEqual({ s0: 4, s1: 1 });
    expect(visitsOf(only('closed_and_open_networks', { ...closed, V: [1, 0.4] }))).toEqual({ s0: 5, s1: 2 });
    expect(visitsOf(only('closed_and_open_networks', closed))).toEqual({ s0: 1, s1: 1 });
  });

  it('pause for as many rounds', () => {
    expect(only('closed_and_open_networks', { ...closed, V: [1, 0.25], Z: 3 }).input.think).toBe(12_000);
  });

  it('are open where arrivals are told, by visits or by ways', () => {
    const visits = only('closed_and_open_networks', { src: 'x', lambda: 2, S: [0.1, 0.2], V: [1.5, 0.5], R: [0.143, 0.25] });
    const ways = only('closed_and_open_networks', { lam: [2, 0], S: [0.1, 0.2], P: [[0, 0.5], [0, 0]], R: [0.125, 0.25] });
    expect(visits).toMatchObject({ group: 'open network', rate: 1, input: { load: { model: 'open', rate: 1, arrivals: 'poisson' } } });
    expect(visitsOf(visits)).toEqual({ s0: 3, s1: 1 });
    expect(visitsOf(ways)).toEqual({ s0: 2, s1: 1 });
  });

  it('are as exact as their most precise number is printed', () => {
    const told = { ...closed, R: [0.025, 0.614], X: [2, 1] };
    expect(only('closed_and_open_networks', told).values.map(([quantity, truth, , rounding]) => [quantity, truth, rounding])).toEqual([
      ['R0', 0.025, 0.0005],
      ['R1', 0.614, 0.0005],
      ['X0', 2, 0.0005],
      ['X1', 1, 0.0005],
    ]);
    expect(only('closed_and_open_networks', { S: [1, 2], N: 3, X: 1 }).values[0]?.[3]).toBe(0);
  });
});

describe('a row that cannot be simulated is refused', () => {
  it.each<[why: string, family: string, row: unknown]>([
    ['no model of a family "gg1" is known here', 'gg1', { rho: 0.5, ca2: 2, cs2: 2, Wq: 1 }],
    ['no model of a family "constructor" is known here', 'constructor', {}],
    ['it is no row', 'mm1', 3],
    ['it has no number mu', 'mm1', { lam: 3, W: 0.5 }],
    ['it has no number cs2', 'mg1', { rho: 0.5, Wq: 1 }],
    ['nothing is known of its priorities', 'mg1', { rho: 0.5, cs2: 1, Wq: 1, priorities: 2 }],
    ['nothing is known of its c', 'mg1', { rho: 0.5, cs2: 1, c: 2, Wq: 1 }],
    ['a squared variation of -1 is none', 'mg1', { rho: 0.5, cs2: -1, Wq: 1 }],
    ['service times called "pareto" are not known here', 'mg1', { rho: 0.5, cs2: 3, service: 'pareto', Wq: 1 }],
    ['no erlang distribution has a squared variation of 0.7', 'mg1', { rho: 0.5, cs2: 0.7, service: 'erlang', Wq: 1 }],
    ['no uniform distribution has a squared variation of 0.5', 'mg1', { rho: 0.5, cs2: 0.5, service: 'uniform', Wq: 1 }],
    ['it is offered 1 of what it can serve: the queue never settles', 'mg1', { rho: 1, cs2: 1, Wq: 1 }],
    ['it says a load of 0.7, and its rates give 0.6', 'mm1', { lam: 3, mu: 5, rho: 0.7, W: 0.5 }],
    ['its c cannot be', 'mmc', { lam: 3, mu: 5, c: 1.5, W: 0.5 }],
    ['there is room for 2, and 3 servers', 'mmck', { lam: 3, mu: 5, c: 3, K: 2, W: 0.5 }],
    ['it tells nothing that the simulation measures', 'mmc', { lam: 3, mu: 5, c: 2 }],
    ['its service times are called "lognormal": only exponential ones have an exact answer', 'closed_article', { ...TRUTH.closed_article[0], service: 'lognormal' }],
    ['it is neither a closed network (N) nor an open one (lam), or it is both', 'closed_and_open_networks', { S: [1], R: [1] }],
    ['it has several classes of users, and a trial has one', 'closed_and_open_networks', { S: [1, 2], N: [3, 4], X: [1, 2] }],
    ['its service times are a table: several classes, and a trial has one', 'closed_and_open_networks', { S: [[1, 2], [3, 4]], N: 5, X: [1, 2] }],
    ['nothing is known of its cs2', 'closed_and_open_networks', { S: [1, 2], N: 5, cs2: 4, X: 0.4 }],
    ['stations with 0 servers are not known here', 'closed_and_open_networks', { S: [1], c: 0, N: 5, X: 0.4 }],
    ['a station is offered 1.5 of what it can serve: it never settles', 'closed_and_open_networks', { S: [1, 3], lam: 0.5, W: 9 }],
    ['it has several arrivals, and does not say with a matrix P where they go', 'closed_and_open_networks', { S: [1, 3], lam: [0.1, 0.1], W: 9 }],
    ['along its ways P nobody leaves, or nobody comes to a station', 'closed_and_open_networks', { S: [1, 3], lam: 0.1, P: [[0, 1], [1, 0]], W: 9 }],
    ['visits of 1, 0.7071 are not whole in 60 rounds or 200 calls', 'closed_and_open_networks', { S: [1, 3], lam: 0.1, V: [1, 0.7071], W: 9 }],
    ['it tells neither its throughput X nor its times R', 'closed_and_open_networks', { S: [1, 3], N: 4, U: [0.3, 0.9] }],
  ])('%s', (why, family, row) => {
    expect(readTruth({ [family]: [row] })).toEqual({ worlds: [], refused: [expect.objectContaining({ family, quantity: null, why })] });
  });

  it('and counted: of the file one row and four single values', () => {
    const { worlds, refused } = readTruth(TRUTH);
    expect(worlds).toHaveLength(75);
    expect(refused.filter(({ quantity }) => quantity === null).map(({ family }) => family)).toEqual(['usl']);
    expect(refused.filter(({ quantity }) => quantity !== null)).toHaveLength(4);
  });

  it('but none of the points by formula', () => {
    const { worlds, refused } = readTruth(pointsOf({ ...openQueues, closedNetwork }));
    expect(refused).toEqual([]);
    expect(worlds.filter(({ group }) => group === 'M/G/1')).toHaveLength(22);
    expect(worlds.filter(({ group }) => group === 'open network')).toHaveLength(8);
  });
});
