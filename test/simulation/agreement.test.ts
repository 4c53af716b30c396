import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import { builtIn, builtInNames } from '../../src/scenarios/library/library.js';
import { subjectNames, subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';

/** Trials of a built-in scenario as they are planned, short. */
function trialsOf(name: string): TrialInput[] {
  const scenario = builtIn(name);
  if (!scenario) throw new Error(`Expected a scenario ${name}`);
  const subjects = subjectNames(scenario).map((one) => subjectOf(scenario, one)).filter((one): one is Subject => one !== undefined);
  const load = { ...scenario.load, duration: Math.min(scenario.load.duration, 1500), rounds: 1 };
  return planTrials({ ...scenario, load }, subjects, 1).trials.map((trial) => ({ ...trial, handling: trial.subject.architecture === 'event-driven' ? 0.15 : 0 }));
}

describe.each(builtInNames())('the built-in scenario %s', (name) => {
  it.each(trialsOf(name).map((trial) => [`${trial.architecture} ${JSON.stringify(trial.load)}`, trial] as const))('%s', async (_, trial) => {
    const began = performance.now();
    const live = await liveTrial(trial);
    const middle = performance.now();
    const simulated = simulateTrial(trial);
    console.log(name, trial.architecture, JSON.stringify(trial.load), live.outcomes.sent, (middle - began).toFixed(0), (performance.now() - middle).toFixed(0));
    expect(differences(live, simulated)).toEqual([]);
  });
});
