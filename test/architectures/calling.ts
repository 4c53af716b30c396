/** The calls of one step to a service in this process, in virtual time. */
import { Caller, type CallerOptions } from '../../src/architectures/caller.js';
import { StepRunner } from '../../src/architectures/step.js';
import { Pool } from '../../src/architectures/pool.js';
import type { Service } from '../../src/scenarios/scenario.js';
import { CALL_OUTCOMES } from '../../src/services/services.js';
import { SimulatedService } from '../../src/services/simulated.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { step } from './orders.js';

export function calling(model: Service, options: Partial<CallerOptions> = {}) {
  const clock = new VirtualClock();
  const simulated = new SimulatedService(model, 1, clock);
  const { report } = new StepRunner(step('pay'), simulated, { seed: 1, clock });
  const caller = new Caller({ name: 'pay', origin: simulated, timeout: 2000, pool: new Pool(Infinity), clock, ...options }, report);
  const call = (request: number): Promise<string> =>
    caller.attempt(request, 0).then(() => 'ok', (failure: { kind: string }) => failure.kind);
  const kinds = (calls: number): Promise<string[]> => Promise.all(Array.from({ length: calls }, (_, request) => call(request)));
  const outcomes = (): string[] => Array.from(simulated.report(0).calls.outcome, (code) => CALL_OUTCOMES[code] ?? '?');
  return { clock, simulated, caller, report, call, kinds, outcomes };
}
