/** What cannot be had with services that are not called over TCP: refused before anything is run. */
import { UserError } from '../base/errors.js';
import { BUSES } from '../events/buses.js';
import type { BusSettings } from '../events/settings.js';
import { formatFault, isProcessFault } from '../scenarios/fault.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';

/** How calls get to the services, as commander gives it. */
export interface HopOptions {
  services: Hop;
}

/** @throws UserError for a subject without services, and for a bus or a fault that takes them in a process of their own */
export function checkHop({ services = 'http' }: Partial<HopOptions>, bus: BusSettings, subjects: readonly Measurable[]): Hop {
  const reason = services === 'http' ? undefined : (targetIn(subjects) ?? (services === 'in-process' ? obstacle(bus, subjects) : undefined));
  if (reason !== undefined) throw new UserError(`--services ${services} is not possible here: ${reason} Leave it out: services are then called over HTTP.`);
  return services;
}

function targetIn(subjects: readonly Measurable[]): string | undefined {
  const target = subjects.find(isTarget);
  return target && `${target.name} is a server of your own and calls no simulated services.`;
}

function obstacle({ name }: BusSettings, subjects: readonly Measurable[]): string | undefined {
  if (BUSES[name].capabilities.separateProcesses) return `with --bus ${name} the consumers are in a process of their own, and could not reach the services.`;
  const fault = subjects.flatMap((subject) => (isTarget(subject) ? [] : subject.faults)).find(isProcessFault);
  return fault && `the fault "${formatFault(fault)}" would take the services and what they have counted along with the server.`;
}
