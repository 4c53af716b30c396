/** Simulations in the thread of the test: one after another, in the order asked for. */
import { simulateEnough } from '../../src/experiment/long-enough.js';
import type { StartSimulations } from '../../src/experiment/simulations.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import type { Simulate, SimulationInput } from '../../src/simulation/simulate.js';

export const simulate: Simulate = async (input) => simulateEnough(input);

/** What commands take in place of threads. */
export const simulations: StartSimulations = (signal, onProgress) => {
  const progress = { done: 0, asked: 0 };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (input: SimulationInput): MeasuredTrial => {
    if (signal.aborted) throw new Error('interrupted');
    const trial = simulateEnough(input);
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
