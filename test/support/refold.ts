import { foldSamples, type LoadFigures } from '../../src/measurement/outcomes.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { decodeSamples } from '../../src/measurement/samples.js';

/** The figures of a trial, computed again from its raw samples. */
export function refold(trial: Pick<MeasuredTrial, 'samples' | 'window'>): LoadFigures {
  return foldSamples(decodeSamples(trial.samples), trial.window.seconds);
}
