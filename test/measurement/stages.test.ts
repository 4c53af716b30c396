import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import { withKinds } from '../../src/measurement/kind-trials.js';
import { OUTCOMES } from '../../src/load/load.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { decodeSamples } from '../../src/measurement/samples.js';
import { stageResults } from '../../src/measurement/stages.js';
import { htmlReport } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { terminalReport } from '../../src/report/terminal.js';
import { kindPositions } from '../../src/scenarios/kinds.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { recordOf } from '../support/record.js';

const ramp = { from: 10, stages: [{ duration: 1000, target: 10 }, { duration: 2000, target: 50 }] };

describe('stages of a load', () => {
  it('have the requests that began in them, and the backlog at their end', () => {
    const samples = {
      start: Float32Array.of(-100, 0, 500, 999, 1000, 2500),
      time: Float32Array.of(150, 600, 700, 10, 3000, 200),
      outcome: Uint8Array.from([0, 0, 0, OUTCOMES.indexOf('http5xx'), OUTCOMES.indexOf('timeout'), 0]),
    };
    const series = { at: [0, 500, 1000, 1500, 3000, 4000], waiting: [1, 4, 3, 9, 7, 0] };
    const [first, second] = stageResults({ ramp, samples, backlog: { peak: 9, end: 7, slopePerSecond: 0, drainSeconds: 1, series } })!;
    expect(first).toMatchObject({ from: 0, to: 1000, begins: 10, target: 10, throughput: 2, failureRate: 1 / 3, outcomes: { sent: 3, ok: 2, http5xx: 1 }, backlog: { peak: 4, end: 3 } });
    expect(first!.responseTime).toMatchObject({ count: 3, p50: 600 });
    expect(second).toMatchObject({ from: 1000, to: 3000, begins: 10, target: 50, throughput: 0.5, failureRate: 0.5, backlog: { peak: 9, end: 7 } });
    expect(second!.responseTime).toMatchObject({ count: 2, p50: 200, max: 3000, censored: 1 });
  });

  it('are none without stages, and none of a trial whose samples are not kept', () => {
    const none = { start: new Float32Array(), time: new Float32Array(), outcome: new Uint8Array() };
    expect(stageResults({ ramp, samples: none, backlog: null })).toBeUndefined();
    expect(stageResults({ ramp: undefined, samples: { ...none, start: Float32Array.of(1) }, backlog: null })).toBeUndefined();
  });

  const scenario = parse(`
services: { users: 10ms, mail: { latency: 100ms, workers: 4 } }
transactions: { look: { weight: 70%, steps: [users!] }, book: { weight: 30%, steps: [users!, mail] } }
load: { rate: 20, stages: ["2s:20", "2s:200", "2s:20"], warmup: 1s, drain: 10s }
`);
  const trials = planTrials(scenario, [subjectOf(scenario, 'sync')!, subjectOf(scenario, 'hybrid')!], 1).trials.map((plan) => simulateTrial(plan));
  const hybrid = trials[1] as MeasuredTrial;

  it('add up to the whole of a trial', () => {
    const total = (pick: (stage: NonNullable<MeasuredTrial['stages']>[number]) => number): number => hybrid.stages!.reduce((sum, stage) => sum + pick(stage), 0);
    expect(total(({ outcomes }) => outcomes.sent)).toBe(hybrid.outcomes.sent);
    expect(total(({ throughput, from, to }) => (throughput * (to - from)) / 1000)).toBeCloseTo(hybrid.throughput * 6, 6);
    // 2 s at 20/s, 2 s up to 200/s, and as many down again.
    expect(hybrid.stages!.map(({ outcomes }) => outcomes.sent)).toEqual([40, 220, 220]);
    expect(hybrid.stages!.at(-1)!.backlog!.end).toBe(hybrid.events!.backlog.end);
  });

  it('are those of each kind by itself, too', () => {
    const positionOf = kindPositions(scenario.kinds!, 1);
    const { start } = decodeSamples(hybrid.samples);
    const measured = [...start].filter((at) => at >= 0);
    const books = measured.map((at, request) => ({ at, kind: positionOf(request) })).filter(({ kind }) => kind === 1);
    const book = withKinds([hybrid]).find(({ architecture }) => architecture === 'hybrid[book]') as MeasuredTrial;
    expect(book.stages!.map(({ outcomes }) => outcomes.sent)).toEqual([0, 2000, 4000].map((from) => books.filter(({ at }) => at >= from && at < from + 2000).length));
    expect(book.stages![0]!.backlog).toBeNull();
  });

  it('are a table of every report, and none without stages', () => {
    const record = recordOf(trials, { scenario });
    const lines = terminalReport(record, { columns: 100, colour: false, unicode: false, tty: false }).split('\n');
    const from = lines.indexOf('Stage by stage');
    expect(lines[from + 1]!.trim().split(/ {2,}/)).toEqual(['architecture', 'stage', 'until', 'p50', 'p95', 'ok/s', 'failed', 'backlog', 'peak']);
    expect(lines[from + 4]).toMatch(/^ +20-200\/s +4\.00 s /);
    expect(markdownReport(record)).toContain(`| hybrid | 20-200/s | 4.00 s |`);
    expect(htmlReport(record)).toContain('<section id="stages">');
    const { stages: _, ...without } = hybrid;
    expect(markdownReport(recordOf([without], { scenario }))).not.toContain('Stage by stage');
  });
});
