/** Advice of a scenario, computed in this thread. */
import { findings } from '../../src/advice/findings.js';
import { DEFAULT_GOALS, type Goals } from '../../src/advice/goals.js';
import { advise, type Advice } from '../../src/advice/advise.js';
import { loadsOf, planTrials, trialPlanner } from '../../src/experiment/plan.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { sentences } from '../../src/report/sentences.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { asItIs, subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { ofAnyKind, type AnyFinding } from '../support/findings.js';
import { simulate } from '../support/simulations.js';

/** @param text name of a built-in scenario, or a scenario */
export function scenarioOf(text: string): Scenario {
  return builtIn(text) ?? parseScenario(text, { file: 'shop.yaml', readFile: () => '' });
}

/** A search takes seconds, and is the same every time. */
const given = new Map<string, Promise<Advice>>();

/** @param asked goals that somebody named */
export function adviceFor(scenario: Scenario | string, asked: Partial<Goals> = {}): Promise<Advice> {
  const key = JSON.stringify([scenario, asked]);
  const advice = given.get(key) ?? searched(scenario, asked);
  given.set(key, advice);
  return advice;
}

function searched(scenario: Scenario | string, asked: Partial<Goals>): Promise<Advice> {
  const known = typeof scenario === 'string' ? scenarioOf(scenario) : scenario;
  const world = asItIs(known);
  if (!world) throw new Error('Expected a scenario with steps');
  const goals = { ...DEFAULT_GOALS, ...asked };
  const plan = trialPlanner(known, goals.within, 1);
  return advise(world, { loads: loadsOf(known.load), plan, simulate, goals, isAsked: Object.keys(asked).length > 0 });
}

/** What a bench in virtual time finds, and says. */
export function benchOf(scenario: Scenario, ...names: string[]): { found: AnyFinding[]; trials: MeasuredTrial[]; said: string[] } {
  const subjects = names.map((name) => subjectOf(scenario, name)!);
  const trials = planTrials(scenario, subjects, 1).trials.map((plan) => simulateTrial(plan));
  const found = findings(trials, scenario);
  return { found: ofAnyKind(found), trials, said: sentences(found) };
}
