/** Answers that did not tell the truth: "failed" although money was taken, "ok" although the work then died. */
import { OUTCOMES, type Observations, type Outcome } from '../load/load.js';
import { compensationName } from '../scenarios/call-graph.js';
import { requestOf } from '../scenarios/request.js';
import type { Subject } from '../scenarios/subject.js';
import type { ServiceReport } from '../services/services.js';
import type { EventWork } from './ledger.js';
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

/** Requests that were told "failed" although what the service of a critical step had done for them, in any attempt, still stood in the end. */
export function countOrphaned(
  outcomes: ReadonlyMap<number, Outcome>,
  subject: Subject,
  services: readonly ServiceReport[],
): number {
  const isFailed = (request: number): boolean => (outcomes.get(request) ?? 'ok') !== 'ok';
  return effectiveAttempts(isFailed, subject, services).size;
}

/** Requests for which critical steps took effect in more than one of their attempts, and what each did still stood in the end: paid twice. */
export function countRepeatedEffects({ index, attempts }: Observations, subject: Subject, services: readonly ServiceReport[]): number {
  if (!attempts) return 0;
  const repeated = new Set(index.filter((request, row) => request >= 0 && attempts[row]! > 1));
  return [...effectiveAttempts((request) => repeated.has(request), subject, services).values()].filter((count) => count > 1).length;
}

/** In how many of its attempts something took effect and still stood in the end, by request; left out where in none. */
function effectiveAttempts(isWanted: (request: number) => boolean, subject: Subject, services: readonly ServiceReport[]): Map<number, number> {
  const effects = effectsOf(subject);
  // By number of the attempt, then by step.
  const byAttempt = new Map<number, Map<string, StepEffects>>();
  for (const { calls } of services) {
    for (const { row, step, outcome } of measuredCalls(calls)) {
      const attempt = calls.request[row] ?? -1;
      const effect = effects.get(step);
      if (outcome !== 'ok' || !effect || !isWanted(requestOf(attempt))) continue;
      const steps = byAttempt.get(attempt) ?? new Map<string, StepEffects>();
      const moments = steps.get(effect.step) ?? { done: [], undone: [] };
      moments[effect.is].push(calls.endedAt[row] ?? 0);
      byAttempt.set(attempt, steps.set(effect.step, moments));
    }
  }
  const counts = new Map<number, number>();
  for (const [attempt, steps] of byAttempt) {
    if (![...steps.values()].some((moments) => stands(moments, Infinity))) continue;
    counts.set(requestOf(attempt), (counts.get(requestOf(attempt)) ?? 0) + 1);
  }
  return counts;
}

interface Effect {
  step: string;
  is: keyof StepEffects;
}

/** What a good answer to calls of a name means: that a critical step is done, or undone. */
function effectsOf({ steps }: Subject): Map<string, Effect> {
  const effective = steps.filter((step) => step.critical && step.effect).map(({ name }) => name);
  return new Map(effective.flatMap((step): [string, Effect][] => [[step, { step, is: 'done' }], [compensationName(step), { step, is: 'undone' }]]));
}

/** Moments at which services did for an attempt what a step is there for, and at which they undid it, ms. */
export interface StepEffects {
  done: number[];
  undone: number[];
}

/** Whether what a step did still stands at a moment: something of it was done after it was last undone. */
export function stands({ done, undone }: StepEffects, until: number): boolean {
  const undoneAt = Math.max(-Infinity, ...undone.filter((at) => at <= until));
  return done.some((at) => at <= until && at > undoneAt);
}

/**
 * Requests that were told "ok" and whose event was dead-lettered, was lost, or never got to the bus. What is still
 * pending has not failed yet.
 * @param lastAttempt number of the attempt whose answer was "ok"
 */
export function countFailedLater(
  outcomes: ReadonlyMap<number, Outcome>,
  works: ReadonlyMap<number, EventWork>,
  lastAttempt: (request: number) => number = (request) => request,
): number {
  let failed = 0;
  for (const [request, outcome] of outcomes) if (outcome === 'ok' && hasFailed(works.get(lastAttempt(request)))) failed++;
  return failed;
}

function hasFailed(work: EventWork | undefined): boolean {
  return work === undefined || (work.completedAt === null && work.place !== 'pending');
}
