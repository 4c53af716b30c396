import type { BlockPair, Order } from '../../src/measurement/schema/comparison.js';

/** A machine whose blocks are known to be noisy in this way. */
export interface Machine {
  seed: number;
  /** True change of head against base, as a ratio. */
  change: number;
  /** Standard deviation of the logarithm of a block's p50. */
  sd: number;
  /** Correlation of a block's noise with the next one's (AR(1)); 0 by default. */
  rho?: number;
  /** Share of the blocks that take twice as long; 0 by default. */
  outliers?: number;
  /** Share of the requests that fail; 0.001 by default. */
  failures?: number;
}

export function simulatedPairs(orders: readonly Order[], machine: Machine): BlockPair[];
