import { describe, expect, it } from 'vitest';
import { curvesOf } from '../../src/experiment/curves.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { MachineTimes, TrialLoad } from '../../src/measurement/record.js';
import type { Load } from '../../src/scenarios/load.js';
import { htmlReport } from '../../src/report/html/page.js';
import { terminalReport } from '../../src/report/terminal.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { checkout, checkoutRecord } from '../support/record.js';
import { simulate } from '../support/simulations.js';

const scenario = checkout();
const subjects = ['sync', 'hybrid'].map((name) => subjectOf(scenario, name) as Subject);
const asked = (load: Partial<Load>) => {
  const changed = { ...scenario, load: { ...scenario.load, ...load } };
  return curvesOf({ plan: planTrials(changed, subjects, 1), scenario: changed, seed: 1 }, simulate);
};
const sizes = (points: readonly { load: TrialLoad }[]) => points.map(({ load }) => (load.model === 'closed' ? load.users : load.rate));

describe('the curve between the loads', () => {
  it('has twenty loads and those that are measured, and the knee where arithmetic has it', async () => {
    const sync = (await asked({ users: [10, 500], timeout: 60_000, duration: 5000 })).filter(({ architecture }) => architecture === 'sync');
    expect(sizes(sync)).toEqual([10, 12, 15, 19, 23, 28, 34, 42, 52, 64, 78, 96, 118, 145, 179, 219, 270, 331, 407, 500]);
    // Email serves 50 a second: 52 users of 1.05 s wait for nobody, and N of them N / 50 s as long as nothing times out.
    const p95 = (users: number): number => sync.find(({ load }) => load.model === 'closed' && load.users === users)?.p95 ?? 0;
    expect(p95(42) / 1050).toBeCloseTo(1, 2);
    expect(p95(96) / (96 * 20)).toBeCloseTo(1, 1);
    for (const { orders, p95: time } of sync) expect(orders * (time ?? 0)).toBeGreaterThan(0);
  });

  it('is one for each subject, under rates as well', async () => {
    const points = await asked({ users: [], rates: [5, 40] });
    expect(points).toHaveLength(40);
    expect(new Set(points.map(({ load }) => load.model))).toEqual(new Set(['open']));
  });

  it('knows what the machine and the bus add, as the predictions of the trials beside it do', async () => {
    const one = { ...scenario, load: { ...scenario.load, users: [], rates: [5, 40] } };
    const plan = planTrials(one, [subjectOf(one, 'event-driven') as Subject], 1);
    const p50 = async (machine: MachineTimes | null): Promise<number> => (await curvesOf({ plan, scenario: one, seed: 1, machine }, simulate))[0]?.p50 ?? 0;
    // The reply waits for the publish and for nothing else.
    expect(await p50({ reply: [1], call: [2], publish: [4] })).toBeCloseTo(5, 1);
    expect(await p50(null)).toBeLessThan(1);
  });

  it.each([
    ['one load', { users: [10] }],
    ['loads that change', { users: [10, 20], stages: [{ duration: 1000, target: 30 }] }],
    ['more users than anybody waits for', { users: [10, 100_000] }],
  ])('is not drawn for %s', async (_, load) => {
    expect(await asked(load)).toEqual([]);
  });

  it('is a row of heights in the terminal, and lines with points on them on the page', async () => {
    const curves = await asked({ users: [10, 100, 500] });
    const record = { ...checkoutRecord(), curves };
    const text = terminalReport(record, { columns: 80, colour: false, unicode: true, tty: true });
    expect(text).toMatch(/p95 from 10 users to 500 users, predicted\nsync {3}▃{8,}[▃▄▅▆▇█]+ 1\.05 s to 3\.50 s\nhybrid ▂{18,}[▂▃]* 500 ms to 600 ms\n/);
    const straight = (html: string, which: string): boolean => new RegExp(`Response time ${which}(?:(?!chart-data)[^])*chart-data[^>]*>[^<]*"style":"line"`).test(html);
    // A record of before the curve had it.
    const older = { ...record, curves: curves.map(({ p99: _p99, ...point }) => point) };
    const pages = [record, older, checkoutRecord()].map((one) => htmlReport(one));
    expect(pages.map((html) => [html.includes('Orders a second against p95'), straight(html, 'p95'), straight(html, 'p99')])).toEqual([
      [true, false, false], [true, false, true], [false, true, true],
    ]);
  });
});
