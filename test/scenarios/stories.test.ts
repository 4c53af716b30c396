import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import { idealSummary } from '../../src/measurement/ideal.js';
import type { Trial } from '../../src/measurement/record.js';
import { builtIn, builtInNames } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { trialOf } from '../support/trial.js';
import { virtualTrial } from '../support/virtual-trial.js';
import { contradictions, STORIES, type Claim } from './stories.js';

function scenarioOf(name: string): Scenario {
  const scenario = builtIn(name);
  if (!scenario) throw new Error(`no ${name}`);
  return scenario;
}

/** Response time of a subject, or the ratio of two, with nothing waiting. */
function idealOf(scenario: Scenario, { subject }: Claim): number {
  const [first = 0, second = 1] = subject.split('/').map((name) => {
    const found = subjectOf(scenario, name);
    return found ? idealSummary(found, 1).p50 : NaN;
  });
  return first / second;
}

describe('stories', () => {
  it('are told of every scenario of the library', () => {
    expect(Object.keys(STORIES)).toEqual(builtInNames());
  });

  describe.each(Object.entries(STORIES))('%s', (name, claims) => {
    const scenario = scenarioOf(name);
    const loads = [...scenario.load.users, ...scenario.load.rates];

    it('is about what --quick measures', () => {
      for (const { subject, at } of claims) {
        expect([Math.min(...loads), Math.max(...loads)]).toContain(at);
        for (const one of subject.split('/')) expect(scenario.subjects).toContain(one);
      }
    });

    it('expects what it would accept', () => {
      expect(claims.filter(({ expected, least, most }) => expected < least || expected > most)).toEqual([]);
    });

    it('agrees with arithmetic where nothing waits', () => {
      const quiet = claims.filter(({ metric, at }) => metric.name === 'p50' && at === Math.min(...loads));
      for (const claim of quiet) expect(idealOf(scenario, claim) / claim.expected).toBeCloseTo(1, 1);
    });
  });
});

/** Claims that do not rest on what virtual time does not tell apart. */
function virtual(name: string): Claim[] {
  return (STORIES[name] ?? []).filter(({ isLive }) => !isLive);
}

/** Every trial of a scenario, in virtual time. */
function simulated(scenario: Scenario): Promise<Trial[]> {
  const all = scenario.subjects.map((name) => subjectOf(scenario, name));
  const subjects = all.filter((subject) => subject !== undefined);
  return Promise.all(planTrials(scenario, subjects, 1).trials.map((trial) => virtualTrial(trial)));
}

/** The scenario under the load of `--quick`. */
function quick(scenario: Scenario): Scenario {
  const ends = (loads: readonly number[]): number[] =>
    loads.length < 3 ? [...loads] : [Math.min(...loads), Math.max(...loads)];
  const { users, rates } = scenario.load;
  const load = { ...scenario.load, duration: 2000, warmup: 1000, drain: 500, users: ends(users), rates: ends(rates) };
  return { ...scenario, load };
}

describe('in virtual time every story comes true', () => {
  it.each(builtInNames())('%s', async (name) => {
    expect(contradictions(name, await simulated(scenarioOf(name)), virtual(name))).toEqual([]);
  });

  it.each(builtInNames())('%s with --quick', async (name) => {
    expect(contradictions(name, await simulated(quick(scenarioOf(name))), virtual(name))).toEqual([]);
  });
});

describe('contradictions', () => {
  const scenario = scenarioOf('checkout');
  const trial = (architecture: 'sync' | 'hybrid', users: number) => trialOf({ scenario, architecture, users });

  it('finds a claim whose number is missing', () => {
    expect(contradictions('checkout', [])).toHaveLength(STORIES['checkout']?.length ?? 0);
    expect(contradictions('checkout', [])[0]).toBe(
      'checkout: p50 of sync/hybrid at 10: null, expected 2.1 (1.9 to 2.3)',
    );
  });

  it('finds none where the trials bear the claims out, and one where they do not', () => {
    const ratio = (trials: Parameters<typeof contradictions>[1]): boolean =>
      contradictions('checkout', trials).some((line) => line.startsWith('checkout: p50 of sync/hybrid at 10: '));
    expect(ratio([trial('sync', 10), trial('hybrid', 10)])).toBe(false);
    expect(ratio([trial('sync', 10), { ...trial('sync', 10), architecture: 'hybrid' }])).toBe(true);
  });
});
