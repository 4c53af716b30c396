import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../../benchmarks/simulation/points.js';
import { estimate, readTruth, type Estimate, type KnownWorld } from '../../../benchmarks/simulation/truth.js';
import { closedNetwork } from '../../../src/simulation/closed-forms/closed-network.js';
import * as openQueues from '../../../src/simulation/closed-forms/open-queues.js';
import { simulateTrial } from '../../../src/simulation/trial.js';
import { TRUTH } from './truth.js';

const FILE = readTruth(TRUTH);
const POINTS = readTruth(pointsOf({ ...openQueues, closedNetwork }));

/** Worlds that settle quickly enough for a test; `npm run selftest:truth` takes its time for all of them. */
const QUICK = [
  'M/M/1 rho 0.5',
  'M/M/c c 4, rho 0.417',
  'M/M/c c 2, rho 0.357',
  'M/M/c/K c 2, K 3, load 0.75',
  'M/M/c/K c 10, K 10, load 12.00',
  'M/M/c/K c 5, K 8, load 7.50',
  'Erlang c 1, a 0.5, lost',
  'Erlang c 1, a 0.5, delayed',
  'Erlang c 2, a 1, lost',
  'M/D/c c 5, rho 0.5',
  'M/D/c c 20, rho 0.8',
  'M/D/c c 20, rho 0.9',
  'M/G/1 rho 0.5, cv2 0',
  'M/G/1 rho 0.5, cv2 0.25',
  'M/G/1 rho 0.5, cv2 0.5',
  'M/G/1 rho 0.5, cv2 2',
  'M/G/1 rho 0.5, cv2 4',
  'M/G/1 rho 0.8, cv2 0.25, uniform',
  'M/G/1 rho 0.8, cv2 0.5, erlang',
  'M/G/1 rho 0.8, cv2 4, hyperexponential',
  'repair 10 machines, 1 repairers',
  'repair 5 machines, 2 repairers',
  'checkout, sync 100 users, 10 workers',
  'checkout, sync 50 users, 50 workers',
  'checkout, sync 125 users, 50 workers',
  'checkout, critical 125 users, 50 workers',
  'closed network Bolch ex 8.3 p331 / qncsmva.m',
  'closed network 20 users, think 1, 4+4+4+4 servers',
  'closed network 8 users, think 0, 1+2+1 servers',
  'open network tandem of 3 with 2+1+4, rho 0.5',
  'open network feedback by ways',
];

/** Requests of worlds whose values take longer to be known, and how far off these may be. */
const LONGER: Record<string, number> = { 'M/G/1': 0.1, 'open network': 0.05, 'closed network': 0.02, 'M/M/1': 0.03, Erlang: 0.03 };
/** Quantities that are rare, and take longer. */
const RARE = new Set(['M/M/c Wq', 'M/D/c Wq', 'M/M/c/K pK']);

const title = ({ group, name }: KnownWorld): string => `${group} ${name}`;
const byTitle = new Map([...POINTS.worlds, ...FILE.worlds].map((world) => [title(world), world]));

/** Each with draws of its own: worlds that share them are unlucky together. */
function estimated(world: KnownWorld, seed = 1): Estimate[] {
  return estimate(simulateTrial, world, world.group === 'M/G/1' ? 400_000 : 80_000, seed);
}

function isRight({ group, mean, truth, half, rounding }: Estimate): boolean {
  const within = (LONGER[group] ?? 0.01) * truth;
  const distance = Math.abs(mean - truth) - rounding;
  // Three times a 95 % interval is one of 99.999 %: a miss is a mistake.
  return distance < within && half < 2 * within && distance < 3 * half;
}

function common(estimates: Estimate[]): Estimate[] {
  return estimates.filter(({ group, quantity }) => !RARE.has(`${group} ${quantity}`));
}

const WORLDS = QUICK.flatMap((name) => byTitle.get(name) ?? []);
const ESTIMATES = common(WORLDS.flatMap((world, i) => estimated(world, i + 1)));

describe('the simulation', () => {
  it('knows every world of the list, and the list one of every family', () => {
    expect(WORLDS.map(title)).toEqual(QUICK);
    expect(new Set(WORLDS.map(({ group }) => group))).toEqual(new Set([...byTitle.values()].map(({ group }) => group)));
  });

  it.each(ESTIMATES)('$group, $name: $quantity is $truth within what a short run can tell', (one) => {
    expect(one).toSatisfy(isRight);
  });

  it('covers the truth with its 95 % intervals about as often as they say', () => {
    const covered = ESTIMATES.filter(({ covers }) => covers).length;
    expect(covered / ESTIMATES.length).toBeGreaterThan(0.8);
  });
});

/** The same world with something of it wrong, and the truth as it was. */
function planted(name: string, wrong: (input: KnownWorld['input']) => void): Estimate[] {
  const world = byTitle.get(name);
  if (!world) throw new Error(`Expected a world ${name}`);
  const input = structuredClone(world.input);
  wrong(input);
  return common(estimated({ ...world, input }, QUICK.indexOf(name) + 1));
}

function first({ subject }: KnownWorld['input']): KnownWorld['input']['subject']['services'][number] {
  const [service] = subject.services;
  if (!service) throw new Error('Expected a service');
  return service;
}

const EXPONENTIAL = { kind: 'exponential', mean: 1000 } as const;

describe('a wrong world', () => {
  it.each<[wrong: string, name: string, wrong: (input: KnownWorld['input']) => void]>([
    ['the variation left out, where it is less', 'M/G/1 rho 0.5, cv2 0.5', (input) => void (first(input).latency = EXPONENTIAL)],
    ['the variation left out, where it is more', 'M/G/1 rho 0.5, cv2 4', (input) => void (first(input).latency = EXPONENTIAL)],
    ['the variation left out of a named shape', 'M/G/1 rho 0.8, cv2 4, hyperexponential', (input) => void (first(input).latency = EXPONENTIAL)],
    ['times that vary', 'M/D/c c 20, rho 0.8', (input) => void (first(input).latency = EXPONENTIAL)],
    ['times that do not vary', 'M/M/1 rho 0.5', (input) => void (first(input).latency = { kind: 'constant', ms: 1000 })],
    ['a server too many', 'M/M/c c 4, rho 0.417', (input) => void (first(input).workers = 5)],
    ['room counted without the servers', 'M/M/c/K c 5, K 8, load 7.50', (input) => void (first(input).queue = 8)],
    ['a queue where there is none', 'Erlang c 2, a 1, lost', (input) => void (first(input).queue = 1)],
    ['no think time', 'closed network 20 users, think 1, 4+4+4+4 servers', (input) => void (input.think = 0)],
    ['a station left out', 'open network tandem of 3 with 2+1+4, rho 0.5', (input) => void input.subject.steps.splice(2, 1, { ...input.subject.steps[2]!, call: 's1' })],
    ['visits left out', 'open network feedback by ways', (input) => void input.subject.steps.splice(1, 1)],
    ['a repairer too many', 'repair 5 machines, 2 repairers', (input) => void (first(input).workers = 3)],
    ['a pool too small', 'checkout, sync 100 users, 10 workers', (input) => void (input.subject.services[2]!.workers = 9)],
  ])('is seen: %s', (_, name, wrong) => {
    // As it should be it is right, with the same draws: see above.
    expect(QUICK).toContain(name);
    expect(planted(name, wrong).every(isRight)).toBe(false);
  });
});
