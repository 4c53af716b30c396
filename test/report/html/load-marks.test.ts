import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/report/html/chart.js';
import { contextOf } from '../../../src/report/html/context.js';
import { crossovers, knees, limits } from '../../../src/report/html/load-marks.js';
import { measured } from '../../support/measured.js';
import { checkoutRecord, recordOf } from '../../support/record.js';

describe('limits', () => {
  it('are those set on this metric of one subject', () => {
    const context = contextOf(checkoutRecord());
    expect(limits(context, 'p95')).toEqual([
      { kind: 'horizontal', at: 600, label: 'hybrid: p95 < 600ms', colour: 'subject-2' },
    ]);
    expect(limits(context, 'p99')).toMatchObject([{ at: 1200, colour: 'subject-0' }]);
    expect(limits(context, 'failure_rate')).toEqual([]);
  });

  it('are none where an expression cannot be read any more', () => {
    const check = { state: 'pass', level: 'error', detail: '', observed: null } as const;
    const trials = [measured({ subject: 'sync', ms: 1 }), measured({ subject: 'hybrid', ms: 1 })];
    const expressions = ['of another version', 'sync/hybrid: p95 >= 1.5', 'sync@100: p95 < 1s', 'sync@100: p95 < 1s'];
    const record = recordOf(trials, { checks: expressions.map((expression) => ({ expression, ...check })) });
    expect(limits(contextOf(record), 'p95')).toMatchObject([{ at: 1000 }]);
  });
});

describe('knees', () => {
  it('are told once for each subject that has a bottleneck', () => {
    expect(knees(contextOf(checkoutRecord()))).toMatchObject([
      { kind: 'vertical', at: 52.5, label: 'knee of sync: 53 users (email)' },
      { kind: 'vertical', label: 'knee of hybrid: 417 users (payment)' },
    ]);
  });

  it('are none against a rate', () => {
    expect(knees(contextOf(recordOf([measured({ subject: 'sync', rate: 5, ms: 1 })])))).toEqual([]);
  });
});

describe('crossovers', () => {
  const line = (label: string, y: (number | null)[]): Series => {
    return { label, colour: 'subject-0', style: 'line', x: [10, 100, 500], y };
  };

  it('stand where the lines cross', () => {
    expect(crossovers([line('sync', [100, 200, 1000]), line('hybrid', [200, 250, 300])])).toMatchObject([
      { kind: 'vertical', at: 100 + (400 * 50) / 750, label: 'sync and hybrid cross at about 127' },
    ]);
  });

  it.each([
    ['the order stays', [100, 200, 300], [200, 300, 400]],
    ['the lines lie on each other', [100, 200, 300], [101, 199, 301]],
    ['a value is missing', [100, null, 300], [200, 300, null]],
  ])('are none where %s', (_, a, b) => {
    expect(crossovers([line('a', a), line('b', b)])).toEqual([]);
  });
});
