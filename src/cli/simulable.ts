import { UserError } from '../base/errors.js';
import type { TrialPlan } from '../experiment/plan.js';
import { isTarget, type Subject } from '../scenarios/subject.js';

/** A plan whose inside is known. @throws UserError for a server of one's own */
export function simulable(plan: TrialPlan): TrialPlan<Subject> {
  const { subject } = plan;
  if (isTarget(subject)) throw new UserError(`${subject.name} is a server of your own: what it would do cannot be simulated.`);
  return { ...plan, subject };
}
