/**
 * The proof that the live core and the simulation are the same: every built-in scenario under every architecture and kind of
 * load, run by both in virtual time, and equal in every figure. CONTRIBUTING.md tells what to do when
 * they part.
 */
import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import { builtIn, builtInNames } from '../../src/scenarios/library/library.js';
import type { Load } from '../../src/scenarios/load.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectNames, subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { cases } from '../support/properties.js';

/** Two loads of each kind: one that a chain carries easily, and one that is too much for most. */
const LOADS: Record<string, Partial<Load>> = {
  users: { users: [3, 40], rates: [], stages: [] },
  rates: { users: [], rates: [10, 60], stages: [] },
  'chance arrivals': { users: [], rates: [25], arrivals: 'poisson', stages: [] },
  'stages of users': { users: [2], rates: [], stages: [{ duration: 300, target: 30 }, { duration: 200, target: 0 }] },
  'stages of rates': { users: [], rates: [5], stages: [{ duration: 250, target: 80 }, { duration: 250, target: 10 }] },
};

function scenarioOf(name: string): Scenario {
  const scenario = builtIn(name);
  if (!scenario) throw new Error(`Expected a scenario ${name}`);
  return scenario;
}

function subjectsOf(scenario: Scenario): Subject[] {
  const subjects = subjectNames(scenario).map((name) => subjectOf(scenario, name));
  return subjects.filter((one) => one !== undefined);
}

/** Trials as they are planned, over a shorter window. */
function trialsOf(scenario: Scenario, load: Partial<Load>): TrialInput[] {
  const short = { ...scenario.load, duration: 400, think: 0, rounds: 1, ...load };
  return planTrials({ ...scenario, load: short }, subjectsOf(scenario), 1).trials.map((trial) => ({
    ...trial,
    warmup: Math.min(trial.warmup, 400),
    drain: Math.min(trial.drain, 500),
    // An answer that waits for nothing must take some time, or users ask for ever at one moment; a shorter one only makes more of the same requests.
    handling: trial.load.model === 'closed' ? 1 : 0,
  }));
}

/**
 * The arbitrary trials try loads in every combination: that a scenario hangs together, one load shows, another one for each scenario in
 * turn. With `FC_RUNS`, all of them.
 */
const loadsOf = (index: number) => Object.entries(LOADS).filter((_, at, { length }) => cases(1) > 1 || at === index % length);

describe.each([...builtInNames().entries()])('built-in scenario %i, %s, is the same, live and simulated,', (index, name) => {
  it.each(loadsOf(index))('under %s', async (_, load) => {
    for (const trial of trialsOf(scenarioOf(name), load)) {
      const parting = differences(await liveTrial(trial), simulateTrial(trial));
      expect(parting, `${trial.architecture}, ${JSON.stringify(trial.load)}`).toEqual([]);
    }
  });
});
