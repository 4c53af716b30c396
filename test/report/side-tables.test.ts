import { describe, expect, it } from 'vitest';
import { causes } from '../../src/advice/finding-cause.js';
import { findings } from '../../src/advice/findings.js';
import { groupTrials } from '../../src/advice/rounds.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { RunRecord, SameOrdersRow } from '../../src/measurement/record.js';
import { tellBottleneck } from '../../src/report/clauses-cause.js';
import { htmlReport } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { nextSentences } from '../../src/report/next-steps.js';
import { sentences } from '../../src/report/sentences.js';
import { eventTable, scalingTable, sidesTable } from '../../src/report/side-tables.js';
import { terminalReport } from '../../src/report/terminal.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { judge } from '../../src/verdict/judge.js';
import { comparePairs } from '../../src/verdict/pairs/comparison.js';
import { parse } from '../scenarios/support.js';
import { checkoutRecord, recordOf } from '../support/record.js';
import { threshold } from '../verdict/fixtures.js';
import { pairsOf, runOf, spreadOf } from '../verdict/pairs/blocks.js';

/** One worker takes a fraud check of 400 ms, and there are 5 orders a second: the events of the window need 2.5 times its time. */
const SHOP = parse(`
services: { payment: 100ms, stock: 50ms, mail: 80ms, fraud: 400ms, ledger: 30ms }
steps: [payment!, stock!, mail]
events:
  order-placed: {}
  payment-captured: { after: payment, messages: 2, consumers: { fraud: { workers: 1 }, ledger: {} } }
load: { rate: 5, duration: 10s, warmup: 0s, drain: 10s }
`);

function simulated(...names: string[]): RunRecord {
  return recordOf(planTrials(SHOP, names.map((name) => subjectOf(SHOP, name)!), 1).trials.map((plan) => simulateTrial(plan)), { scenario: SHOP });
}

const record = simulated('sync', 'hybrid', 'event-driven');

/** Each row as `label: cell`. */
function told({ columns, rows }: ReturnType<typeof eventTable>[number]): string[] {
  return rows.map((cells) => cells.map(({ text }, i) => `${columns[i]!.label}: ${text}`).join(', '));
}

describe('the table of events', () => {
  it('has the books of each, and those of none where there is one event', () => {
    const [table] = eventTable(record);
    // Of 100 messages, the first of which comes at 0.1 s, the one worker has done 24 after 10 s, and 49 when the drain is over.
    expect(told(table!)).toEqual([
      'load: 5 requests/s, architecture: hybrid, event: payment-captured, published: 100, lag p95: >= 14.5 s, backlog: 76, pending: 51',
      'load: 5 requests/s, architecture: hybrid, event: order-placed, published: 50, lag p95: ~0 ms, backlog: 1, pending: 0',
      'load: 5 requests/s, architecture: event-driven, event: submissions, published: 50, lag p95: ~0 ms, backlog: 0, pending: 0',
      'load: 5 requests/s, architecture: event-driven, event: payment-captured, published: 100, lag p95: >= 14.5 s, backlog: 76, pending: 51',
      'load: 5 requests/s, architecture: event-driven, event: order-placed, published: 50, lag p95: ~0 ms, backlog: 1, pending: 0',
    ]);
    expect(eventTable(checkoutRecord())).toEqual([]);
  });

  it('names the load again where it changes and the architecture does not', () => {
    const other = record.trials.slice(1, 2).map((trial) => ({ ...trial, load: { model: 'open' as const, rate: 9 } }));
    expect(eventTable({ trials: [record.trials[1]!, ...other] })[0]!.starts).toEqual([true, false, true, false]);
  });

  it('is in every report that is read', () => {
    for (const text of [markdownReport(record), htmlReport(record), terminalReport(record, { columns: 160, colour: false, unicode: true, tty: false })]) expect(text).toContain('Event by event');
  });

  it('adds up to the books of all', () => {
    const { events } = record.trials[1] as { events: NonNullable<ReturnType<typeof simulateTrial>['events']> };
    const own = Object.values(events.byEvent ?? {});
    for (const count of ['acknowledged', 'processed', 'pending'] as const) expect(own.reduce((sum, one) => sum + one[count], 0)).toBe(events[count]);
  });

  it('has what a threshold speaks of', () => {
    const limits = ['hybrid: order-placed.lag_max < 10ms', 'hybrid: payment-captured.backlog_end == 0', 'hybrid: payment-captured.acknowledged == 100'];
    expect(judge(limits.map(threshold), record.trials).checks.map(({ state }) => state)).toEqual(['pass', 'fail', 'pass']);
  });
});

const ordersRow = (change: Partial<SameOrdersRow>): SameOrdersRow => ({
  rate: 95.2, load: { model: 'closed', users: 100 }, from: 'users', architecture: 'sync', p50: 3500, p95: 3500, isLonger: false,
  failureRate: 0.981, throughput: 1, publishes: false, backlog: null, ...change,
});
const backlog = { consumer: 'email', slope: 46.3, workers: 20, workersNeeded: 39 };
const sameOrders = [
  ordersRow({ rate: 50, from: 'carried', p50: 1760, p95: 2540, failureRate: 0 }),
  ordersRow({ rate: 50, from: 'carried', architecture: 'hybrid', p50: 500, p95: 500, failureRate: 0, publishes: true }),
  ordersRow({ isLonger: true }),
  ordersRow({ architecture: 'hybrid', p50: 500, p95: 500, failureRate: 0, publishes: true, backlog }),
];
const without = checkoutRecord();
const sameOrdersRecord = { ...without, sameOrders };
const screen = { colour: false, unicode: false, tty: false };

describe('the table at the same orders', () => {
  it.each([60, 80, 120])('fits %i columns, and says a rate once', (columns) => {
    const lines = terminalReport(sameOrdersRecord, { ...screen, columns }).split('\n');
    const from = lines.indexOf('At the same orders (predicted)');
    const table = lines.slice(from + 3, from + 7).map((line) => line.trim().replaceAll(/ {2,}/g, '|'));
    expect(Math.max(...lines.slice(from, from + 7).map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(table[0]).toMatch(columns === 120 ? /^50\|are carried at 100 users\|sync\|1\.76 s\|2\.54 s\|0%\|-\|-$/ : /^50\|sync\|/);
    expect(table[1]).toMatch(/^hybrid\|.*\|none grows/);
    expect(table[2]).toMatch(/^95\.2\|(?:100 users want to make\|)?sync\|(?:3\.50 s\|)?(?:>= 3\.50 s\|)?98\.1%\|-(?:\|-)?$/);
    expect(table[3]).toContain('|email +46.3/s');
  });

  it('is in Markdown and in HTML, and nowhere when all took the same', () => {
    expect(markdownReport(sameOrdersRecord)).toContain('| 95.2 | 100 users want to make | hybrid | 500 ms | 500 ms | 0% | email +46.3/s | 39, has 20 |');
    expect(htmlReport(sameOrdersRecord)).toContain('id="same-orders"');
    for (const text of [markdownReport(without), htmlReport(without), terminalReport(without, { ...screen, columns: 80 })]) {
      expect(text).not.toContain('At the same orders (predicted)');
    }
  });
});

function simulatedScaling(text: string): RunRecord {
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
    const [table] = scalingTable(simulatedScaling(CHAIN(2)));
    expect(table!.columns.map(({ label }) => label)).toEqual(['load', 'architecture', 'whose', 'workers', 'at most', 'since', 'of', 'busy', 'cold starts']);
    // One is started at 0, at 500 and, since two calls are there, at 1000. The first takes a call up when it is up; nobody waits for the others. Of three
    // one is stopped at 3400, as two were enough since 1400, and another at 5400: 500 + 2 x 500 + 3 x 2400 + 2 x 2000 + 4600 = 17,300 ms, 4000 of them busy.
    expect(table!.rows.map((cells) => cells.map(({ text }) => text))).toEqual([['2 requests/s', 'hybrid', 'quote', '1.7', '3', '1.00 s', '4', '23.1%', '1']]);
  });

  it('has a row for each consumer whose workers do', () => {
    // A message every 25 ms, which takes 100 ms: the second worker is started at 0 for the first, that being more than 70 % of one, and is up at 10, when nothing waits.
    const chain = 'services: { pay: 0ms, mail: 100ms }\nsteps: [pay!, mail]\nevent: { consumers: { mail: { workers: { min: 1, max: 2, start: 10ms } } } }\nload: { rate: 40, duration: 2s, warmup: 0ms }\n';
    const [table] = scalingTable(simulatedScaling(chain));
    expect(table!.rows.map((cells) => cells.map(({ text }) => text))).toEqual([['40 requests/s', 'hybrid', 'consumer mail', '2.0', '2', '0 ms', '2', '-', '0']]);
  });

  it('is not there where nothing scales', () => {
    expect(scalingTable(checkoutRecord())).toEqual([]);
  });

  it('goes with sentences that say how many there may be', () => {
    const { trials, scenario } = simulatedScaling(CHAIN(40, '5s'));
    const found = causes(groupTrials(trials), scenario).filter((cause) => cause.kind === 'bottleneck');
    expect(tellBottleneck(found, found[0]!)).toMatch(/^(quote|again) limits hybrid: (its|quote's) up to 4 workers serve 20 a second/);
  });

  it('goes with sentences that say so of a consumer, whether its own workers scale or those of its service', () => {
    const both = ['mail: { latency: 100ms, workers: { min: 1, max: 2, start: 10ms } }', 'mail: { latency: 100ms, workers: 50 }'];
    for (const [i, mail] of both.entries()) {
      const consumers = i === 0 ? '' : 'event: { consumers: { mail: { workers: { min: 1, max: 2, start: 10ms } } } }';
      const { trials, scenario } = simulatedScaling(`services: { pay: 10ms, ${mail} }\nsteps: [pay!, mail]\n${consumers}\nload: { rate: 40, duration: 20s, warmup: 0ms }\n`);
      const advice = findings(trials, scenario);
      expect(sentences(advice).join(' ')).toContain('5 workers would keep up, there are up to 2');
      expect(nextSentences({ trials, advice, checks: [], comparisons: [] }).join(' ')).toContain('5 workers where there are up to 2');
    }
  });

  it('goes with a sentence where requests wait for workers to start', () => {
    // Every 4 s a request, after two idle seconds without a worker: each is the first of one, and waits for a second.
    const { trials, scenario } = simulatedScaling(CHAIN(0.25).replace('10s', '400s'));
    const advice = findings(trials, scenario);
    expect(advice.find(({ kind }) => kind === 'cold-starts')).toMatchObject({ numbers: { coldStarts: 100, start: 1000, wait: 1000, p95: 1200 }, names: { step: 'quote', service: 'quote' } });
    expect(sentences(advice).join(' ')).toContain(
      'The start of workers makes hybrid slow: at 0.3 requests/s p95 of the wait at quote is 1.00 s, of the reply 1.20 s; 100 calls of quote were the first of a worker, which takes 1.00 s to start',
    );
  });

  it('goes without where it makes hardly any slow', () => {
    const { trials, scenario } = simulatedScaling(CHAIN(2, '5s'));
    expect(findings(trials, scenario).filter(({ kind }) => kind === 'cold-starts')).toEqual([]);
  });
});

const run = runOf(pairsOf(spreadOf(3, 1, 0.001)));
const sidesRecord = recordOf([], { paired: [run], comparisons: comparePairs(run), verdict: 'fail' });

describe('base and head', () => {
  it('stand side by side with their numbers, and the change below', () => {
    const [table] = sidesTable(sidesRecord);
    expect(table?.columns.map(({ label }) => label)).toEqual(['load', 'side', 'subject', 'p50', 'p95', 'ok/s', 'failed', 'requests', 'pairs']);
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['20 users', 'base', 'main', '100 ms', '150 ms', '100/s', '0%', '900', '3'],
      ['20 users', 'head', 'pr', '200 ms', '300 ms', '50/s', '0%', '900', '3'],
      ['20 users', 'change', '', '+100.0%', '+100.0%', '-50.0%', '+0 points', '', '3'],
    ]);
    expect(table?.rows[2]?.map(({ meaning }) => meaning)).toEqual(['plain', 'plain', 'plain', 'bad', 'bad', 'bad', 'plain', 'plain', 'plain']);
  });

  it('are in every report of a comparison in pairs, and in no other', () => {
    const wide = { columns: 100, colour: false, unicode: true, tty: false };
    for (const text of [terminalReport(sidesRecord, wide), markdownReport(sidesRecord), htmlReport(sidesRecord)]) {
      expect(text).toContain('Base and head side by side');
      expect(text).toContain('200 ms');
    }
    const page = terminalReport(sidesRecord, { ...wide, columns: 120 });
    expect(page).toContain('Find what made it slower: pr/main p50 at 20 users went from 100 ms to 200 ms (+100.0%); 2 more failed.');
    expect(page).toContain('3 pairs of blocks');
    // No table of trials where there are none.
    expect(page).not.toContain('architecture');
    expect(sidesTable(checkoutRecord())).toEqual([]);
  });
});
