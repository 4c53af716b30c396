/** `simulate`: the trials of `bench` in virtual time. */
import { UserError } from '../base/errors.js';
import type { TrialPlan } from '../experiment/plan.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import { simulateTrial } from '../simulation/trial.js';
import { bench, type BenchOptions } from './bench.js';
import type { Io } from './io.js';

/** A plan whose inside is known. @throws UserError for a server of one's own */
export function simulable(plan: TrialPlan): TrialPlan<Subject> {
  const { subject } = plan;
  if (isTarget(subject)) throw new UserError(`${subject.name} is a server of your own: what it would do cannot be simulated.`);
  return { ...plan, subject };
}

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
