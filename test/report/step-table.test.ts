import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { htmlReport } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { stepTable } from '../../src/report/step-table.js';
import { terminalReport } from '../../src/report/terminal.js';
import { drawsOf, takesPart } from '../../src/scenarios/draw.js';
import { kindPositions } from '../../src/scenarios/kinds.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { checkoutRecord, recordOf } from '../support/record.js';

function simulated(scenario: Scenario, ...names: string[]): RunRecord {
  const subjects = names.map((name) => subjectOf(scenario, name)!);
  return recordOf(planTrials(scenario, subjects, 1).trials.map((plan) => simulateTrial(plan)), { scenario });
}

/** Each row as `label: cell` of what it has to say. */
function told(record: RunRecord): string[] {
  return stepTable(record).flatMap(({ columns, rows }) =>
    rows.map((cells) => cells.flatMap(({ text }, i) => (text === '-' ? [] : [`${columns[i]!.label}: ${text}`])).join(', ')),
  );
}

const LOAD = 'load: { rate: 20, duration: 20s, warmup: 1s, drain: 20s }';

describe('the table of steps', () => {
  const policies = simulated(parse(`
services: { users: 10ms, risk: { latency: 60ms, errors: 30% }, search: { latency: 40ms, errors: 40% }, partner: { latency: 20ms, rate: 5/s }, sms: 30ms }
steps:
  - { call: users, critical: true }
  - { call: risk, critical: true, onError: continue }
  - { call: search, critical: true, fallback: 5ms }
  - { call: sms, critical: true, share: 15%, rate: 2/s }
  - { call: partner, share: 50% }
${LOAD}
`), 'sync', 'hybrid');

  it('says in how many requests a step was made, gone without or made good, and what a rate refused or held back', () => {
    const [sync, hybrid] = policies.trials as MeasuredTrial[];
    const draws = drawsOf(1, 'sms');
    const made = Array.from({ length: 400 }, (_, request) => takesPart(draws, 0.15, request)).filter(Boolean).length;
    const share = (part: number, all: number): string => `${((part / all) * 100).toFixed(1)}%`;
    expect(hybrid!.outcomes.ok).toBe(400);
    expect(told(policies)[5]).toBe(`load: 20 requests/s, architecture: hybrid, step: search, fell back: ${hybrid!.steps.search!.failed} (${share(hybrid!.steps.search!.failed, 400)})`);
    expect(told(policies)[6]).toMatch(new RegExp(`^load: 20 requests/s, architecture: hybrid, step: sms, share: ${share(made, 400)}, held back: \\d+, \\S+ m?s each$`));
    expect(told(policies)[0]).toBe(`load: 20 requests/s, architecture: sync, step: risk, gone without: ${sync!.steps.risk!.failed} (${share(sync!.steps.risk!.failed, 400)})`);
    expect(told(policies)[3]).toContain(`step: partner, share: ${share(sync!.steps.partner!.ok + sync!.steps.partner!.failed, 400)}, 429s: ${sync!.steps.partner!.limited ?? 0}`);
  });

  it('tells of a consumer what messages it worked on, however often they were delivered', () => {
    const { steps, events } = policies.trials[1] as MeasuredTrial;
    const draws = drawsOf(1, 'partner');
    const made = Array.from({ length: 400 }, (_, request) => takesPart(draws, 0.5, request)).filter(Boolean).length;
    expect(events!.consumers.partner!.pending).toBe(0);
    expect(told(policies)[7]).toBe(`load: 20 requests/s, architecture: hybrid, step: partner, share: ${((made / 400) * 100).toFixed(1)}%, 429s: ${steps.partner!.limited ?? 0}`);
  });

  it('takes a share from the requests of its kind', () => {
    const record = simulated(parse(`
services: { users: 10ms, sms: 30ms }
transactions:
  look: { weight: 75%, steps: [users!] }
  pay: { weight: 25%, steps: [users!, { call: sms, critical: true, share: 40% }] }
${LOAD}
`), 'sync');
    const positionOf = kindPositions(record.scenario.kinds!, 1);
    const draws = drawsOf(1, 'sms');
    const pays = Array.from({ length: 400 }, (_, request) => request).filter((request) => positionOf(request) === 1);
    const made = pays.filter((request) => takesPart(draws, 0.4, request)).length;
    expect(told(record)).toEqual([`load: 20 requests/s, architecture: sync, step: sms, share: ${((made / pays.length) * 100).toFixed(1)}%`]);
  });

  it.each([60, 80, 120])('fits a screen of %i columns, with those columns only that are used', (columns) => {
    const lines = terminalReport(policies, { columns, colour: false, unicode: false, tty: false }).split('\n');
    const from = lines.findIndex((line) => line.startsWith('Steps that'));
    expect(lines[from + 1]).toMatch(columns === 120 ? /load +architecture +step +share +gone without +fell back +429s +held back$/ : /load +architecture +step +.*(gone without|held back|429s)/);
    expect(Math.max(...lines.slice(from, from + 11).map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('has nothing to tell of a rate that nobody has felt', () => {
    const quiet = simulated(parse(`services: { pay: 10ms, mail: { latency: 20ms, rate: 50/s } }\nsteps: [pay!, { call: mail, rate: 40/s }]\n${LOAD}`), 'sync', 'hybrid');
    expect(stepTable(quiet)).toEqual([]);
  });

  it('is in Markdown and in HTML, and nowhere without such steps', () => {
    expect(markdownReport(policies)).toContain('| load | architecture | step | share | gone without | fell back | 429s | held back |');
    expect(htmlReport(policies)).toContain('<section id="steps">');
    const without = checkoutRecord();
    expect(stepTable(without)).toEqual([]);
    for (const text of [markdownReport(without), htmlReport(without)]) expect(text).not.toContain('that a rate limits');
  });
});
