import { describe, expect, it } from 'vitest';
import { fold, groupTrials, median } from '../../src/advice/rounds.js';
import { measured, unmeasured } from '../support/measured.js';

describe('groupTrials', () => {
  it('orders by load, then as the subjects first appear, whatever the order of the rounds', () => {
    const trials = [
      measured({ subject: 'sync', users: 100, ms: 1 }),
      measured({ subject: 'hybrid', users: 100, ms: 1 }),
      measured({ subject: 'hybrid', users: 10, ms: 1, round: 2 }),
      measured({ subject: 'sync', users: 10, ms: 1, round: 2 }),
      measured({ subject: 'sync', rate: 50, ms: 1 }),
    ];
    const order = groupTrials(trials).map(({ architecture, load }) => [architecture, load]);
    expect(order).toEqual([
      ['sync', { model: 'closed', users: 10 }],
      ['hybrid', { model: 'closed', users: 10 }],
      ['sync', { model: 'closed', users: 100 }],
      ['hybrid', { model: 'closed', users: 100 }],
      ['sync', { model: 'open', rate: 50 }],
    ]);
  });

  it('takes numbers from the valid rounds only, when there are any', () => {
    const bad = { validity: { valid: false, problems: ['busy'], notes: [] } };
    const mixed = groupTrials([
      measured({ subject: 'sync', ms: 100 }),
      measured({ subject: 'sync', ms: 900, round: 2, change: bad }),
      unmeasured('sync', 100, 'died'),
    ])[0];
    expect(mixed).toMatchObject({ valid: true, measured: [{ round: 1 }] });
    expect(mixed?.rounds).toHaveLength(3);
    const allBad = groupTrials([measured({ subject: 'sync', ms: 900, change: bad })])[0];
    expect(allBad).toMatchObject({ valid: false, measured: [{ round: 1 }] });
    expect(groupTrials([unmeasured('sync', 100, 'died')])[0]).toMatchObject({ valid: false, measured: [] });
  });
});

describe('fold', () => {
  it('is the median over the rounds', () => {
    const [group] = groupTrials([400, 100, 200].map((ms, i) => measured({ subject: 'sync', ms, round: i + 1 })));
    expect(group && fold(group, (trial) => trial.responseTime.p50)).toBe(200);
  });
});

describe('median', () => {
  it.each([
    [[], null],
    [[null], null],
    [[3], 3],
    [[3, null, 1], 2],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
