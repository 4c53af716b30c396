/** Answers that did not tell the truth: "failed" although money was taken, "ok" although the work then died. */
import { OUTCOMES, type Observations, type Outcome } from '../load/load.js';
import type { Subject } from '../scenarios/subject.js';
import type { ServiceReport } from '../services/services.js';
import type { RequestFate } from './ledger.js';
import { measuredCalls } from './steps.js';

/** Outcome of each measured request, by its index. */
export function outcomesByRequest({ index, outcome }: Observations): Map<number, Outcome> {
  const outcomes = new Map<number, Outcome>();
  for (const [row, request] of index.entries()) {
    const known = OUTCOMES[outcome[row] ?? -1];
    if (request >= 0 && known) outcomes.set(request, known);
  }
  return outcomes;
}

/** Requests that were told "failed" although the service of a critical step had done its work for them. */
export function countOrphaned(
  outcomes: ReadonlyMap<number, Outcome>,
  subject: Subject,
  services: readonly ServiceReport[],
): number {
  const critical = new Set(subject.steps.filter((step) => step.critical && step.effect).map(({ name }) => name));
  const orphaned = new Set<number>();
  for (const { calls } of services) {
    for (const { row, step, outcome } of measuredCalls(calls)) {
      const request = calls.request[row] ?? -1;
      const isEffect = outcome === 'ok' && critical.has(step);
      const told = outcomes.get(request);
      if (isEffect && told !== undefined && told !== 'ok') orphaned.add(request);
    }
  }
  return orphaned.size;
}

/**
 * Requests that were told "ok" and whose event was dead-lettered, was lost, or never got to the bus. What is still
 * pending has not failed yet.
 */
export function countFailedLater(
  outcomes: ReadonlyMap<number, Outcome>,
  fates: ReadonlyMap<number, RequestFate>,
): number {
  let failed = 0;
  for (const [request, outcome] of outcomes) if (outcome === 'ok' && hasFailed(fates.get(request))) failed++;
  return failed;
}

function hasFailed(fate: RequestFate | undefined): boolean {
  return fate === undefined || (fate.completedAt === null && fate.place !== 'pending');
}
