import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import { headsOfKinds, splitKind, withKinds } from '../../src/measurement/kind-trials.js';
import { foldSamples } from '../../src/measurement/outcomes.js';
import { decodeSamples } from '../../src/measurement/samples.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parseThreshold, withKindNames } from '../../src/verdict/thresholds.js';
import { parse } from '../scenarios/support.js';

const SHOP = parse(`services: { users: 10ms, catalog: { latency: 30ms, workers: 2 }, payment: { latency: 100ms, errors: 10% }, mail: 50ms }
transactions:
  search: { weight: 80%, steps: [users!, catalog!] }
  book: { weight: 20%, steps: [users!, payment!, mail] }
load: { users: [20], duration: 3s }
`);
const [plan] = planTrials(SHOP, [subjectOf(SHOP, 'hybrid')!], 1).trials;
const trial = simulateTrial(plan!);
const [, search, book] = withKinds([trial]);

describe('kinds as trials of their own', () => {
  it('stand behind their trial, with the figures of their own requests', () => {
    expect([search, book].map((one) => one?.architecture)).toEqual(['hybrid[search]', 'hybrid[book]']);
    for (const [one, kind] of [[search, 'search'], [book, 'book']] as const) {
      if (one?.state !== 'simulated') throw new Error('Expected a trial');
      const { outcomes, failureRate, throughput, responseTime } = foldSamples(decodeSamples(one.samples), 3);
      const told = trial.kinds![kind]!;
      expect({ outcomes, failureRate, throughput }).toEqual({ outcomes: told.outcomes, failureRate: told.failureRate, throughput: told.throughput });
      expect(responseTime.p95).toBeCloseTo(told.responseTime.p95!, 3);
      expect([one.completionTime, one.events]).toEqual([told.completionTime, null]);
    }
  });

  it('come to the whole together', () => {
    const { search: some, book: others } = trial.kinds!;
    expect(some!.outcomes.sent + others!.outcomes.sent).toBe(trial.outcomes.sent);
    expect(some!.failedLater + others!.failedLater).toBe(trial.failedLater);
    expect(some!.orphaned + others!.orphaned).toBe(trial.orphaned);
    expect([some!.failureRate, others!.failureRate > 0]).toEqual([0, true]);
  });

  it('have the attempts of their own requests, and none where each of these was sent once', () => {
    const load = { ...SHOP.load, retries: { attempts: 3, backoff: 100, on: ['http5xx' as const] } };
    const [again] = planTrials({ ...SHOP, load }, [subjectOf(SHOP, 'hybrid')!], 1).trials.map((one) => simulateTrial(one));
    const [whole, searched, booked] = withKinds([again!]).map((one) => ('outcomes' in one ? { attempts: one.attempts, repeated: one.repeatedEffects, sent: one.outcomes.sent } : null));
    // Only a payment fails.
    expect(searched).toMatchObject({ attempts: undefined, repeated: undefined });
    expect(booked!.attempts).toBeGreaterThan(booked!.sent);
    expect(booked!.attempts! + searched!.sent).toBe(whole!.attempts);
    expect(booked!.repeated).toBe(whole!.repeated);
  });

  it('are planned for what is arranged, and not for servers of one\'s own', () => {
    const heads = headsOfKinds([plan!, { ...plan!, architecture: 'mine', base: null }], ['search', 'book']);
    expect(heads.map(({ architecture }) => architecture)).toEqual(['hybrid', 'hybrid[search]', 'hybrid[book]', 'mine']);
    expect([splitKind('hybrid[book]'), splitKind('hybrid')]).toEqual([{ subject: 'hybrid', kind: 'book' }, { subject: 'hybrid', kind: null }]);
  });
});

describe('a threshold on a kind', () => {
  const subjects = withKindNames(['sync', 'hybrid'], SHOP.kinds);
  const parsed = (text: string) => parseThreshold(text, { subjects });

  it.each([
    ['hybrid[book]: p95 < 400ms', { subject: 'hybrid[book]', against: null, load: null }],
    ['hybrid[book]@20: failure_rate < 1%', { subject: 'hybrid[book]', against: null, load: 20 }],
    ['sync[book]/hybrid[book]@20: completion_p95 > 1.2', { subject: 'sync[book]', against: 'hybrid[book]', load: 20 }],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toMatchObject(expected);
  });

  it.each([
    ['hybrid[book]: lag_p95 < 1s', 'lag_p95 is known of all kinds of request together'],
    ['abort: hybrid[book]: p95 < 1s', 'abort looks at all kinds of request together'],
    ['hybrid[bok]: p95 < 1s', 'Did you mean "hybrid[book]"?'],
  ])('refuses %s', (text, message) => {
    expect(() => parsed(text)).toThrow(message);
  });
});
