import { describe, expect, it } from 'vitest';
import { timesBesideFailures } from '../../src/verdict/beside-failures.js';
import { comparison } from '../support/comparison.js';

const faster = { reading: 'faster', state: 'pass', change: -0.4 } as const;
const failures = (change: number | null, state: 'pass' | 'fail' | 'inconclusive') =>
  comparison({ metric: 'failure_rate', scale: 'points', change, state, limits: { margin: 0.002, tolerance: 0.01 } });

describe('timesBesideFailures', () => {
  it('takes back "faster" and "no worse" of a head that fails more, and says why', () => {
    const rows = timesBesideFailures([
      comparison({ ...faster, metric: 'p50' }),
      comparison({ metric: 'p95', reading: 'unsure', state: 'pass', change: 0 }),
      comparison({ ...faster, metric: 'completion_p95' }),
      failures(0.1234, 'fail'),
    ]);
    const why = 'not judged: the head fails 12.34 points more, and failing is quick';
    for (const row of rows.slice(0, 3)) expect(row).toMatchObject({ reading: 'unsure', state: 'inconclusive', why });
    expect(rows[0]).toMatchObject({ change: -0.4 });
    expect(rows[3]).toEqual(failures(0.1234, 'fail'));
  });

  it('does so when more failures were seen and not ruled out', () => {
    expect(timesBesideFailures([comparison({ ...faster, metric: 'p50' }), failures(0.003, 'inconclusive')])[0]?.state).toBe('inconclusive');
  });

  it('leaves alone what is slower, what counts good answers, and what could not be told', () => {
    const rows = [
      comparison({ metric: 'p50', reading: 'slower', state: 'fail' }),
      comparison({ ...faster, metric: 'throughput' }),
      comparison({ metric: 'p95', reading: 'unsure', state: 'inconclusive', why: 'no request was answered' }),
      failures(0.3, 'fail'),
    ];
    expect(timesBesideFailures(rows)).toEqual(rows);
  });

  it.each([
    ['as many', failures(0, 'pass')],
    ['fewer', failures(-0.3, 'inconclusive')],
    ['within the margin', failures(0.002, 'inconclusive')],
    ['shown to be within the tolerance', failures(0.005, 'pass')],
    ['unknown', failures(null, 'inconclusive')],
  ])('leaves times alone beside failures that are %s', (_, row) => {
    const rows = [comparison({ ...faster, metric: 'p50' }), row];
    expect(timesBesideFailures(rows)).toEqual(rows);
  });

  it('leaves times alone where no failures were compared', () => {
    const rows = [comparison({ ...faster, metric: 'p50' })];
    expect(timesBesideFailures(rows)).toEqual(rows);
  });
});
