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
  values: [quantity: string, truth: number, value: (trial: MeasuredTrial) => number, rounding?: number][];
}

export interface Estimate {
  group: string;
  name: string;
  quantity: string;
  truth: number;
  /** How far the truth may be off, as it was printed. */
  rounding: number;
  mean: number;
  /** Half the width of the 95 % interval. */
  half: number;
  /** Relative. */
  error: number;
  /** The interval contains the truth, or what it may have been before it was rounded. */
  covers: boolean;
}

/** A row, or one value of a world, that is not simulated. */
export interface Refused {
  family: string;
  name: string;
  /** null: the whole row. */
  quantity: string | null;
  /** A sentence. */
  why: string;
}

export function readTruth(queueing: Record<string, unknown>): { worlds: KnownWorld[]; refused: Refused[] };
export function estimate(
  simulate: (input: TrialInput) => MeasuredTrial,
  world: KnownWorld,
  requests: number,
  seed?: number,
): Estimate[];
