/** Whether a process may open as many files as a trial takes: each connection is one. Told before anything is run. */
import { UserError } from '../base/errors.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { callsIn, consumersOf } from '../scenarios/call-graph.js';
import { limitOf } from '../scenarios/scenario.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import { MOST_CONNECTIONS } from '../load/open.js';
import type { TrialPlan } from './plan.js';

/** What a process has open beside its connections: modules, pipes, the event loop's own. */
const RESERVE = 64;

/** Open files that a process of this machine may have; null where nobody tells. Node raises its soft limit to the hard one. */
export function descriptorLimit(): number | null {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : null;
}

/** Connections that a load generator may open. */
export function mostConnections(limit: number | null): number {
  return limit === null ? Infinity : Math.max(1, limit - RESERVE);
}

/**
 * What may go wrong for want of descriptors, as a sentence; null when nothing can.
 * @throws UserError when users will certainly get no connection
 */
export function descriptorWarning(trials: readonly TrialPlan[], limit: number | null): string | null {
  if (limit === null) return null;
  const users = Math.max(0, ...trials.map(({ load }) => (load.model === 'closed' ? load.users : 0)));
  if (users + RESERVE > limit) {
    throw new UserError(
      `${users} users take ${users + RESERVE} open files, and a process may have ${limit} here: ` +
        `raise the limit (ulimit -n ${2 * (users + RESERVE)}) or use fewer users.`,
    );
  }
  const most = Math.max(0, ...trials.map(mostDescriptors));
  if (most <= limit) return null;
  return (
    `At worst a process of this run would need ${most} open files, and may have ${limit}: ` +
    `should connections fail, raise the limit (ulimit -n ${most}).`
  );
}

/** Open files of the process that needs most, when everything waits that can. */
function mostDescriptors({ load, subject, timeout, hop }: TrialPlan): number {
  const requests = load.model === 'closed' ? load.users : Math.min(MOST_CONNECTIONS, Math.ceil((load.rate * timeout) / 1000));
  // The server holds both ends: its callers' connections, and those to the services.
  return RESERVE + requests + (isTarget(subject) || hop === 'in-process' ? 0 : callsAtOnce(subject, requests));
}

/** Connections of the callers of a subject to its services. */
function callsAtOnce(subject: Subject, requests: number): number {
  const { request, streams } = callGraphOf(subject);
  const flows = [{ flow: request, atOnce: requests }, ...consumersOf(streams).map(({ flow, workers }) => ({ flow, atOnce: limitOf(workers) }))];
  const most = flows.flatMap(({ flow, atOnce }) => callsIn(flow).map(({ connections, pool }) => Math.min(requests, atOnce, limitOf(pool?.connections ?? connections))));
  return most.reduce((sum, connections) => sum + connections, 0);
}
