import { describe, expect, it } from 'vitest';
import { benchmarkReport, bencherReport } from '../../src/report/series.js';
import { consumer, events, measured, unmeasured } from '../support/measured.js';
import { recordOf } from '../support/record.js';

interface Entry {
  name: string;
  unit: string;
  value: number;
  range: string;
  extra: string;
}
type Measures = Record<string, { value: number; lower_value: number; upper_value: number }>;

const sync = measured({ subject: 'sync', ms: 1050, failureRate: 0.05 });
const hybrid = measured({ subject: 'hybrid', ms: 500, change: { events: events({ email: consumer('email') }) } });
const entries = (...trials: Parameters<typeof recordOf>[0]) => JSON.parse(benchmarkReport(recordOf(trials))) as Entry[];
const bmf = (...trials: Parameters<typeof recordOf>[0]) => JSON.parse(bencherReport(recordOf(trials))) as Record<string, Measures>;

describe('benchmarkReport', () => {
  it('has what should be small, by scenario, subject, load and metric', () => {
    expect(entries(sync, hybrid).map(({ name, unit, value }) => `${name} = ${value} ${unit}`)).toEqual([
      'checkout: sync at 100 users: p50 = 1050 ms',
      'checkout: sync at 100 users: p95 = 1050 ms',
      'checkout: sync at 100 users: p99 = 1050 ms',
      'checkout: sync at 100 users: failure_rate = 5 %',
      'checkout: hybrid at 100 users: p50 = 500 ms',
      'checkout: hybrid at 100 users: p95 = 500 ms',
      'checkout: hybrid at 100 users: p99 = 500 ms',
      'checkout: hybrid at 100 users: failure_rate = 0 %',
      'checkout: hybrid at 100 users: completion_p95 = 901 ms',
      'checkout: hybrid at 100 users: lag_p95 = 1 ms',
    ]);
  });

  it('tells how far each is known, and where it comes from', () => {
    const failures = entries(sync).find(({ name }) => name.endsWith('failure_rate'));
    const [low, high] = failures?.range.split(' to ').map(Number) ?? [];
    expect(low).toBeCloseTo(3.9, 1);
    expect(high).toBeCloseTo(6.3, 1);
    expect(failures?.extra).toBe('seed 7, Example CPU @ 2.80GHz, 2 cores');
  });

  it('folds rounds into their median', () => {
    const rounds = [400, 500, 900].map((ms, i) => measured({ subject: 'sync', ms, round: i + 1 }));
    expect(entries(...rounds)).toMatchObject([{ value: 500 }, { value: 500 }, { value: 500 }, { value: 0 }]);
  });

  it('leaves out what is not known', () => {
    const few = measured({ subject: 'sync', ms: 1, sent: 100 });
    expect(entries(few).map(({ name }) => name.split(': ').at(-1))).toEqual(['p50', 'p95', 'failure_rate']);
    expect(entries(measured({ subject: 'sync', ms: 1, sent: 0 }))).toEqual([]);
  });

  it('leaves out what is not valid, in any of its rounds', () => {
    const invalid = { ...sync, round: 2, validity: { valid: false, problems: ['no'], notes: [] } };
    expect(entries(sync, invalid)).toEqual([]);
    expect(entries(sync, unmeasured('sync', 100, 'port in use'))).toEqual([]);
    expect(entries()).toEqual([]);
  });
});

describe('bencherReport', () => {
  it('has a benchmark for each subject and load, and a measure for each metric', () => {
    const report = bmf(sync, hybrid);
    expect(Object.keys(report)).toEqual(['checkout: sync at 100 users', 'checkout: hybrid at 100 users']);
    expect(Object.keys(report['checkout: hybrid at 100 users'] ?? {})).toEqual([
      'p50', 'p95', 'p99', 'failure-rate', 'throughput', 'completion-p95', 'lag-p95',
    ]);
    expect(report['checkout: sync at 100 users']?.['p95']).toEqual({ value: 1050, lower_value: 1050, upper_value: 1050 });
    expect(report['checkout: sync at 100 users']?.['throughput']?.value).toBe(95);
  });

  it('keeps names whole on one line, and no longer than Bencher takes', () => {
    const hostile = '__proto__\n"x" | `y` <script>';
    expect(Object.keys(bmf({ ...sync, architecture: hostile }))).toEqual(['checkout: __proto__ "x" | `y` <script> at 100 users']);
    expect(Object.keys(bmf({ ...sync, architecture: 'x'.repeat(5000) }))[0]).toHaveLength(1024);
    expect(entries({ ...sync, architecture: hostile })[0]?.name).toBe('checkout: __proto__ "x" | `y` <script> at 100 users: p50');
  });

  it('is empty when nothing was measured', () => {
    expect(bmf()).toEqual({});
  });
});
