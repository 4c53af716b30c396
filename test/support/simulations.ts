/** Simulations in the thread of the test: one after another, in the order asked for. */
import { simulateUntilPrecise } from '../../src/experiment/simulate-until-precise.js';
import type { StartSimulations } from '../../src/experiment/simulations.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { simulationInput, type Simulate, type SimulationInput } from '../../src/simulation/simulate.js';

export const simulate: Simulate = async (input) => simulatedOnce(input);

/** The same input gives the same trial: tests that ask for the advice on one scenario, or for part of it, compute it once. */
const trials = new Map<string, MeasuredTrial>();
const MOST_KEPT = 300;

function simulatedOnce(input: SimulationInput): MeasuredTrial {
  const key = JSON.stringify(simulationInput(input));
  const trial = trials.get(key) ?? simulateUntilPrecise(input);
  trials.set(key, trial);
  if (trials.size > MOST_KEPT) trials.delete(trials.keys().next().value!);
  return trial;
}

/** What commands take in place of threads. */
export const simulations: StartSimulations = (signal, onProgress) => {
  const progress = { done: 0, asked: 0 };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (input: SimulationInput): MeasuredTrial => {
    if (signal.aborted) throw new Error('interrupted');
    const trial = simulatedOnce(input);
    progress.done++;
    onProgress?.(progress);
    return trial;
  };
  return {
    simulate: (input) => {
      progress.asked++;
      const turn = last.then(() => inTurn(input));
      last = turn.catch(() => {});
      return turn;
    },
    end: () => Promise.resolve(),
  };
};
