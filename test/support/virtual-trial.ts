/** What a measured trial is held against: the same trial in virtual time, with what goes wrong in it on purpose. */
import { idealSummary } from '../../src/measurement/ideal.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { isProcessFault, type Fault, type ProcessFault } from '../../src/scenarios/fault.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';
import { liveTrial } from './live-trial.js';

/**
 * The trial with its faulty deliveries, which the live core has and the model has not. Of one whose server is killed only
 * `lost` is told as it would be: by the first crash, on a memory bus.
 */
export async function virtualTrial(input: TrialInput): Promise<MeasuredTrial> {
  const { faults } = input.subject;
  const trial = faults.length === 0 ? simulateTrial(input) : await liveTrial(input);
  const crash = faults.find(isCrash);
  if (!crash || !trial.events) return trial;
  return { ...trial, events: { ...trial.events, lost: inHandAt(input, crash.at) } };
}

function isCrash(fault: Fault): fault is ProcessFault {
  return isProcessFault(fault) && fault.kind === 'crash' && fault.process === 'server';
}

/**
 * Events of measured requests that wait or are worked on at a moment of the window, ms: those of a trial that ends then.
 * @param input whose requests wait for nothing before they publish
 */
export function inHandAt(input: TrialInput, moment: number): number {
  // Who is still being served at the moment has published nothing: the last request to count is answered at it.
  const duration = moment - idealSummary(input.subject, input.seed).p50;
  return simulateTrial({ ...input, duration, drain: 0 }).events?.pending ?? 0;
}
