/** What the model is asked: one user alone where it knows everything, and where the limit lies. */
import { describe, expect, it } from 'vitest';
import { CapacitySearch } from '../../src/experiment/search.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import type { Endpoint } from '../../src/scenarios/target.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { predict } from '../../src/simulation/prediction.js';
import { simulateTrial } from '../../src/simulation/trial.js';

/** Trials in virtual time. */
const virtual: RunTrial = async (plan) => simulateTrial({ ...plan, subject: plan.subject as Subject });

/** One service of 20 workers: 50 a second. @returns what was run, and what was heard of one user alone */
async function searched(service: string, unloadedModel: RunTrial | undefined, endpoint?: Endpoint) {
  const scenario = parseScenario(`services: { email: ${service} }\nsteps: [email!]`, { file: 'shop.yaml' });
  const plain = subjectOf(scenario, 'sync')!;
  const subject = endpoint ? { ...plain, services: plain.services.map((one) => ({ ...one, endpoint })) } : plain;
  const run: number[] = [];
  const alone: unknown[] = [];
  const search = new CapacitySearch(
    { ...scenario, load: { ...scenario.load, duration: 5000, until: null, drain: 0 } },
    1,
    {
      runTrial: (plan, ...rest) => {
        run.push(plan.load.model === 'closed' ? plan.load.users : plan.load.rate);
        return virtual(plan, ...rest);
      },
      predict: (input) => predict(input, async (one) => simulateTrial(one)),
      ...(unloadedModel && { unloadedModel }),
    },
    new AbortController().signal,
    { unloaded: (_, p95, isPredicted) => void alone.push({ p95, isPredicted }), probed: () => {} },
  );
  const terms = { model: 'closed', range: { from: 10, most: 100, precision: 0.03 }, p95: { times: 2 }, failures: 0.01 } as const;
  return { answer: await search.answer(subject, terms), run, alone, trials: search.trials };
}

const SIMULATED = '{ latency: 400ms, workers: 20 }';

describe('one user alone', () => {
  it('is asked of the model where that knows the services and the machine, and no trial is run for it', async () => {
    const { answer, run, alone, trials } = await searched(SIMULATED, virtual);
    expect(run).not.toContain(1);
    expect(alone).toEqual([{ p95: 400, isPredicted: true }]);
    expect(trials).toHaveLength(answer.probes.length);
    expect(answer).toMatchObject({ unloaded: 400, end: 'limit', limit: 'p95' });
  });

  it('is answered with what the machine adds', async () => {
    const slower: RunTrial = async (plan) => simulateTrial({ ...plan, subject: plan.subject as Subject, machine: { reply: [2], call: [1], publish: [], delivery: [], rate: 100 } });
    const { alone } = await searched(SIMULATED, slower);
    expect(alone).toEqual([{ p95: 403, isPredicted: true }]);
  });

  it.each([
    ['the machine is not known', undefined, undefined],
    ['a service is real', virtual, { url: 'http://127.0.0.1:1' } as Endpoint],
  ])('is measured where %s', async (_, model, endpoint) => {
    const { answer, run, alone, trials } = await searched(SIMULATED, model, endpoint);
    expect(run[0]).toBe(1);
    expect(alone).toEqual([{ p95: 400, isPredicted: false }]);
    expect(trials).toHaveLength(1 + answer.probes.length);
  });

  it('says so where nobody is answered', async () => {
    await expect(searched('{ latency: 400ms, workers: 20, errors: 100% }', virtual)).rejects.toThrow(/gave one user alone no good answer/);
  });
});

describe('where the model says that the limit lies', () => {
  it('is where a backlog grows by little, of which a probe by itself could not be sure', async () => {
    // 50 a second at a consumer of 3 s, whose 26 users come in waves: 52 a second are 4 % too many.
    const scenario = parseScenario('services: { pay: 500ms, email: { latency: 3s, workers: 150 } }\nsteps: [pay!, email]', { file: 'slow.yaml' });
    const probes: number[] = [];
    const search = new CapacitySearch(
      { ...scenario, load: { ...scenario.load, duration: 5000, until: null, drain: 0, timeout: 10_000 } },
      1,
      { runTrial: virtual, model: virtual, unloadedModel: virtual, predict: (input) => predict(input, async (one) => simulateTrial(one)) },
      new AbortController().signal,
      { unloaded: () => {}, probed: (_, { load }) => void probes.push(load.model === 'closed' ? load.users : 0) },
    );
    const answer = await search.answer(subjectOf(scenario, 'hybrid')!, { model: 'closed', range: { from: 10, most: 100, precision: 0.03 }, p95: { times: 2 }, failures: 0.01 });
    expect(probes).toEqual([25, 26]);
    expect(answer).toMatchObject({ most: 25, beyond: 26, limit: 'backlogGrowth', step: 'email' });
  });
});
