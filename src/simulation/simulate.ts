/** The port through which simulated trials are had, wherever they are computed: in this thread, or in others. */
import type { MeasuredTrial } from '../measurement/record.js';
import type { TrialInput } from './trial.js';

/** What is simulated, and for how long. */
export interface SimulationInput extends TrialInput {
  /** `duration` is only where the window may end first: it goes on until p95 and p99 are known to so much more or less, and no longer than `within` ms. */
  until?: { precision: number; within: number } | null;
}

/** Simulates one trial. Rejects when it is no longer wanted. */
export type Simulate = (input: SimulationInput) => Promise<MeasuredTrial>;

/** What a simulation takes of a plan, and nothing else that may be in it. */
export function simulationInput(plan: SimulationInput): SimulationInput {
  const { architecture, base, round, load, subject, seed, warmup, duration, drain, timeout, entry, think, bus, until = null } = plan;
  const handling = plan.handling === undefined ? {} : { handling: plan.handling };
  const restart = plan.restart === undefined ? {} : { restart: plan.restart };
  const machine = plan.machine === undefined ? {} : { machine: plan.machine };
  const retries = plan.retries === undefined ? {} : { retries: plan.retries };
  return { architecture, base, round, load, subject, seed, warmup, duration, drain, timeout, entry, think, until, ...retries, ...handling, ...restart, ...machine, ...(bus === undefined ? {} : { bus }) };
}
