import { describe, expect, it } from 'vitest';
import { simulateTrial } from '../../src/simulation/trial.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { trialOf } from '../simulation/worlds.js';
import { parse } from './support.js';

const SCENARIO = parse(`
services: { cache: 0ms, email: 20ms }
steps:
  - { own: 12ms }
  - cache!
  - { name: render, own: { uniform: [3ms, 5ms] } }
  - email
variants:
  heavier: { architecture: hybrid, steps: { own: { own: 30ms }, render: { call: email } } }
`);

describe('own work', () => {
  it('is a critical step that calls nobody, and is not given up', () => {
    const [own, cache, render] = SCENARIO.steps;
    expect(own).toMatchObject({ name: 'own', critical: true, after: [], timeout: 3_600_000 });
    expect([cache!.after, render!.after]).toEqual([['own'], ['cache']]);
    expect(SCENARIO.services.map(({ name, own: isOwn, workers }) => [name, isOwn, workers])).toEqual([
      ['cache', undefined, 100], ['email', undefined, 100], ['own', true, 'unlimited'], ['render', true, 'unlimited'],
    ]);
  });

  it('is changed by variants, to a call as well', () => {
    const [heavier] = SCENARIO.variants;
    expect(heavier!.services.filter((service) => service.own).map(({ name, latency }) => [name, latency])).toEqual([['own', { kind: 'constant', ms: 30 }]]);
    expect(heavier!.steps.find(({ name }) => name === 'render')!.call).toBe('email');
  });

  it.each(['sync', 'parallel', 'hybrid', 'event-driven', 'heavier'])('takes its time in %s, live and simulated, beside calls that take none', async (name) => {
    const trial = trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 50 }, duration: 1000, timeout: 10_000, drain: 10_000 });
    const result = simulateTrial(trial);
    expect(differences(await liveTrial(trial), result)).toEqual([]);
    expect(result.steps.own!.serviceTime.p50).toBeCloseTo(name === 'heavier' ? 30 : 12, 6);
    expect(result.steps.cache!.serviceTime.max).toBe(0);
  });

  it('is nothing that a failed request leaves behind, unless it says so', async () => {
    const orphanedOf = async (own: string): Promise<number[]> => {
      const scenario = parse(`services: { pay: { latency: 20ms, errors: 50% } }\nsteps: [${own}, pay!]`);
      const trial = trialOf(subjectOf(scenario, 'sync')!, { load: { model: 'open', rate: 50 }, duration: 1000, timeout: 10_000, drain: 10_000 });
      return [(await liveTrial(trial)).orphaned, simulateTrial(trial).orphaned];
    };
    expect(await orphanedOf('{ own: 12ms }')).toEqual([0, 0]);
    const [live, simulated] = await orphanedOf('{ own: 12ms, effect: true }');
    expect(live).toBeGreaterThan(10);
    expect(simulated).toBe(live);
  });

  it.each([
    ['{ own: 12ms, call: a }', 'my.yaml:2:9: steps.0: expected either a call of a service or own work, such as own: 12ms'],
    ['{ critical: true }', 'my.yaml:2:9: steps.0: expected either a call of a service or own work, such as own: 12ms'],
    ['{ own: 12ms, name: a }', 'my.yaml:2:16: steps.0.own: expected a `name` that no service has, got "a"'],
    ['{ own: 12 }', 'my.yaml:2:16: steps.0.own: expected a duration from 0ms to 10m, such as 300ms or 2s, got 12; did you mean "12s"?'],
  ])('%s is refused with its place', (written, message) => {
    expect(() => parse(`services: { a: 1ms }\nsteps: [${written}, a]`)).toThrow(message);
  });
});
