import { describe, expect, it } from 'vitest';
import type { Trial } from '../../src/measurement/record.js';
import { columnsOf, rowsOf } from '../../src/report/columns.js';
import { consumer, events, measured, step, times, unmeasured } from '../support/measured.js';

/** The table as text, by label. */
function table(trials: Trial[]): Record<string, string>[] {
  const rows = rowsOf(trials);
  const columns = columnsOf(rows);
  return rows.map((row) => Object.fromEntries(columns.map((column) => [column.label, column.cell(row)])));
}

const one = (trials: Trial[]): Record<string, string> => table(trials)[0] ?? {};

describe('columns', () => {
  it('shows a subject that publishes no events without any of their columns', () => {
    expect(table([measured({ subject: 'sync', ms: 1050 })])).toEqual([
      {
        users: '100',
        architecture: 'sync',
        p50: '1.05 s',
        p95: '1.05 s',
        p99: '1.05 s',
        'ok/s': '100',
        failed: '0%',
      },
    ]);
  });

  it('shows the event side where there is one, and nothing of it beside a subject that has none', () => {
    const email = consumer('email', { backlog: { ...consumer('email').backlog, end: 1234 } });
    const rows = table([
      measured({ subject: 'sync', ms: 1050 }),
      measured({ subject: 'hybrid', ms: 500, change: { events: events({ email }, { pending: 1200 }) } }),
    ]);
    expect(rows[1]).toMatchObject({
      'lag p95': '1.0 ms',
      'completion p95': '901 ms',
      backlog: '1,234',
      pending: '1,200',
    });
    expect(rows[0]).toMatchObject({ 'lag p95': '-', 'completion p95': '-', backlog: '-', pending: '-' });
  });

  it('shows when the first byte came only where it was long before the last', () => {
    const plain = measured({ subject: 'plain', ms: 1000, change: { timeToFirstByte: times(990) } });
    const stream = measured({ subject: 'stream', ms: 1000, change: { timeToFirstByte: times(20) } });
    expect(Object.keys(one([plain]))).not.toContain('first byte p95');
    expect(table([plain, stream]).map((row) => row['first byte p95'])).toEqual(['990 ms', '20 ms']);
    // Simulated ones have none.
    expect(table([stream, measured({ subject: 'sync', ms: 1 })]).map((row) => row['first byte p95'])).toEqual(['20 ms', '-']);
  });

  it('shows damage only where there is any', () => {
    expect(Object.keys(one([measured({ subject: 'sync', ms: 1 })]))).not.toContain('orphaned');
    const change = { orphaned: 12, failedLater: 3, events: events({}, { lost: 1, deadLettered: 2, appliedTwice: 4 }) };
    expect(one([measured({ subject: 'hybrid', ms: 1, change })])).toMatchObject({
      orphaned: '12',
      'failed later': '3',
      lost: '1',
      dead: '2',
      'applied twice': '4',
    });
  });

  it('shows a prediction where what was measured parts from it, and nowhere else', () => {
    const predicted = { p50: 1050, p95: 1060, throughput: 100, failureRate: 0, errorPercent: 1, breaks: 'On the edge of a limit.' };
    const near = measured({ subject: 'sync', ms: 1052, change: { predicted: { ...predicted, breaks: null } } });
    expect(Object.keys(one([near])).filter((label) => label.startsWith('predicted'))).toEqual([]);
    const rows = table([measured({ subject: 'hybrid', ms: 1200, change: { predicted } }), near]);
    expect(rows.find(({ architecture }) => architecture === 'hybrid')).toMatchObject({ 'predicted p50': '1.05 s', 'predicted p95': '1.06 s' });
    expect(rows.find(({ architecture }) => architecture === 'sync')).toMatchObject({ 'predicted p50': '', 'predicted p95': '' });
    expect(Object.keys(rows[0] ?? {})).not.toContain('predicted ok/s');
  });

  it('has a column for users, for rates, or for both', () => {
    const rows = table([measured({ subject: 'sync', ms: 1 }), measured({ subject: 'sync', rate: 50, ms: 1 })]);
    expect(rows.map(({ users, rate }) => [users, rate])).toEqual([
      ['100', '-'],
      ['-', '50/s'],
    ]);
    expect(Object.keys(one([measured({ subject: 'sync', rate: 50, ms: 1 })]))).not.toContain('users');
  });

  it('shows the levels of a load in stages', () => {
    const ramp = {
      from: 0,
      stages: [
        { duration: 1000, target: 50 },
        { duration: 1000, target: 1200 },
      ],
    };
    expect(
      one([measured({ subject: 'sync', ms: 1, change: { load: { model: 'closed', users: 1200, ramp } } })]).users,
    ).toBe('0-50-1,200');
    expect(
      one([measured({ subject: 'sync', ms: 1, change: { load: { model: 'open', rate: 1200, ramp } } })]).rate,
    ).toBe('0-50-1,200/s');
  });

  it('shows what p95 lies within, where it is known', () => {
    const rows = table([
      measured({ subject: 'sync', ms: 1, change: { p95Interval: { low: 1040, high: 1090.4 } } }),
      measured({ subject: 'hybrid', ms: 1, change: { p95Interval: null } }),
    ]);
    expect(rows.map((row) => row['p95 interval'])).toEqual(['1.04 s to 1.09 s', '-']);
    expect(Object.keys(one([measured({ subject: 'sync', ms: 1, change: { p95Interval: null } })]))).not.toContain('p95 interval');
  });

  it('shows what was undone of failed requests, and what could not be', () => {
    const trial = measured({ subject: 'sync', ms: 1 });
    const steps = { payment: step('payment'), 'payment-compensation': step('refund', { ok: 40, failed: 2 }) };
    expect(one([{ ...trial, steps }])).toMatchObject({ undone: '40', 'not undone': '2' });
    expect(Object.keys(one([trial]))).not.toContain('undone');
    // Nor is it told of one kind of request, whose steps are not counted by themselves.
    expect(Object.keys(one([{ ...trial, steps, architecture: 'sync[book]' }]))).not.toContain('undone');
  });

  it('shows what the generator sent late, or never, where it did', () => {
    const schedule = { late: 7, unsent: 2, lateness: { p99: 30, max: 40 } };
    expect(one([measured({ subject: 'sync', rate: 50, ms: 1, change: { schedule } })])).toMatchObject({
      'sent late': '7',
      'never sent': '2',
    });
    // A user who is late is only late for themselves.
    expect(Object.keys(one([measured({ subject: 'sync', ms: 1, change: { schedule } })]))).not.toContain('sent late');
  });

  it.each([
    [58, '100 ms', '~100 ms', '~100 ms'],
    [59, '100 ms', '100 ms', '~100 ms'],
    [298, '100 ms', '100 ms', '~100 ms'],
    [299, '100 ms', '100 ms', '100 ms'],
  ])('marks a percentile of %d samples that is not known', (sent, p50, p95, p99) => {
    expect(one([measured({ subject: 'sync', ms: 100, sent })])).toMatchObject({ p50, p95, p99 });
  });

  it.each([
    [0, '10.0 s', '10.0 s'],
    [40, '10.0 s', '>= 10.0 s'],
    [51, '>= 10.0 s', '>= 10.0 s'],
  ])('says "at least" where %d of 1000 values are only known to be so long', (censored, p95, p99) => {
    const responseTime = times(10_000, 1000, censored);
    expect(one([measured({ subject: 'sync', ms: 1, change: { responseTime } })])).toMatchObject({
      p50: '10.0 s',
      p95,
      p99,
    });
  });

  it('folds rounds to their median', () => {
    const rounds = [400, 100, 200].map((ms, i) => measured({ subject: 'sync', ms, round: i + 1, failureRate: i / 10 }));
    expect(one(rounds)).toMatchObject({ p50: '200 ms', failed: '10.0%' });
  });

  it('shows what became of a subject without numbers', () => {
    expect(one([unmeasured('sync', 100, 'died')])).toMatchObject({ architecture: 'sync', p50: '-', failed: 'errored' });
    expect(one([unmeasured('sync', 100, 'died', 'aborted')])).toMatchObject({ failed: 'aborted' });
  });

  it('marks a subject that was not measured well', () => {
    const validity = { valid: false, problems: ['busy'], notes: [] };
    expect(one([measured({ subject: 'sync', ms: 1, change: { validity } })])).toMatchObject({ architecture: 'sync !' });
  });

  it('shows a trial in which nothing was answered', () => {
    const empty = measured({ subject: 'sync', ms: 1, sent: 0, failureRate: 0 });
    expect(one([empty])).toMatchObject({ p50: '-', p95: '-', 'ok/s': '0' });
  });

  it('gives cells a meaning', () => {
    const rows = rowsOf([
      measured({ subject: 'sync', ms: 1, failureRate: 0.5 }),
      measured({ subject: 'hybrid', ms: 1, failureRate: 0.005 }),
      measured({ subject: 'parallel', ms: 1 }),
    ]);
    const failed = columnsOf(rows).find((column) => column.label === 'failed');
    expect(rows.map((row) => failed?.meaning(row))).toEqual(['bad', 'warn', 'plain']);
  });

  it('keeps control characters of a hostile name out of the table', () => {
    expect(one([measured({ subject: 'a\u001b[2J\nb', ms: 1 })])).toMatchObject({ architecture: 'a [2J b' });
  });
});
