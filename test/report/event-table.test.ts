import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { eventTable } from '../../src/report/event-table.js';
import { htmlReport } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { terminalReport } from '../../src/report/terminal.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { judge } from '../../src/verdict/judge.js';
import { parse } from '../scenarios/support.js';
import { checkoutRecord, recordOf } from '../support/record.js';
import { threshold } from '../verdict/fixtures.js';

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
