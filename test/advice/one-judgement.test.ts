/** `bench`, `simulate` and `advise` judge by one function: on no built-in scenario do they contradict each other. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/advice/decision.js';
import type { Option } from '../../src/advice/option.js';
import { canGoOn } from '../../src/cli/virtual-load.js';
import { findings } from '../../src/advice/findings.js';
import { planTrials } from '../../src/experiment/plan.js';
import { isOf } from '../../src/measurement/finding.js';
import type { Finding, MeasuredTrial } from '../../src/measurement/record.js';
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

const SUBJECTS = ['sync', 'parallel', 'hybrid'];

function trialsOf(scenario: Scenario, subjects: readonly string[]): MeasuredTrial[] {
  return planTrials(scenario, subjects.map((name) => subjectOf(scenario, name)!), 1).trials.map((plan) => simulateTrial(plan));
}

function foundIn(scenario: Scenario, subjects: readonly string[]): Finding[] {
  return findings(trialsOf(scenario, subjects), scenario);
}

/** Of a consumer with a service of its own, the workers that a run says would keep up and those that it is advised where as much has moved and no request fails. */
function workersApart(found: readonly Finding[], options: readonly Option[]): string[] {
  return found.flatMap((one) => {
    if (!isOf(one, 'backlog-grows') || one.architecture !== 'hybrid' || one.names.shared !== undefined) return [];
    const { load, names: { consumer }, numbers: { workersNeeded } } = one;
    const most = Math.max(...options.map(({ moved }) => moved.length));
    return options.filter(({ moved }) => moved.length === most).flatMap(({ workers, loads }) => {
      const i = loads.findIndex((outlook) => JSON.stringify(outlook.load) === JSON.stringify(load));
      const advised = workers.find((its) => its.consumer === consumer)?.needs[i];
      if (advised == null || workersNeeded === undefined || loads.some(({ failureRate }) => failureRate > 0) || Math.abs(advised - workersNeeded) <= Math.max(1, 0.02 * workersNeeded)) return [];
      return [`${consumer}: ${workersNeeded} would keep up, and ${advised} are advised`];
    });
  });
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

const NAMES_OF_ANY = ['pay', 'stock', 'mail', 'audit'];

/** Chains at a rate, evenly: nothing is left to chance, so that two commands that look for different times see the same. */
const anyChain = fc
  .record({
    links: fc.array(
      fc.record({
        latency: fc.integer({ min: 10, max: 900 }).map((ms) => `${ms}ms`),
        workers: fc.constantFrom(2, 5, 10, 30, 200),
        critical: fc.boolean(),
        follows: fc.boolean(),
        timeout: fc.constantFrom('3s', '1m', '400ms'),
      }),
      { minLength: 2, maxLength: 4 },
    ),
    rate: fc.uniqueArray(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 2 }),
    messages: fc.constantFrom(1, 1, 4),
    more: fc.boolean(),
  })
  .map(({ links, rate, messages, more }) => ({
    services: { ...Object.fromEntries(links.map(({ latency, workers }, i) => [NAMES_OF_ANY[i], { latency, workers }])), ...(more ? { feed: { latency: '300ms', workers: 6 } } : {}) },
    steps: links.map(({ critical, follows, timeout }, i) => {
      const before = links[i - 1];
      return { call: NAMES_OF_ANY[i], critical, timeout, after: follows && before && (!critical || before.critical) ? [NAMES_OF_ANY[i - 1]] : [] };
    }),
    event: { messages, ...(more ? { consumers: { feed: {} } } : {}) },
    load: { rate, duration: '60s', timeout: '70s', drain: '10s' },
  }))
  .map((file) => scenarioOf(JSON.stringify(file)));

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

  it('is one on arbitrary chains, and the same once the record was written and read', async () => {
    await fc.assert(
      fc.asyncProperty(anyChain, async (scenario) => {
        const found = foundIn(scenario, SUBJECTS);
        const { decision, options } = await adviceFor(scenario);
        expect([...contradictions(scenario, found, decision, options[0]!), ...workersApart(found, options)]).toEqual([]);
        const written = JSON.parse(JSON.stringify(trialsOf(scenario, SUBJECTS))) as MeasuredTrial[];
        expect(findings(written, scenario)).toEqual(found);
      }),
      { numRuns: cases(8) },
    );
  }, 1_800_000);

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
