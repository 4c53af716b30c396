/** Every sentence of `advise` is true of its options and its scenario, by an implementation of its own (`advice-truth.ts`). */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdviceDocument } from '../../../src/advice/document.js';
import { DEFAULT_GOALS } from '../../../src/advice/goals.js';
import { advise } from '../../../src/advice/advise.js';
import { loadsOf, trialPlanner } from '../../../src/experiment/plan.js';
import { basisSentence, consequences, decisionSentence, followedSentence, loopSentences, paragraph, sensitivitySentence } from '../../../src/report/advice/words.js';
import { caseSentence } from '../../../src/report/advice/cases.js';
import { nounOfRequest } from '../../../src/scenarios/noun.js';
import { parseScenario } from '../../../src/scenarios/parse.js';
import type { Scenario } from '../../../src/scenarios/scenario.js';
import { asItIs } from '../../../src/scenarios/subject.js';
import type { Simulate } from '../../../src/simulation/simulate.js';
import { simulateTrial } from '../../../src/simulation/trial.js';
import { cases } from '../../support/properties.js';
import { AdviceTruth } from './advice-truth.js';

/** A thousand of them, where they are asked for, on a busy machine, ms. */
const TOLD_WITHIN = 1_800_000;
/** What is said has to be true of what was seen, however little that was: windows are cut short, ms. */
const SHORT = 3000;

const NAMES = ['pay', 'stock', 'mail', 'audit'];

const link = fc.record({
  latency: fc.oneof(fc.integer({ min: 5, max: 800 }).map((ms) => `${ms}ms`), fc.integer({ min: 5, max: 400 }).map((ms) => ({ exponential: `${ms}ms` }))),
  workers: fc.constantFrom<unknown>(1, 3, 8, 20, 200, { max: 4, start: '200ms' }, { min: 0, max: 30, start: '50ms', target: 1 }),
  errors: fc.constantFrom(0, 0, 0, '2%', '10%'),
  critical: fc.boolean(),
  follows: fc.boolean(),
  timeout: fc.constantFrom('3s', '500ms', '1m'),
  times: fc.constantFrom(1, 1, 1, 1, 4),
});

const load = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 3, max: 40 }), { minLength: 1, maxLength: 2 }).map((rate) => ({ rate })),
  fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 2 }).map((users) => ({ users, think: '500ms' })),
  fc.integer({ min: 10, max: 60 }).map((peak) => ({ rate: 5, stages: [`1s:${peak}`, `1s:${peak}`, '1s:5'] })),
);

const scenarios = fc
  .record({ links: fc.array(link, { minLength: 1, maxLength: 4 }), load, messages: fc.constantFrom(1, 1, 3), feed: fc.boolean(), noun: fc.constantFrom('order', 'login') })
  .map(({ links, load: { ...wanted }, messages, feed, noun }) => ({
    noun,
    services: { ...Object.fromEntries(links.map(({ latency, workers, errors }, i) => [NAMES[i], { latency, workers, errors }])), ...(feed ? { feed: { latency: '100ms', workers: 4 } } : {}) },
    steps: links.map(({ critical, follows, timeout, times }, i) => {
      const before = links[i - 1];
      return { call: NAMES[i], critical, timeout, ...(times > 1 ? { times } : {}), ...(follows && before && (!critical || before.critical) ? { after: [NAMES[i - 1]] } : {}) };
    }),
    event: { messages, ...(feed ? { consumers: { feed: {} } } : {}) },
    load: { ...wanted, ...('stages' in wanted ? {} : { duration: '2s' }), warmup: '0s' },
  }))
  .map((file) => parseScenario(JSON.stringify(file), { file: 'any.json' }));

const simulate: Simulate = async (input) => simulateTrial({ ...input, duration: Math.min(input.duration, SHORT), drain: Math.min(input.drain, SHORT) });

async function adviceOn(scenario: Scenario): Promise<AdviceDocument> {
  const loads = loadsOf(scenario.load);
  const advice = await advise(asItIs(scenario)!, { loads, plan: trialPlanner(scenario, DEFAULT_GOALS.within, 1), simulate, goals: DEFAULT_GOALS });
  const { duration: window, until } = scenario.load;
  return {
    adviceVersion: 3,
    state: 'simulated',
    tool: { name: 'sync-vs-events', version: '0.1.0' },
    command: ['advise'],
    startedAt: '',
    scenario: { name: scenario.name, title: scenario.title, noun: nounOfRequest(scenario) },
    seed: 1,
    loads,
    goals: { ...DEFAULT_GOALS, asked: [] },
    window,
    until,
    measured: null,
    advice,
  };
}

/** Everything that the paragraph says, one sentence at a time, and what it says beside them. */
function sentencesOf(document: AdviceDocument): string[] {
  const { advice } = document;
  const told = [...loopSentences(advice), decisionSentence(advice), ...consequences(document), ...advice.sensitivities.map((one) => sensitivitySentence(one, document)), followedSentence(document), basisSentence(document)];
  const rest = told.reduce((text, sentence) => text.replace(sentence, ''), paragraph(document)).replace(/^For .*? at .*?: /, '').trim();
  const known = advice.cases.filter(({ kind }) => kind === 'moderate-load' || kind === 'simple-work');
  return [...told, ...(rest === '' ? [] : [rest]), ...known.map(caseSentence)];
}

describe('every sentence of advise', () => {
  it('is true of the options, their loads and the scenario, worked out anew', async () => {
    const kinds = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(scenarios, async (any) => {
        const document = await adviceOn(any);
        const { kind } = document.advice.decision;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        const truth = new AdviceTruth(document, any);
        expect(sentencesOf(document).flatMap((sentence) => truth.liesOf(sentence))).toEqual([]);
      }),
      { numRuns: cases(6) },
    );
    expect(kinds.size).toBeGreaterThan(1);
  }, TOLD_WITHIN);

  it('would be found out if it were not', async () => {
    const scenario = parseScenario('services: { pay: 300ms, mail: 900ms }\nsteps: [pay!, mail]\nload: { rate: 20, duration: 2s }\n', { file: 'a.yaml' });
    const document = await adviceOn(scenario);
    const truth = new AdviceTruth(document, scenario);
    const told = decisionSentence(document.advice);
    expect(told).toMatch(/^Move mail first: alone it saves 75\.0%/);
    expect(truth.liesOf(told)).toEqual([]);
    for (const [word, other] of [['mail', 'pay'], ['75.0%', '74.0%'], ['keeps up as it is', 'needs 3 workers'], [/^/, 'Verily, ']] as const) expect(truth.liesOf(told.replace(word, other))).not.toEqual([]);
  });
});
