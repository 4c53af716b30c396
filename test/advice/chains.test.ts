/** Chains as people write them, each with the sentence that was wrong about it: two commands, or a sentence and its table, that denied each other. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { nextSteps } from '../../src/advice/next-steps.js';
import type { Option } from '../../src/advice/option.js';
import { askFairly, sameOrdersFindings } from '../../src/advice/fair-question.js';
import { planTrials, trialPlanner } from '../../src/experiment/plan.js';
import { caseSentence } from '../../src/report/advice/cases.js';
import { decisionSentence } from '../../src/report/advice/words.js';
import { sentences } from '../../src/report/sentences.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { ofAnyKind } from '../support/findings.js';
import { simulate } from '../support/simulations.js';
import { adviceFor, benchOf, scenarioOf } from './advice-for.js';

const optionOf = (options: readonly Option[], moved: string): Option => options.find((one) => one.moved.join(' ') === moved && !one.beside && one.caught.length === 0)!;

describe('what is advised', () => {
  const SIGNUP = `
services:
  captcha: { latency: 100ms, errors: 4%, workers: 100 }
  crm: { latency: 900ms, workers: 15, errors: 2% }
  welcome: { latency: 400ms, workers: 50, errors: 1% }
steps: [captcha!, crm, welcome]
load: { rate: [10, 40] }
`;

  it('has the workers that it takes also where it only comes closest to the goals', async () => {
    const { decision, options, chosen } = await adviceFor(SIGNUP);
    expect(decision).toMatchObject({ kind: 'move', missed: ['failures'], has: 15 });
    // 40 x 96 % x 0.9 s = 34.6 are busy.
    const { workers, loads } = options[chosen]!;
    expect(workers.find(({ consumer }) => consumer === 'crm')?.needs[1]).toBeGreaterThanOrEqual(35);
    expect(loads.flatMap(({ growing }) => growing)).toEqual([]);
    expect(decisionSentence({ decision, options })).toMatch(/at the peak the consumer of crm needs 3\d workers, and has 15/);
  });

  it('lays no failures of a full queue at the door of a service that fails now and then', async () => {
    const { cases, steps } = await adviceFor(SIGNUP);
    const third = cases.find(({ kind }) => kind === 'unreliable-parties');
    const [few, many] = steps.find(({ step }) => step === 'crm')!.loads;
    expect(many!.gain.failuresBefore).toBeGreaterThan(0.9);
    expect(third).toMatchObject({ names: { step: 'crm' }, numbers: { failuresBefore: few!.gain.failuresBefore, failuresAfter: few!.gain.failuresAfter } });
  });

  it('is not called no closer where it fails less and too much all the same', async () => {
    const { decision, options } = await adviceFor(`
services: { accept: 80ms, transcode: { latency: { p50: 2s, p99: 20s }, workers: 400 } }
steps: [accept!, transcode]
event: { consumers: { transcode: { attempts: 2 } } }
load: { rate: 10 }
`);
    const moved = optionOf(options, 'transcode').loads[0]!;
    expect(decision).toMatchObject({ kind: 'stay', because: 'nothing-helps' });
    expect(moved.failedLater).toBeLessThan(options[0]!.loads[0]!.failureRate / 2);
    expect(decisionSentence({ decision, options })).toMatch(/^Stay with requests: whatever was tried, at least 1\d\.\d% of the requests fail, or have work that is never done, although/);
  });

  it('does not say that consumers keep up where no number of workers is enough at one of the loads', async () => {
    const { decision, options, chosen } = await adviceFor(`
services: { list: 100ms, smtp: { latency: 40ms, rate: 100/s } }
steps: [list!, { call: smtp, times: 12, concurrency: 4 }]
event: { consumers: { smtp: { rate: 90/s } } }
load: { rate: [4, 12] }
`);
    // Twelve calls each: 7.5 a second are what 90 calls are enough for.
    expect(options[chosen]!.workers[0]?.needs).toEqual([expect.any(Number), null]);
    expect(decisionSentence({ decision, options })).toMatch(/^Move smtp first: .+; with what there is, its work is not done in time\.$/);
  });

  it('never says of a peak that it is never worked off, and tells the workers of the highest level where it was run', async () => {
    const payday = scenarioOf(`
services: { book: 120ms, statement: { latency: 500ms, workers: 20 } }
steps: [book!, { call: statement, timeout: 10m }]
load: { rate: 30, stages: [5s:100, 120s:100, 5s:30, 30s:30] }
`);
    const { decision, options } = await adviceFor(payday);
    expect(decision).toMatchObject({ kind: 'buy-workers', has: 20 });
    expect(decisionSentence({ decision, options })).toContain('its work would not be done in time: its consumer needs');
    const { found } = benchOf(payday, 'hybrid');
    // 100 x 0.5 s are busy while it lasts.
    expect(found.find(({ kind }) => kind === 'backlog-grows')?.numbers).toMatchObject({ workersNeeded: 51, workers: 20 });
  });

  it('says of every step that it moves that it can move', async () => {
    const { decision, steps } = await adviceFor(`
services: { store: { latency: 30ms, workers: 10 }, alert: { latency: 2s, workers: 1 } }
steps: [store!, { call: alert, share: 5%, timeout: 20s }]
load: { rate: [2, 40] }
`);
    expect(decision).toMatchObject({ kind: 'move', steps: ['alert'] });
    expect(steps[1]?.verdict).toBe('with-workers');
  });

  it('counts what all ask of a service that they share', async () => {
    const { options, steps } = await adviceFor(`
services: { pay: 900ms, index: { latency: 200ms, workers: 16 } }
steps: [pay!, { name: lookup, call: index, critical: true }, { name: reindex, call: index }]
event: { consumers: { reindex: { workers: 40, timeout: 1m }, suggest: { call: index, workers: 10, timeout: 1m } } }
load: { rate: 40 }
`);
    const { workers, loads } = optionOf(options, 'reindex');
    const bought = workers.reduce((sum, { has, needs }) => sum + Math.max(0, (needs[0] ?? 0) - (has ?? 0)), 0);
    // 3 x 40 x 0.2 s are 24, and 24 would never work off what once waits.
    expect(16 + bought).toBeGreaterThanOrEqual(25);
    expect(loads[0]?.growing).toEqual([]);
    expect(steps[2]?.verdict).not.toBe('too-late');
  });

  it('does not promise more orders than its consumers can do on average', async () => {
    const { sensitivities } = await adviceFor(`
services: { intake: 150ms, ocr: { latency: 1200ms, workers: 80 } }
steps: [intake!, ocr]
load: { rate: 20 }
`);
    const more = sensitivities.find(({ kind }) => kind === 'more-orders');
    // 80 workers of 1.2 s serve 66.7 a second, 3.33 times 20.
    expect(more).toMatchObject({ missed: ['within'] });
    expect(more?.kind === 'more-orders' && more.times).toBeLessThanOrEqual(3.33);
    expect(more?.kind === 'more-orders' && more.times).toBeGreaterThan(3);
  });

  it('puts as many events at risk in its cases as in its bill', async () => {
    const { cases, options, chosen } = await adviceFor('services: { write: { latency: { p50: 150ms, p99: 1500ms } }, push: 1200ms }\nsteps: [write!, push]\nload: { rate: 30 }\n');
    const atRisk = Math.max(...options[chosen]!.loads.map((one) => one.atRisk));
    expect(cases.find(({ kind }) => kind === 'nobody-waits')).toMatchObject({ numbers: { atRisk } });
  });
});

describe('of several that move', () => {
  const VOTES = `
services: { check: 25ms, count: { latency: 60ms, workers: 30 }, thank: { latency: 150ms, workers: 10 } }
steps: [check!, { call: count, timeout: 1m }, { call: thank, timeout: 1m }]
load: { rate: [20, 90] }
`;

  it('the consumer that lacks workers is named, not one that has enough', async () => {
    const { decision, options } = await adviceFor(VOTES);
    // 90 x 0.15 s keep 13.5 busy; 90 x 0.06 s 5.4.
    expect(decision).toMatchObject({ kind: 'move', consumer: 'thank', workers: 14, has: 10 });
    expect(decisionSentence({ decision, options })).toMatch(/; at the peak (its consumer|the consumer of thank) needs 14 workers, and has 10\.$/);
  });

  it('a timeout is only to blame where work is given up for it', async () => {
    expect((await adviceFor(VOTES.replace('thank: { latency: 150ms', 'thank: { latency: { p50: 150ms, p99: 70s }'))).sensitivities.filter(({ kind }) => kind === 'longer-timeout')).toEqual([]);
  });
});

describe('work that is given up before it can be done', () => {
  const FILES = scenarioOf(`
services: { store: 200ms, parse: { latency: 5s, workers: 60 } }
steps: [store!, { call: parse, timeout: 20s }]
event: { messages: 3, consumers: { parse: { timeout: 4s } } }
load: { rate: 6, duration: 60s }
`);

  it('is left for that, and with more patience its workers are still too few', async () => {
    const { steps, sensitivities } = await adviceFor(FILES);
    expect(steps[1]).toMatchObject({ step: 'parse', verdict: 'too-late' });
    expect(sensitivities).toMatchObject([{ kind: 'longer-timeout', step: 'parse', now: 4000, failures: 0, late: true }]);
  });

  it('is done by no number of workers', () => {
    const growing = benchOf(FILES, 'hybrid').found.find(({ kind }) => kind === 'backlog-grows');
    expect(growing?.names.consumer).toBe('parse');
    expect(growing?.numbers).not.toHaveProperty('workersNeeded');
  });
});

describe('calls that are tried again because a service is too busy', () => {
  it('does not lay on the start of workers what all of them are too few for at the peak', () => {
    const filing = (most: number): Scenario => scenarioOf(`
services: { store: 20ms, pdf: { latency: 1s, workers: { min: 2, max: ${most}, start: 4s } } }
steps: [store!, { call: pdf, timeout: 10s }]
load: { rate: 5, stages: ["20s:5", "10s:35", "30s:35", "10s:5", "20s:5"] }
`);
    const blamed = (most: number): string[] => benchOf(filing(most), 'sync').found.map(({ kind }) => kind).filter((kind) => kind === 'cold-starts');
    expect([blamed(30), blamed(60)]).toEqual([[], ['cold-starts']]);
  });

  it('are none that it needs workers for', () => {
    const busy = scenarioOf(`
services: { loyalty: { latency: 180ms, workers: 6 } }
steps: [{ call: loyalty, critical: true, retries: { attempts: 3, backoff: 100ms } }]
load: { rate: [32, 45], duration: 60s }
`);
    const { found, said } = benchOf(busy, 'sync');
    const limits = found.filter(({ kind }) => kind === 'bottleneck');
    // 45 x 0.18 s are 8.1; 32 x 0.18 s are 5.8, and there are 6.
    expect(limits.at(-1)?.numbers).toMatchObject({ workersNeeded: 9, workers: 6 });
    expect(said.join(' ')).toMatch(/the load would take 45 at 45 requests\/s; 9 workers would keep up/);
  });
});

describe('calls that are made at once', () => {
  const ALBUM = scenarioOf(`
services: { save: 90ms, thumb: { latency: 350ms, workers: 40 } }
steps: [save!, { call: thumb, times: 20, concurrency: 4 }]
load: { rate: 15, duration: 60s }
`);

  it('are in the way of the reply for as long as it waits for them', async () => {
    const { cases } = await adviceFor(ALBUM);
    const slow = cases.find((one) => one.kind === 'slow-work')!;
    // Five rounds of 350 ms, beside 90 ms.
    expect(slow.numbers.mean).toBeCloseTo(1750, 6);
    expect(caseSentence(slow)).toBe('Slow work in the way of the reply: thumb takes 1.75 s, 95.1% of the chain.');
  });

  it('are all counted where a service is too busy to make most of them', () => {
    const limit = benchOf(ALBUM, 'sync').found.find(({ kind }) => kind === 'bottleneck');
    expect(limit?.numbers).toMatchObject({ capacity: 40_000 / (20 * 350), workersNeeded: 106 });
  });
});

describe('what a run shows', () => {
  it('does not deny that a peak is worked off in time when nobody has waited for it', async () => {
    const tickets = scenarioOf(`
services: { pay: 250ms, pdf: { latency: 900ms, workers: 40 } }
steps: [pay!, { call: pdf, timeout: 90s }]
load: { rate: 20, stages: [10s:20, 5s:120, 30s:120, 5s:20, 60s:20] }
`);
    expect((await adviceFor(tickets)).decision).toMatchObject({ kind: 'move', workers: null, missed: [] });
    const { found } = benchOf(tickets, 'sync', 'hybrid');
    expect(found.filter(({ kind }) => kind === 'meets-goals' || kind === 'closest-to-goals')).toEqual([]);
  });

  it('names every consumer that lacks workers, before what cannot be done without them', () => {
    const billing = scenarioOf(`
services: { price: 120ms, crm: { latency: 600ms, workers: 8 }, archive: { latency: 1s, workers: 12 } }
steps: [price!, { call: crm, timeout: 1m }]
event: { consumers: { archive: { timeout: 1m } } }
load: { rate: 18, duration: 100s }
`);
    const { trials } = benchOf(billing, 'sync', 'hybrid');
    const steps = nextSteps({ trials, advice: findings(trials, billing), checks: [], comparisons: [] });
    expect(steps).toMatchObject([
      { kind: 'workers', who: 'archive', needed: 19, has: 12 },
      { kind: 'workers', who: 'crm', needed: 11, has: 8 },
      { kind: 'take', architecture: 'hybrid', still: ['within'] },
    ]);
  });

  it('calls what users send by its name, and tells how few of them call a service', async () => {
    const scenario = scenarioOf(`
noun: check-in
services: { store: { latency: 30ms, workers: 10 }, alert: { latency: 2s, workers: 1 } }
steps: [store!, { call: alert, share: 5%, timeout: 20s }]
load: { users: 60, think: 500ms, duration: 60s }
`);
    const { trials, said } = benchOf(scenario, 'sync', 'hybrid');
    const rows = await askFairly(trials, scenario, { plan: trialPlanner(scenario, 0, 1), simulate });
    const [told] = sentences(sameOrdersFindings(trials, rows, scenario));
    expect(told).toMatch(/hybrid took 11\d check-ins a second and sync \d+\.?\d*, because users ask again/);
    expect(said.join(' ')).toContain('its 1 worker serves 10 a second (0.05 calls each)');
  });
});

describe('workers that would keep up', () => {
  it('are no fewer than the rate asks for, however few have come in a short window', () => {
    const kitchen = scenarioOf(`
services: { take: 20ms, printer: { latency: 600ms, workers: 3 } }
steps: [take!, { call: printer, share: 85% }]
load: { rate: 12, duration: 10s }
`);
    // 12 x 85 % x 0.6 s = 6.12 are busy.
    const needed = Array.from({ length: 12 }, (_, seed) => {
      const trials = planTrials(kitchen, [subjectOf(kitchen, 'hybrid')!], seed + 1).trials.map((plan) => simulateTrial(plan));
      return ofAnyKind(findings(trials, kitchen)).find(({ kind }) => kind === 'backlog-grows')?.numbers['workersNeeded'];
    });
    expect(Math.min(...needed.map(Number))).toBeGreaterThanOrEqual(7);
  });
});

describe('the example by hand of docs/advice.md', () => {
  const [, yaml = ''] = /## By hand\n\n```yaml\n(.*?)```/s.exec(readFileSync(new URL('../../docs/advice.md', import.meta.url), 'utf8')) ?? [];

  it('comes out as it is worked out there', async () => {
    const { decision, options } = await adviceFor(yaml);
    expect(decision).toMatchObject({ kind: 'buy-workers', steps: ['mail'], beside: false, workers: 25, has: 20, missed: [] });
    const [stay] = options;
    expect(stay).toMatchObject({ missed: ['p95', 'failures'] });
    expect(stay!.loads[0]!.p95).toBeCloseTo(3300, -1);
    expect(stay!.loads[0]!.failureRate).toBeGreaterThan(0.5);
    expect(options.find(({ kind }) => kind === 'parallel')!.missed).toContain('failures');
    expect(optionOf(options, 'log').missed).toContain('failures');
    const [mail] = optionOf(options, 'mail').loads;
    expect([mail!.p50, mail!.p95, mail!.completionP95, mail!.staleness].map((ms) => Math.round(ms ?? NaN))).toEqual([450, 450, 850, 400]);
    expect(decisionSentence({ decision, options })).toMatch(/^Moving mail would save .* its consumer needs 25 workers, and has 20\. Do not move it, or buy them first\.$/);
  });

  it('and is left as it is with 40 a second', async () => {
    const { decision, steps } = await adviceFor(yaml.replace('rate: 60', 'rate: 40'));
    expect(decision).toMatchObject({ kind: 'stay', because: 'quick-enough', p95: 850 });
    // 16 are busy.
    expect(steps.find(({ step }) => step === 'mail')?.loads[0]?.workersNeeded).toBe(17);
  });
});
