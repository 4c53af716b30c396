/** The open model's schedule: when each request starts, whatever the server does. Equal jobs get equal instants. */
import { drawsOf } from '../scenarios/draw.js';
import type { LoadShape } from './load.js';
import { dueAt } from './ramp.js';

type OpenShape = Extract<LoadShape, { model: 'open' }>;

/** The next arrival at each call: ms from the start of the window, rising; negative while warming up. Infinity: no more. */
export type Arrivals = () => number;

/**
 * Arrivals of an open shape.
 * `even`: each when the requests due before it have grown by one, at a steady rate one every `1000 / rate` ms, the first
 * of the window at its very start, the warm-up evenly before it.
 * `poisson`: exponential gaps, drawn by seed and position; those of the window do not depend on the warm-up.
 * @param warmup ms before the window in which requests arrive already, at the rate with which the window begins
 */
export function arrivalsOf(shape: OpenShape, seed: number, warmup: number): Arrivals {
  const { rate, ramp } = shape;
  const due = (before: number): number => (ramp ? dueAt(ramp, before) : (before * 1000) / rate);
  const early = { rate: ramp ? ramp.from : rate, warmup };
  return shape.arrivals === 'even' ? evenArrivals(due, early) : poissonArrivals(due, early, seed);
}

/** Of the warm-up: its rate, and its length in ms. */
interface Early {
  rate: number;
  warmup: number;
}

function evenArrivals(due: (before: number) => number, { rate, warmup }: Early): Arrivals {
  let next = 0 - Math.floor((warmup * rate) / 1000);
  // By position, not by adding up gaps: rounding errors must not add up either.
  return () => {
    const position = next++;
    return position < 0 ? (position * 1000) / rate : due(position);
  };
}

function poissonArrivals(due: (before: number) => number, { rate, warmup }: Early, seed: number): Arrivals {
  const early = exponentialSums(seed, 'arrivals before');
  const measured = exponentialSums(seed, 'arrivals');
  let warming = rate > 0;
  return () => {
    if (warming) {
      const at = (early() * 1000) / rate - warmup;
      if (at < 0) return at;
      warming = false;
    }
    return due(measured());
  };
}

/** Sums of exponential gaps with a mean of 1. */
function exponentialSums(seed: number, name: string): () => number {
  const draws = drawsOf(seed, name);
  let position = 0;
  let sum = 0;
  return () => (sum -= Math.log(draws(position++, 0, 'jitter')));
}
