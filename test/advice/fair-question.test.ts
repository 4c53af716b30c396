import { describe, expect, it } from 'vitest';
import { askFairly, sameRates } from '../../src/advice/fair-question.js';
import { findings } from '../../src/advice/findings.js';
import { trialPlanner } from '../../src/experiment/plan.js';
import type { MeasuredTrial, SameOrdersRow } from '../../src/measurement/record.js';
import { keySentences } from '../../src/report/sentences.js';
import { builtIn, builtInNames } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { checkout, checkoutTrials } from '../support/record.js';
import { simulate } from '../support/simulations.js';
import { adviceFor, scenarioOf } from './advice-for.js';

const scenario = checkout();
const trials = checkoutTrials() as MeasuredTrial[];
const asked = (of: readonly MeasuredTrial[], at: Scenario = scenario): Promise<SameOrdersRow[]> => askFairly(of, at, { plan: trialPlanner(at, 0, 1), simulate });

describe('the fair question', () => {
  it('takes its rates from what the chain of requests carried, and from what its users would order', () => {
    expect(sameRates(trials, scenario).map(({ rate, from, load }) => [rate, from, load])).toEqual([
      // 10 users are carried whole: what was measured of them and what they want is one rate.
      [9.52, 'users', { model: 'closed', users: 10 }],
      // 20 mails at once, 0.4 s each; 500 users are not carried at all, and what they send is that of those who give up.
      [50, 'carried', { model: 'closed', users: 100 }],
      [95.2, 'users', { model: 'closed', users: 100 }],
      [147, 'sent', { model: 'closed', users: 500 }],
      [476, 'users', { model: 'closed', users: 500 }],
    ]);
  });

  it('asks at the rate at which advise decides, where the chain of requests collapses too', async () => {
    // 5 mails a second are what 2 workers do, and 57 would be ordered: nearly all give up after 3 s, and ask again.
    const shop = scenarioOf('services: { pay: 300ms, mail: { latency: 400ms, workers: 2 } }\nsteps: [pay!, mail!]\nload: { users: 40 }\n');
    const plan = trialPlanner(shop, 0, 1);
    const closed = [simulateTrial(plan(subjectOf(shop, 'sync')!, { model: 'closed', users: 40 }))];
    const [sent, wanted] = sameRates(closed, shop);
    expect([sent?.from, wanted?.from, wanted?.rate]).toEqual(['sent', 'users', 57.1]);
    expect((await adviceFor(shop)).options[0]?.loads[0]?.orders).toBe(sent?.rate);
  });

  it('asks every subject the same: at the same orders nobody is sent more', async () => {
    const rows = await asked(trials);
    expect(rows.map(({ rate, architecture }) => `${rate} ${architecture}`)).toEqual([9.52, 50, 95.2, 147, 476].flatMap((rate) => [`${rate} sync`, `${rate} hybrid`]));
    const hybrid = rows.filter(({ architecture }) => architecture === 'hybrid');
    // 50 mails a second are what 20 workers do: beyond, the rest piles up, and arrival x 0.4 s workers keep up.
    expect(hybrid.map(({ backlog }) => backlog?.workersNeeded ?? null)).toEqual([null, null, 39, 60, 193]);
    for (const { rate, backlog } of hybrid.slice(2)) expect(Math.abs((backlog?.slope ?? 0) / (rate - 50) - 1)).toBeLessThan(0.05);
  });

  it('is not asked where all took the same: under a rate, and of one subject alone', async () => {
    const open = trials.map((trial): MeasuredTrial => ({ ...trial, load: { model: 'open', rate: 50 } }));
    expect(await asked(open)).toEqual([]);
    expect(await asked(trials.filter(({ architecture }) => architecture === 'hybrid'))).toEqual([]);
    expect(findings(open, scenario).filter(({ kind }) => kind === 'same-orders')).toEqual([]);
  });

  it('is answered right after the first answer, in sentences of at most 40 words that are true of the trials', async () => {
    const rows = await asked(trials);
    const [, told = ''] = keySentences(findings(trials, scenario, rows));
    expect(told).toMatch(/^At 500 users hybrid took 8\d\d orders a second and sync 1\d\d, because users ask again as soon as they are answered\. At the same 476 a second /);
    for (const sentence of told.split('. ')) expect(sentence.split(' ').length).toBeLessThanOrEqual(40);
    const sent = (name: string): number => {
      const trial = trials.find(({ architecture, load }) => architecture === name && load.model === 'closed' && load.users === 500) as MeasuredTrial;
      return trial.outcomes.sent / trial.window.seconds;
    };
    const [, its, others] = /took (\d+) orders a second and sync (\d+),/.exec(told) ?? [];
    expect([its, others]).toEqual([String(Math.round(sent('hybrid'))), String(Math.round(sent('sync')))]);
    const hybrid = rows.find(({ rate, architecture }) => rate === 476 && architecture === 'hybrid') as SameOrdersRow;
    expect(told).toContain(`the email backlog of hybrid grows by ${Math.round(hybrid.backlog?.slope ?? 0)} a second; 193 workers would keep up, there are 20.`);
    expect(told).toContain('hybrid answers in 500 ms, and sync fails 100%');
  });

  it('is about hybrid where it is there, as the first answer is, whatever else was measured', async () => {
    const plan = trialPlanner(scenario, 0, 1);
    const all = ['sync', 'parallel', 'hybrid', 'event-driven'].flatMap((name) => subjectOf(scenario, name) ?? []);
    const closed = all.map((subject) => simulateTrial(plan(subject, { model: 'closed', users: 20 })));
    const [answer, orders] = keySentences(findings(closed, scenario, await asked(closed)));
    expect(answer).toMatch(/^hybrid answers faster than sync: /);
    expect(orders).toMatch(/^At 20 users hybrid took \d+ orders a second and sync \d+(?:\.\d)?, /);
  });

  it('holds of every built-in scenario: the same rates for all its subjects, and a sentence wherever orders differ', async () => {
    const shops = builtInNames().map((name) => builtIn(name) as Scenario).filter(({ load }) => load.stages.length === 0 && load.users.length > 0).slice(0, 8);
    expect(shops.length).toBeGreaterThan(5);
    for (const shop of shops) {
      const users = Math.max(...shop.load.users);
      const plan = trialPlanner(shop, 0, 1);
      const closed = ['sync', 'hybrid', 'event-driven'].flatMap((name) => subjectOf(shop, name) ?? []).map((subject) => simulateTrial(plan(subject, { model: 'closed', users })));
      const rows = await asked(closed, shop);
      const rates = new Set(rows.map(({ rate }) => rate));
      for (const rate of rates) expect(rows.filter((row) => row.rate === rate).length).toBe(rows.length / rates.size);
      const found = findings(closed, shop, rows).filter(({ kind }) => kind === 'same-orders');
      expect(found.length).toBe(rows.length > 0 ? 1 : 0);
      for (const sentence of keySentences(found).flatMap((told) => told.split('. '))) expect(sentence.split(' ').length).toBeLessThanOrEqual(40);
    }
  });
});
