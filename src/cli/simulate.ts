/** `simulate`: the trials of `bench` in virtual time. */
import { busSettings } from '../events/settings.js';
import { makeRecord, type RunHead } from '../experiment/record.js';
import { simulatePlan } from '../experiment/simulate-plan.js';
import { openOutputs } from '../report/writer.js';
import { withBusTimes } from '../simulation/buses.js';
import { refuseDelays } from './delays.js';
import { prepare, type BenchOptions } from './prepare.js';
import type { Io } from './io.js';
import type { Parts } from './parts.js';
import { refuseUnknownServices } from './real-services.js';
import { findScenario, silently } from './scenario.js';
import { sameOrdersOf } from './afterwards.js';
import { simulable, startSimulating } from './simulating.js';
import { tell } from './print.js';
import { virtualLength } from './virtual-load.js';

/** Options of `simulate`, as commander gives them. */
export type SimulateOptions = BenchOptions & { sweep?: string };

/**
 * Simulates, judges and reports.
 * @returns the exit code
 * @throws UserError for any mistake
 */
export async function simulate(name: string, options: SimulateOptions, io: Io, parts: Parts): Promise<number> {
  const { sweep } = options;
  if (sweep !== undefined) {
    const { simulateSwept } = await import('./sweep.js');
    return simulateSwept(name, { ...options, sweep }, io, parts);
  }
  const head = prepareSimulation(name, options, io);
  const plan = { trials: head.plan.trials.map(simulable) };
  const outputs = openOutputs(options.output ?? [], io);
  const simulating = startSimulating(options, io, parts);
  try {
    const trials = await simulatePlan(plan, simulating.simulate, simulating.signal, (soFar) => {
      if (options.output) outputs.writeFiles(makeRecord(head, soFar));
    });
    const sameOrders = await sameOrdersOf(head, trials, simulating.simulate, simulating.signal);
    await simulating.end();
    return tell(makeRecord(head, trials, { sameOrders }), options, outputs, io);
  } finally {
    await simulating.end();
  }
}

/** What is known before anything is simulated, and how long that is. @throws UserError for any mistake */
export function prepareSimulation(name: string, options: BenchOptions, io: Io): RunHead {
  // It is read twice, and what was understood of it is said once.
  const scenario = refuseUnknownServices(findScenario(name, silently(io)), name);
  const head = prepare(name, virtualLength(name, scenario, options, io), io, withBusTimes(busSettings(options)));
  refuseDelays(head.plan.trials.map(({ subject }) => subject), busSettings(options));
  return head;
}
