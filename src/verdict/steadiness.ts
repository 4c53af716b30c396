/** Whether a trial had settled when it was measured. */
import { responseTimes } from '../measurement/outcomes.js';
import type { MeasuredTrial } from '../measurement/record.js';
import { decodeSamples } from '../measurement/samples.js';
import { truncate } from './statistics/mser.js';

/** Whether the window was steady, and which share of its requests still looks like warming up. */
export interface Steadiness {
  /** No: more than half would have to be left out, or there were too few requests to tell. */
  steady: boolean;
  warmingUp: number;
}

/** By MSER-5 over the response times of the measured requests, in the order sent. */
export function steadinessOf(trial: Pick<MeasuredTrial, 'samples'>): Steadiness {
  const times = responseTimes(decodeSamples(trial.samples)).map(Math.abs);
  const { cut, steady } = truncate(times);
  return { steady, warmingUp: times.length === 0 ? 0 : cut / times.length };
}
