/** A whole run in virtual time. */
import { messageOf } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import type { Trial } from '../measurement/record.js';
import type { Subject } from '../scenarios/subject.js';
import type { Simulate } from '../simulation/simulate.js';
import { headOf, type Plan, type TrialPlan } from './plan.js';

/**
 * Simulates the plan, as many trials at once as there is room for. A trial that fails is `errored`; after an abort those
 * that were not done are `aborted`.
 * @param onFinished hears after each trial of all that are done, in the order of the plan
 */
export async function simulatePlan(
  { trials }: Pick<Plan<Subject>, 'trials'>,
  simulate: Simulate,
  signal: AbortSignal,
  onFinished: (trials: readonly Trial[]) => void,
): Promise<Trial[]> {
  const done = new Map<TrialPlan, Trial>();
  const sorted = (): Trial[] => trials.flatMap((plan) => done.get(plan) ?? []);
  const run = async (plan: TrialPlan<Subject>): Promise<void> => {
    done.set(plan, await simulate(plan).catch((error: unknown) => failed(plan, error, signal)));
    if (!signal.aborted) onFinished(sorted());
  };
  await Promise.all(trials.map(run));
  return sorted();
}

/** A trial without numbers. What it ended with is told in many places: it is without secrets from here on. */
export function failed(plan: TrialPlan, error: unknown, { aborted }: AbortSignal): Trial {
  if (aborted) return { ...headOf(plan), state: 'aborted', message: 'interrupted' };
  return { ...headOf(plan), state: 'errored', message: maskUrls(messageOf(error)) };
}
