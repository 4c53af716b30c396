/** A thread that simulates: one trial after another, as it is asked. Whoever started it ends it, in the midst of a trial if need be. */
import { parentPort } from 'node:worker_threads';
import { UserError } from '../base/errors.js';
import type { MeasuredTrial } from '../measurement/record.js';
import type { SimulationInput } from '../simulation/simulate.js';
import { simulateUntilPrecise } from './simulate-until-precise.js';

/** What it answers. */
export type SimulationAnswer = { trial: MeasuredTrial } | { failed: Error; user: boolean };

const port = parentPort;

port?.on('message', (input: SimulationInput) => {
  // A thread has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  port.postMessage(answerTo(input));
});

function answerTo(input: SimulationInput): SimulationAnswer {
  try {
    return { trial: simulateUntilPrecise(input) };
  } catch (error) {
    return { failed: error instanceof Error ? error : new Error(String(error)), user: error instanceof UserError };
  }
}
