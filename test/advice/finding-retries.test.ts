/** Clients that multiply the load: how often, from which load on, and what is no multiple. */
import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { isOf } from '../../src/measurement/finding.js';
import type { Found } from '../../src/measurement/finding.js';
import { planTrials } from '../../src/experiment/plan.js';
import { sentences } from '../../src/report/sentences.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';

/** One worker serves 10 a second. */
const LOADED = (rate: string, retries = ', retries: { attempts: 3, backoff: 100ms }'): string => `
services: { payment: { latency: 100ms, workers: 1 }, mail: 20ms }
steps: [payment!, mail]
load: { rate: ${rate}, duration: 30s, warmup: 10s, timeout: 1s${retries} }
`;

function told(text: string): { found: Found<'client-retries'>[]; said: string } {
  const scenario = parseScenario(text, { file: 'any.yaml' });
  const trials = planTrials(scenario, [subjectOf(scenario, 'sync')!], 1).trials.map((plan) => simulateTrial(plan));
  const all = findings(trials, scenario);
  return { found: all.filter((one) => isOf(one, 'client-retries')), said: sentences(all).join(' ') };
}

describe('clients that send again', () => {
  it('multiply the load from where it is more than can be done', () => {
    const { found, said } = told(LOADED('[5, 9, 12, 15]'));
    expect(found.map(({ load }) => load)).toEqual([{ model: 'open', rate: 12 }, { model: 'open', rate: 15 }]);
    for (const { numbers: { attempts, sent, perRequest, share, starts } } of found) {
      expect(starts).toBe(12);
      // Nearly all are sent three times: the queue grows longer than the timeout, and stays.
      expect(perRequest).toBe(attempts / sent);
      expect(perRequest).toBeGreaterThan(2);
      expect(share).toBeCloseTo((attempts - sent) / attempts, 12);
    }
    expect(said).toMatch(/[Rr]etries of the clients multiply the load of sync: \d\.\d attempts a request at 12 requests\/s and \d\.\d attempts a request at 15 requests\/s\b/);
    expect(said).toMatch(/of what it is sent at 15 requests\/s are retries, and it starts at 12 requests\/s\./);
  });

  it('say of no lower load what was not run', () => {
    const { found, said } = told(LOADED('12'));
    expect(found.map(({ numbers: { starts } }) => starts)).toEqual([undefined]);
    expect(said).not.toMatch(/it starts at/);
  });

  it('are no load of their own where hardly anything fails, or where they do not send again', () => {
    expect(told(LOADED('[5, 9]')).found).toEqual([]);
    expect(told(LOADED('15', '')).found).toEqual([]);
  });
});
