/** What goes wrong on purpose: to processes at a moment of the measured window, and to deliveries by chance. */
import { exactDuration, parseShare } from '../base/units.js';

/** Processes that can be killed or stopped. `consumer`: those of the consumers. */
export const FAULT_PROCESSES = ['server', 'consumer', 'broker'] as const;
export type FaultProcess = (typeof FAULT_PROCESSES)[number];

/** `crash`: SIGKILL, and started again `for` ms later; `pause`: SIGSTOP, and SIGCONT `for` ms later. `at` counts from the start of the window. */
export interface ProcessFault {
  kind: 'crash' | 'pause';
  process: FaultProcess;
  at: number;
  for: number;
}

/** A share of the deliveries of every consumer: given twice, never given, held back for another one, or given `by` ms late. */
export type DeliveryFault = { kind: 'duplicate' | 'drop' | 'reorder'; share: number } | { kind: 'delay'; share: number; by: number };

/** Events that fail at every attempt: a share of them, or those of one order (the index of its request). */
export type PoisonFault = { kind: 'poison'; share: number } | { kind: 'poison'; order: number };

export type Fault = ProcessFault | DeliveryFault | PoisonFault;

/** Whether it happens to a process. */
export function isProcessFault(fault: Fault): fault is ProcessFault {
  return fault.kind === 'crash' || fault.kind === 'pause';
}

/** The sentence that a fault is written as; parsed again it is the same fault. */
export function formatFault(fault: Fault): string {
  if (isProcessFault(fault)) {
    return `${fault.kind} ${fault.process} at ${exactDuration(fault.at)} for ${exactDuration(fault.for)}`;
  }
  if (fault.kind === 'delay') return `delay ${exactShare(fault.share)} by ${exactDuration(fault.by)}`;
  return `${fault.kind} ${'order' in fault ? `order ${fault.order}` : exactShare(fault.share)}`;
}

/** The first two faults that cannot both be meant, as a sentence about the second, with its position; undefined when there are none. */
export function contradiction(faults: readonly Fault[]): { position: number; message: string } | undefined {
  for (const [position, fault] of faults.entries()) {
    const other = faults.slice(0, position).find((earlier) => areAtOdds(earlier, fault));
    if (!other) continue;
    const how = isProcessFault(fault) ? 'overlaps' : 'says again, in another way,';
    return { position, message: `"${formatFault(fault)}" ${how} "${formatFault(other)}"` };
  }
  return undefined;
}

/** One process has one fault at a time, and each kind of delivery fault has one share. */
function areAtOdds(a: Fault, b: Fault): boolean {
  if (isProcessFault(a) && isProcessFault(b)) {
    return a.process === b.process && a.at < b.at + b.for && b.at < a.at + a.for;
  }
  return a.kind === b.kind && 'share' in a && 'share' in b;
}

/** As a percentage where that is read as the same number. */
function exactShare(share: number): string {
  const percent = `${Number((share * 100).toPrecision(12))}%`;
  return parseShare(percent) === share ? percent : String(share);
}
