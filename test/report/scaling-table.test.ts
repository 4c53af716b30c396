import { describe, expect, it } from 'vitest';
import { causes } from '../../src/advice/finding-cause.js';
import { findings } from '../../src/advice/findings.js';
import { groupTrials } from '../../src/advice/rounds.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { tellBottleneck } from '../../src/report/clauses-cause.js';
import { nextSentences } from '../../src/report/next-steps.js';
import { sentences } from '../../src/report/sentences.js';
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

  it('goes with sentences that say so of a consumer, whether its own workers scale or those of its service', () => {
    const both = ['mail: { latency: 100ms, workers: { min: 1, max: 2, start: 10ms } }', 'mail: { latency: 100ms, workers: 50 }'];
    for (const [i, mail] of both.entries()) {
      const consumers = i === 0 ? '' : 'event: { consumers: { mail: { workers: { min: 1, max: 2, start: 10ms } } } }';
      const { trials, scenario } = simulated(`services: { pay: 10ms, ${mail} }\nsteps: [pay!, mail]\n${consumers}\nload: { rate: 40, duration: 20s, warmup: 0ms }\n`);
      const advice = findings(trials, scenario);
      expect(sentences(advice).join(' ')).toContain('4 workers would keep up, there are up to 2');
      expect(nextSentences({ trials, advice, checks: [], comparisons: [] }).join(' ')).toContain('4 workers where there are up to 2');
    }
  });

  it('goes with a sentence where requests wait for workers to start', () => {
    // Every 4 s a request, after two idle seconds without a worker: each is the first of one, and waits for a second.
    const { trials, scenario } = simulated(CHAIN(0.25).replace('10s', '400s'));
    const advice = findings(trials, scenario);
    expect(advice.find(({ kind }) => kind === 'cold-starts')).toMatchObject({ numbers: { coldStarts: 100, start: 1000, wait: 1000, p95: 1200 }, names: { step: 'quote', service: 'quote' } });
    expect(sentences(advice).join(' ')).toContain(
      'The start of workers makes hybrid slow: at 0.3 requests/s p95 of the wait at quote is 1.00 s, of the reply 1.20 s; 100 calls of quote were the first of a worker, which takes 1.00 s to start',
    );
  });

  it('goes without where it makes hardly any slow', () => {
    const { trials, scenario } = simulated(CHAIN(2, '5s'));
    expect(findings(trials, scenario).filter(({ kind }) => kind === 'cold-starts')).toEqual([]);
  });
});
