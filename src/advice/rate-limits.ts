/** What rates let through: those that services refuse more than (429), and those that callers hold themselves back by. */
import type { Found } from '../measurement/finding.js';
import { perSecond, type Scenario, type Step } from '../scenarios/scenario.js';
import { subjectOf, type Subject } from '../scenarios/subject.js';
import { demandOf, foldStep, replyCycle } from './demand.js';
import { callsPerRequest } from './mean-work.js';
import { fold, type TrialGroup } from './rounds.js';

/** Share of its calls that a rate refuses, or holds back, from which it is told. */
const FELT = 0.01;

type Felt = Found<'rate-limit'>;

/** The rates that a load asks more of than they let through, and that were felt. @param steps those that the reply waits for */
export function rateLimits(group: TrialGroup, steps: readonly Step[], scenario: Scenario): Felt[] {
  const subject = subjectOf(scenario, group.architecture);
  if (!subject) return [];
  const own = steps.flatMap((step) => (step.rate ? [felt(group, [step], perSecond(step.rate), 'step', subject, scenario)] : []));
  const services = [...new Set(steps.map(({ call }) => call))].flatMap((name) => {
    const rate = subject.services.find((service) => service.name === name)?.rate;
    return rate ? [felt(group, steps.filter(({ call }) => call === name), perSecond(rate), 'service', subject, scenario)] : [];
  });
  return [...own, ...services].filter(
    ({ numbers: { capacity, demand, refused, held }, names: { step } }) => capacity < demand && refused + held > FELT * (foldStep(group, step, ({ calls }) => calls) ?? 0),
  );
}

/** @param steps that it counts the calls of, one at least */
function felt(group: TrialGroup, steps: readonly Step[], rate: number, limit: Felt['names']['limit'], subject: Subject, scenario: Scenario): Felt {
  const { architecture, load } = group;
  const perRequest = steps.reduce((sum, step) => sum + callsPerRequest(step, subject), 0);
  const count = (which: 'limited' | 'paced', name: string): number => fold(group, ({ steps: results }) => results[name]?.[which] ?? 0) ?? 0;
  const total = (which: 'limited' | 'paced'): number => steps.reduce((sum, { name }) => sum + count(which, name), 0);
  const most = steps.toSorted((a, b) => count('limited', b.name) - count('limited', a.name))[0]!;
  const capacity = rate / perRequest;
  const numbers = {
    rate, perRequest, capacity, demand: demandOf(group, scenario), knee: (capacity * replyCycle(group, scenario)) / 1000,
    refused: limit === 'service' ? total('limited') : 0,
    held: limit === 'step' ? total('paced') : 0,
  };
  return { kind: 'rate-limit', architecture, load, numbers, names: { step: most.name, service: most.call, limit } };
}
