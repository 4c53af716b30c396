import type { MeasuredTrial } from '../../src/measurement/record.js';
import type { TrialInput } from '../../src/simulation/trial.js';

/** A world of which something is known exactly. */
export interface KnownWorld {
  group: string;
  name: string;
  input: Omit<TrialInput, 'seed' | 'warmup' | 'duration'>;
  /** About how many requests there are per second. */
  rate: number;
  /** Seconds that the queue takes to settle. */
  slow: number;
  values: [quantity: string, truth: number, value: (trial: MeasuredTrial) => number][];
}

export interface Estimate {
  group: string;
  name: string;
  quantity: string;
  truth: number;
  mean: number;
  /** Half the width of the 95 % interval. */
  half: number;
  /** Relative. */
  error: number;
  /** The interval contains the truth. */
  covers: boolean;
}

export function worldsOf(queueing: unknown): KnownWorld[];
export function estimate(
  simulate: (input: TrialInput) => MeasuredTrial,
  world: KnownWorld,
  requests: number,
  seed?: number,
): Estimate[];
