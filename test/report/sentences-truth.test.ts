/** Every sentence of a report is true of its record, by an implementation of its own (`truth.ts`). */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { planTrials } from '../../src/experiment/plan.js';
import { nextSentences } from '../../src/report/next-steps.js';
import { MOST_WORDS, sentences } from '../../src/report/sentences.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { cases } from '../support/properties.js';
import { Truth } from './truth.js';

/** Thousands of records, where they are asked for, on a busy machine, ms. */
const TOLD_WITHIN = 600_000;

const NAMES = ['pay', 'stock', 'mail', 'audit'];

const service = fc.record({
  latency: fc.oneof(fc.integer({ min: 2, max: 60 }).map((ms) => `${ms}ms`), fc.integer({ min: 2, max: 40 }).map((ms) => ({ exponential: `${ms}ms` }))),
  workers: fc.constantFrom<unknown>(1, 2, 4, 8, 100, { min: 0, max: 4, start: '300ms', target: 1 }, { min: 1, max: 8, start: '100ms', idle: '200ms' }),
  errors: fc.constantFrom(0, 0, 0, '2%', '30%'),
  queue: fc.constantFrom('unlimited', 'unlimited', 3),
});

const step = fc.record({
  critical: fc.boolean(),
  share: fc.constantFrom(1, 1, '15%', '60%'),
  shared: fc.boolean(),
  timeout: fc.constantFrom('3s', '3s', '40ms', '10ms'),
  retries: fc.constantFrom({ attempts: 1 }, { attempts: 1 }, { attempts: 3, backoff: '5ms' }),
});

const levels = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 2 }).map((users) => ({ users, think: '100ms' })),
  fc.uniqueArray(fc.integer({ min: 20, max: 150 }), { minLength: 1, maxLength: 2 }).map((rate) => ({ rate })),
);

const scenario = fc
  .record({ steps: fc.array(fc.tuple(service, step), { minLength: 1, maxLength: 4 }), load: levels, messages: fc.constantFrom(1, 1, 2), again: fc.constantFrom<unknown>(undefined, undefined, { attempts: 3, backoff: '20ms' }, { attempts: 2, backoff: '300ms', on: 'timeout' }), subjects: fc.subarray(['parallel', 'hybrid', 'event-driven'], { minLength: 1 }) })
  .map(({ steps, load, messages, again, subjects }) => ({
    services: Object.fromEntries(steps.map(([about], i) => [NAMES[i], about])),
    // A service may be called by a step of its own and by the next one.
    steps: steps.map(([, { shared, ...about }], i) => ({ name: `s${i}`, call: NAMES[shared && i > 0 ? i - 1 : i], ...about })),
    event: { messages },
    load: { ...load, duration: '2s', warmup: '500ms', drain: '2s', timeout: '1s', retries: again },
    subjects: ['sync', ...subjects],
  }))
  .map((file) => parseScenario(JSON.stringify(file), { file: 'any.json' }));

describe('every sentence', () => {
  it('is true of the record, recomputed from its samples and counts, and so is what to do next, in 40 words at most', () => {
    fc.assert(
      fc.property(scenario, (any) => {
        const trials = planTrials(any, any.subjects.map((name) => subjectOf(any, name)!), 1).trials.map((plan) => simulateTrial(plan));
        const truth = new Truth(trials, any);
        const found = findings(trials, any);
        const told = sentences(found);
        expect(told.flatMap((sentence) => truth.liesOf(sentence))).toEqual([]);
        const next = nextSentences({ trials, advice: found, checks: [], comparisons: [] });
        expect(next.flatMap((sentence) => truth.liesOfNext(sentence))).toEqual([]);
        expect([...told, ...next].flatMap((text) => text.split('. ')).filter((sentence) => sentence.split(' ').length > MOST_WORDS)).toEqual([]);
      }),
      { numRuns: cases(100) },
    );
  }, TOLD_WITHIN);

  it('would be found out if it were not', () => {
    const any = fc.sample(scenario, { numRuns: 1, seed: 3 })[0]!;
    const trials = planTrials(any, any.subjects.map((name) => subjectOf(any, name)!), 1).trials.map((plan) => simulateTrial(plan));
    const [trial] = trials;
    const load = trial!.load.model === 'closed' ? `${trial!.load.users} users` : `${trial!.load.rate} requests/s`;
    const truth = new Truth(trials, any);
    expect(truth.liesOf(`${any.subjects[1]} answers faster than sync: 777 times at ${load} (1.0 ms against 777 ms).`)).not.toEqual([]);
    expect(truth.liesOf('And they lived happily ever after.')).toEqual(['cannot be read: And they lived happily ever after']);
  });
});
