import { describe, expect, it } from 'vitest';
import { contextOf, isOneAxis, rowsAt, typicalRound } from '../../../src/report/html/context.js';
import { measured, unmeasured } from '../../support/measured.js';
import { recordOf } from '../../support/record.js';

describe('contextOf', () => {
  it('gives every subject a colour of its own, architectures always the same', () => {
    const names = ['hybrid', 'sync', 'mine', 'yours'];
    const context = contextOf(recordOf(names.map((subject) => measured({ subject, ms: 1 }))));
    expect(context.subjects.map(({ name, colour }) => [name, colour])).toEqual([
      ['hybrid', 'subject-2'],
      ['sync', 'subject-0'],
      ['mine', 'subject-4'],
      ['yours', 'subject-5'],
    ]);
  });

  it('tells variants of one architecture apart', () => {
    const trials = ['right', 'wrong'].map((subject) => measured({ subject, ms: 1, change: { base: 'hybrid' } }));
    const { subjects } = contextOf(recordOf(trials));
    expect(new Set(subjects.map(({ colour }) => colour)).size).toBe(2);
  });

  it('lists loads and their rows in order', () => {
    const trials = [measured({ subject: 'sync', users: 100, ms: 1 }), unmeasured('sync', 10, 'died')];
    const context = contextOf(recordOf(trials));
    expect(context.loads).toEqual([
      { model: 'closed', users: 10 },
      { model: 'closed', users: 100 },
    ]);
    expect(rowsAt(context, { model: 'closed', users: 100 })).toHaveLength(1);
  });
});

describe('typicalRound', () => {
  it('is the round in the middle by its p95', () => {
    const rounds = [300, 100, 200].map((ms, i) => measured({ subject: 'sync', ms, round: i + 1 }));
    const [row] = contextOf(recordOf(rounds)).rows;
    expect(row && typicalRound(row)?.round).toBe(3);
  });
});

describe('isOneAxis', () => {
  it('takes loads of one kind that do not change', () => {
    const ramp = { from: 0, stages: [] };
    expect(isOneAxis([])).toBe(false);
    expect(
      isOneAxis([
        { model: 'closed', users: 1 },
        { model: 'closed', users: 2 },
      ]),
    ).toBe(true);
    expect(
      isOneAxis([
        { model: 'closed', users: 1 },
        { model: 'open', rate: 2 },
      ]),
    ).toBe(false);
    expect(isOneAxis([{ model: 'closed', users: 1, ramp }])).toBe(false);
  });
});
