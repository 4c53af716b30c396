/** `simulate`: the trials of `bench` in virtual time. */
import { simulateTrial } from '../simulation/trial.js';
import { bench, type BenchOptions } from './bench.js';
import type { Io } from './io.js';
import { simulable } from './simulable.js';

/**
 * Simulates, judges and reports.
 * @returns the exit code
 * @throws UserError for any mistake
 */
export async function simulate(name: string, options: Omit<BenchOptions, 'progress'> & { sweep?: string }, io: Io): Promise<number> {
  const { sweep } = options;
  if (sweep !== undefined) {
    const { simulateSwept } = await import('./sweep.js');
    return simulateSwept(name, { ...options, sweep }, io);
  }
  return bench(name, { ...options, progress: false }, io, { runTrial: async (plan) => simulateTrial(simulable(plan)) });
}
