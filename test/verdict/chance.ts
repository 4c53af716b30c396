/** Seeded chance for simulated trials. */
import { drawsOf } from '../../src/scenarios/draw.js';
import { normalQuantile } from '../../src/scenarios/normal.js';

/** Even numbers in (0, 1), one after another. */
export function uniforms(seed: number): () => number {
  const draws = drawsOf(seed, 'simulated trials');
  let index = 0;
  return () => draws(index++, 0, 'latency');
}

/** Standard normal numbers, one after another. */
export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => normalQuantile(uniform());
}

/**
 * How many of the trials of `npm run test:stats` are simulated: in the unit tier a twentieth, which sees a gross mistake
 * within a second. What is asked of them is less strict by the square root of that.
 */
const SHARE = Number(process.env.SIMULATED ?? 1 / 20);

/** Repetitions where the tier of statistics has `full`. */
export function repetitions(full: number): number {
  return Math.ceil(full * SHARE);
}

/** How many times further from what is true a share of so many may be: 1 with all of them. */
export const LEEWAY = Math.sqrt(1 / SHARE);

/** Share of simulated trials, 20,000 in full, in which `holds`. */
export function coverage(holds: () => boolean, full = 20_000): number {
  const trials = repetitions(full);
  let held = 0;
  for (let i = 0; i < trials; i++) held += holds() ? 1 : 0;
  return held / trials;
}
