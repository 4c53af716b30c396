/**
 * Worlds whose truth is known exactly, and estimates of it by simulation: independent replications, Student's interval.
 * Times of the truth are in seconds, those of the simulation in ms.
 */
import { worldsOfRow } from './families.js';
import { Refusal } from './refusal.js';

/** Replications of one estimate, and the 97.5 % quantile of Student's distribution with one degree of freedom less. */
export const REPLICATIONS = 20;
const STUDENT = 2.093;

/**
 * Every row of a file of exact values.
 * @returns the worlds, each with what is known of it, and the rows, or single values of worlds, that are not simulated
 */
export function readTruth(queueing) {
  const worlds = [];
  const refused = [];
  for (const [family, content] of Object.entries(queueing)) {
    if (typeof content === 'string') continue;
    for (const [i, row] of [content].flat().entries()) {
      try {
        for (const { refused: left, ...one } of worldsOfRow(family, row)) {
          worlds.push(one);
          for (const [quantity, why] of left) refused.push({ family, name: one.name, quantity, why });
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push({ family, name: row?.src ?? `row ${i + 1}`, quantity: null, why: error.message });
      }
    }
  }
  return { worlds, refused };
}

/**
 * Estimates everything that is known of a world.
 * @param simulate TrialInput -> MeasuredTrial
 * @param requests of all replications together
 */
export function estimate(simulate, { group, name, input, rate, slow, values }, requests, seed = 1) {
  const duration = Math.max(1, requests / REPLICATIONS / rate) * 1000;
  const warmup = Math.min(20 * slow * 1000, duration);
  const trials = Array.from({ length: REPLICATIONS }, (_, i) =>
    simulate({ ...input, duration, warmup, seed: seed * 1000 + i }),
  );
  return values.map(([quantity, truth, value, rounding = 0]) => {
    const found = trials.map(value);
    const mean = found.reduce((sum, one) => sum + one, 0) / REPLICATIONS;
    const variance = found.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (REPLICATIONS - 1);
    const half = STUDENT * Math.sqrt(variance / REPLICATIONS);
    // Where nothing varies, what is left is the arithmetic.
    const covers = Math.abs(mean - truth) <= Math.max(half + rounding, 1e-9 * truth);
    return { group, name, quantity, truth, rounding, mean, half, error: mean / truth - 1, covers };
  });
}
