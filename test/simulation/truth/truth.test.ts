import { describe, expect, it } from 'vitest';
import { estimate, worldsOf } from '../../../benchmarks/simulation/truth.js';
import { simulateTrial } from '../../../src/simulation/trial.js';
import { TRUTH } from './truth.js';

/** Worlds that settle quickly enough for a test; `npm run selftest:truth` takes its time for all of them. */
const QUICK = [
  'M/M/c c 4, rho 0.417',
  'M/M/c c 2, rho 0.357',
  'M/M/c/K c 2, K 3, load 0.75',
  'M/M/c/K c 10, K 10, load 12.00',
  'M/D/c c 5, rho 0.5',
  'M/D/c c 20, rho 0.8',
  'repair 10 machines, 1 repairers',
  'repair 5 machines, 2 repairers',
  'checkout, sync 100 users, 10 workers',
  'checkout, sync 50 users, 50 workers',
  'checkout, sync 125 users, 50 workers',
  'checkout, critical 125 users, 50 workers',
];

/** Quantities that are rare, and take longer. */
const RARE = new Set(['Wq', 'pK']);

const WORLDS = worldsOf(TRUTH).filter(({ group, name }) => QUICK.includes(`${group} ${name}`));
const ESTIMATES = WORLDS.flatMap((world) => estimate(simulateTrial, world, 80_000)).filter(({ quantity }) => !RARE.has(quantity));

describe('the simulation', () => {
  it('knows every world of the list', () => {
    expect(WORLDS).toHaveLength(QUICK.length);
  });

  it.each(ESTIMATES)('$group, $name: $quantity is within 1 % of $truth', ({ mean, truth, half, error }) => {
    expect(Math.abs(error)).toBeLessThan(0.01);
    expect(half / truth).toBeLessThan(0.02);
    // Three times a 95 % interval is one of 99.999 %: a miss is a mistake.
    expect(Math.abs(mean - truth)).toBeLessThan(3 * half);
  });

  it('covers the truth with its 95 % intervals about as often as they say', () => {
    const covered = ESTIMATES.filter(({ covers }) => covers).length;
    expect(covered / ESTIMATES.length).toBeGreaterThan(0.8);
  });
});
