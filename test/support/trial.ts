/** Made-up measured trials: simulated ones, told as a record tells measured ones. */
import { planTrials } from '../../src/experiment/plan.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';

export interface TrialShape {
  scenario: Scenario;
  architecture: 'sync' | 'hybrid';
  users: number;
  round?: number;
  seed?: number;
}

/** A trial as virtual time has it, with the processes that would have run it. */
export function trialOf({ scenario, architecture, users, round = 1, seed = 1 }: TrialShape): MeasuredTrial {
  const subject = subjectOf(scenario, architecture) as Subject;
  const load = { ...scenario.load, users: [users], rates: [], stages: [], rounds: round };
  // The one of the last round: rounds differ by nothing else.
  const plan = planTrials({ ...scenario, load }, [subject], seed).trials.at(-1);
  if (!plan) throw new Error('Expected a trial, got none');
  const trial = simulateTrial({ ...plan, subject });
  return {
    ...trial,
    state: 'measured',
    window: { ...trial.window, startedAt: '2026-03-01T09:00:00.000Z' },
    processes: Object.fromEntries(['load', 'services', 'server'].map((name) => [name, usage(users)])),
  };
}

function usage(users: number): MeasuredTrial['processes'][string] {
  return {
    eventLoop: Math.min(0.9, 0.03 + users / 1500),
    delayP99: 1.2,
    cpu: 900 + users * 9,
    elapsed: 14_000,
    rss: 9e7,
  };
}
