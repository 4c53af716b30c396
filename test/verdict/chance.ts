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

/** Share of 20,000 simulated trials in which `holds`. */
export function coverage(holds: () => boolean, trials = 20_000): number {
  let held = 0;
  for (let i = 0; i < trials; i++) held += holds() ? 1 : 0;
  return held / trials;
}
