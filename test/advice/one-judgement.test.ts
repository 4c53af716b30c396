/** `bench`, `simulate` and `advise` judge by one function: on no built-in scenario do they contradict each other. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/advice/decision.js';
import type { Option } from '../../src/advice/option.js';
import { canGoOn } from '../../src/cli/virtual-load.js';
import { findings } from '../../src/advice/findings.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { Finding } from '../../src/measurement/record.js';
import { ARCHITECTURES, publishesEvents, type Architecture } from '../../src/scenarios/architectures.js';
import { builtInEntry, builtInNames } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { cases } from '../support/properties.js';
import { adviceFor, scenarioOf } from './advice-for.js';

const LONG = 20_000;

/** Under its highest load alone, where most is at stake, for as long as p95 needs to be known. */
function short(scenario: Scenario): Scenario {
  const { load } = scenario;
  const duration = canGoOn(scenario, {}) ? Math.max(load.duration, LONG) : load.duration;
  return { ...scenario, load: { ...load, duration, users: load.users.slice(-1), rates: load.rates.slice(-1), rounds: 1 } };
}

function foundIn(scenario: Scenario, subjects: readonly string[]): Finding[] {
  const trials = planTrials(scenario, subjects.map((name) => subjectOf(scenario, name)!), 1).trials.map((plan) => simulateTrial(plan));
  return findings(trials, scenario);
}

const isEventSide = (name: string): boolean => ARCHITECTURES.includes(name as Architecture) && publishesEvents(name as Architecture);

/** What one says and the other denies. */
function contradictions({ load }: Scenario, found: readonly Finding[], decision: Decision, stay: Option): string[] {
  const says = (kind: string): boolean => found.some((one) => one.kind === kind);
  const eventsGain = found.some(({ kind, architecture }) => (kind === 'faster' || kind === 'more-reliable') && isEventSide(architecture));
  const moves = decision.kind === 'move' || decision.kind === 'buy-workers';
  const best = found.find(({ kind }) => kind === 'meets-goals');
  const rules: [string, boolean][] = [
    ['events are quicker, nothing has to change, and nobody says why', decision.kind === 'stay' && decision.missed.length === 0 && eventsGain && !says('within-goals')],
    ['stay, and move', moves && says('stay-with-requests')],
    ['in parallel is enough, and move', moves && says('parallel-wins')],
    ['within the goals, and move', moves && says('within-goals')],
    ['the chain as it is meets the goals, and misses them', stay.missed.length === 0 && says('meets-goals')],
    // At a rate; users who are answered sooner send more.
    ['what was run meets the goals, and nothing does', best !== undefined && load.rates.length > 0 && (decision.missed.length > 0 || decision.kind === 'stay')],
    ['in parallel meets the goals, and more is advised', best?.architecture === 'parallel' && load.rates.length > 0 && moves],
  ];
  return rules.filter(([, holds]) => holds).map(([what]) => what);
}

/** These take as long as all others together: with `FC_RUNS` they are looked at too. */
const isLong = (name: string): boolean => name === 'client-case' || name === 'flash-sale' || builtInEntry(name)?.group === 'chains';
const NAMES = builtInNames().filter((name) => !isLong(name) || cases(1) > 1);

describe('one judgement', () => {
  it.each(NAMES)('%s', async (name) => {
    const scenario = short(scenarioOf(name));
    const found = foundIn(scenario, ['sync', 'parallel', 'hybrid']);
    const { decision, options } = await adviceFor(scenario);
    expect(contradictions(scenario, found, decision, options[0]!)).toEqual([]);
  });

  it('calls nothing enough that advise would not choose', async () => {
    // In parallel as quick as with events, and too slow both.
    const scenario = scenarioOf(`
services: { pay: 600ms, quote: 700ms, mail: 500ms }
steps: [pay!, { call: quote, critical: true, after: [] }, { call: mail, after: [] }]
load: { rate: 10 }
`);
    expect(foundIn(scenario, ['sync', 'parallel', 'hybrid']).map(({ kind }) => kind)).toContain('parallel-wins');
    expect((await adviceFor(scenario)).decision.kind).toBe('parallel');
  });

  it('does not say to stay where a few failures are too many', async () => {
    const scenario = scenarioOf(`
services: { pay: 200ms, mail: { latency: 5ms, errors: 3% } }
steps: [pay!, mail]
load: { rate: 50 }
`);
    const found = foundIn(scenario, ['sync', 'hybrid']);
    expect(found.map(({ kind }) => kind)).not.toContain('stay-with-requests');
    expect(found.find(({ kind }) => kind === 'meets-goals')).toMatchObject({ architecture: 'hybrid', names: { than: 'sync', missed: 'failures' } });
    expect((await adviceFor(scenario)).decision).toMatchObject({ kind: 'catch', missed: [] });
  });
});
