/** Faults of the command line. */
import { UserError } from '../base/errors.js';
import { BROKERS, BUSES } from '../events/buses.js';
import { oneOf, type BusSettings } from '../events/settings.js';
import { formatFault, isProcessFault, type Fault, type FaultProcess } from '../scenarios/fault.js';
import { publishesEvents } from '../scenarios/architectures.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';

/**
 * The scenario with these faults in place of its own and of its variants'; undefined leaves them as they are.
 * @throws UserError for a fault that the bus has no process for
 */
export function withFaults(scenario: Scenario, faults: Fault[] | undefined, bus: BusSettings): Scenario {
  if (!faults) return scenario;
  for (const fault of faults) {
    const reason = isProcessFault(fault) ? missing(fault.process, bus) : undefined;
    if (reason) throw new UserError(`--fault "${formatFault(fault)}" cannot happen: ${reason}`);
  }
  return { ...scenario, faults, variants: scenario.variants.map((variant) => ({ ...variant, faults })) };
}

/** @throws UserError for a fault of events where nothing that is measured publishes any */
export function refuseIdleFaults(faults: Fault[] | undefined, subjects: readonly Measurable[]): void {
  const arranged = subjects.flatMap((subject) => (isTarget(subject) ? [] : [subject.architecture]));
  if (arranged.length === 0 || arranged.some(publishesEvents)) return;
  const idle = faults?.find((fault) => !isProcessFault(fault) || fault.process !== 'server');
  if (idle) throw new UserError(`--fault "${formatFault(idle)}" cannot happen: nothing here publishes events. Name hybrid or event-driven as well.`);
}

/** Why there is no such process to kill. */
function missing(process: FaultProcess, { name, url }: BusSettings): string | undefined {
  if (process === 'consumer' && !BUSES[name].capabilities.separateProcesses) {
    return `with the ${name} bus the consumers live in the server's process. Name the server, or choose another --bus.`;
  }
  if (process !== 'broker') return undefined;
  if (BUSES[name].at !== 'broker') return `the ${name} bus has no broker. Choose --bus ${oneOf(BROKERS)}.`;
  return url === null ? undefined : 'the broker at --bus-url is not ours to kill. Without --bus-url a private one is started.';
}
