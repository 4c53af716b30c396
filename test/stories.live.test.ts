/** Every built-in scenario, run for real with the short windows of `--quick`, tells the story it stands for. */
import { describe, expect, it } from 'vitest';
import { findSubjects, withLoad } from '../src/cli/scenario.js';
import { planTrials } from '../src/experiment/plan.js';
import { runPlan } from '../src/experiment/run.js';
import { simulate } from './support/simulations.js';
import { runTrial } from '../src/experiment/trial.js';
import type { Trial } from '../src/measurement/record.js';
import { builtIn, builtInNames } from '../src/scenarios/library/library.js';
import type { Scenario } from '../src/scenarios/scenario.js';
import { contradictions, STORIES } from './scenarios/stories.js';

/**
 * Two cores cannot serve 2,000 users within two seconds of warm-up and window: such a trial is invalid, and says so. What
 * is claimed of it is held against virtual time instead (`scenarios/stories.test.ts`).
 */
const MOST_USERS = 500;

it('is told of every scenario', () => {
  expect(Object.keys(STORIES).toSorted()).toEqual(builtInNames().toSorted());
});

describe.each(Object.entries(STORIES))('%s', (name, all) => {
  const claims = all.filter(({ at }) => at <= MOST_USERS);

  const measured = (): Promise<Trial[]> => {
    const scenario = withLoad(builtIn(name) as Scenario, { quick: true });
    const named = new Set(claims.flatMap(({ subject }) => subject.split('/')));
    const loads = new Set(claims.map(({ at }) => at));
    const { trials: planned, ...plan } = planTrials(scenario, findSubjects(scenario, [...named]), 1);
    const claimed = planned.filter(({ load }) => loads.has(load.model === 'closed' ? load.users : load.rate));
    const listener = { progress: () => {}, finished: () => {} };
    return runPlan({ ...plan, trials: claimed }, { runTrial, simulate }, new AbortController().signal, listener);
  };

  it('is measured, and tells it', { timeout: 240_000 }, async () => {
    let trials = await measured();
    // Two seconds are short: a machine that stalls once in them spoils a story that it does not spoil twice.
    if (contradictions(name, trials, claims).length > 0) trials = await measured();
    expect(trials.map((trial) => ('message' in trial ? trial.message : trial.state))).toEqual(trials.map(() => 'measured'));
    expect(contradictions(name, trials, claims)).toEqual([]);
  });
});
