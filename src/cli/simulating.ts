/** What every command in virtual time does: simulates on all cores, tells how far it is, and hears Ctrl-C. */
import { UserError } from '../base/errors.js';
import type { TrialPlan } from '../experiment/plan.js';
import { type SimulationProgress, simulationThreads } from '../experiment/simulations.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import type { Simulate } from '../simulation/simulate.js';
import type { Io } from './io.js';
import type { Parts } from './parts.js';
import { showSimulations } from './progress.js';
import { abortOnSignal } from './signals.js';

/** Simulations under way. */
export interface Simulating {
  simulate: Simulate;
  /** Aborts with the first Ctrl-C. */
  signal: AbortSignal;
  /** How far it is. */
  progress: () => SimulationProgress;
  /** Clears the progress line and ends every thread; may be called again. */
  end: () => Promise<void>;
}

/** Starts them. Whoever does ends them, whatever happens. */
export function startSimulating(options: { progress: boolean; quiet?: boolean }, io: Io, { simulations = simulationThreads }: Parts): Simulating {
  const { signal, release } = abortOnSignal(io);
  const line = showSimulations(options, io);
  let progress: SimulationProgress = { done: 0, asked: 0 };
  const started = simulations(signal, (now) => {
    progress = now;
    line.update(now);
  });
  return {
    simulate: started.simulate,
    signal,
    progress: () => progress,
    end: async () => {
      line.end();
      release();
      await started.end();
    },
  };
}

/** A plan whose inside is known. @throws UserError for a server of one's own */
export function simulable(plan: TrialPlan): TrialPlan<Subject> {
  const { subject } = plan;
  if (isTarget(subject)) throw new UserError(`${subject.name} is a server of your own: what it would do cannot be simulated.`);
  return { ...plan, subject };
}
