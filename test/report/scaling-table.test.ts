import { describe, expect, it } from 'vitest';
import { causes } from '../../src/advice/finding-cause.js';
import { groupTrials } from '../../src/advice/rounds.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { tellBottleneck } from '../../src/report/clauses-cause.js';
import { scalingTable } from '../../src/report/scaling-table.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { checkoutRecord, recordOf } from '../support/record.js';

function simulated(text: string): RunRecord {
  const scenario = parse(text);
  return recordOf(planTrials(scenario, [subjectOf(scenario, 'hybrid')!], 1).trials.map((plan) => simulateTrial(plan)), { scenario });
}

const CHAIN = (rate: number, warmup = '0ms'): string => `
services:
  quote: { latency: 100ms, workers: { min: 0, max: 4, start: 1s, target: 100%, idle: 2s } }
  mail: { latency: 50ms, workers: 1 }
steps: [{ call: quote, critical: true, timeout: 60s }, { name: again, call: quote, critical: true, timeout: 60s }, mail]
load: { rate: ${rate}, duration: 10s, warmup: ${warmup}, timeout: 60s }
`;

describe('the table of workers that scale', () => {
  it('has a row for each service whose workers do, whoever calls it', () => {
    const [table] = scalingTable(simulated(CHAIN(2)));
    expect(table!.columns.map(({ label }) => label)).toEqual(['load', 'architecture', 'service', 'workers', 'at most', 'of', 'busy', 'cold starts']);
    // One is started at 0, at 500 and, since two calls are there, at 1000. The first takes a call up when it is up; nobody waits for the others. Of three
    // one is stopped at 3400, as two were enough since 1400, and another at 5400: 500 + 2 x 500 + 3 x 2400 + 2 x 2000 + 4600 = 17,300 ms, 4000 of them busy.
    expect(table!.rows.map((cells) => cells.map(({ text }) => text))).toEqual([['2 requests/s', 'hybrid', 'quote', '1.7', '3', '4', '23.1%', '1']]);
  });

  it('is not there where nothing scales', () => {
    expect(scalingTable(checkoutRecord())).toEqual([]);
  });

  it('goes with sentences that say how many there may be', () => {
    const { trials, scenario } = simulated(CHAIN(40, '5s'));
    const found = causes(groupTrials(trials), scenario).filter((cause) => cause.kind === 'bottleneck');
    expect(tellBottleneck(found, found[0]!)).toMatch(/^(quote|again) limits hybrid: (its|quote's) up to 4 workers serve 20 a second/);
  });
});
