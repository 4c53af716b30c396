/** Times between two hosts are shown with what their clocks are known to. */
import { describe, expect, it } from 'vitest';
import { clockProblems, withClocks } from '../../src/measurement/clock-bounds.js';
import type { HostClocks } from '../../src/measurement/schema/clocks.js';
import { summarise } from '../../src/measurement/times.js';
import { columnsOf, rowsOf } from '../../src/report/columns.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { trialOf } from '../support/trial.js';

const clocks = (lagBound: number, completionBound = lagBound): HostClocks => ({ hosts: {}, lagBound, completionBound });
const times = (...values: number[]) => summarise(values);

describe('bounds of clocks', () => {
  it.each([
    ['a tenth of the median is enough', 1, 10, []],
    ['more is not', 1.1, 10, ['The clocks of the hosts are known to 1.1 ms, and the p50 of the event lag is 10.0 ms: more than a tenth of it is no measurement. Put the hosts nearer together.']],
    ['a median below the bound is only that', 5, 0, [expect.stringContaining('the p50 of the event lag is below that')]],
    ['one clock needs none', 0, 0, []],
  ])('%s', (_, bound, p50, problems) => {
    expect(clockProblems(clocks(bound, 0), { lag: times(p50), completionTime: times(1000) })).toEqual(problems);
  });

  it('says nothing of a trial without events', () => {
    expect(clockProblems(clocks(5), null)).toEqual([]);
  });
});

describe('a trial of several clocks', () => {
  const trial = trialOf({ scenario: builtIn('checkout')!, architecture: 'hybrid', users: 10 });
  const cellOf = (bounds: HostClocks, label: string): string => {
    const rows = rowsOf([withClocks(trial, bounds)]);
    return columnsOf(rows).find((column) => column.label === label)!.cell(rows[0]!);
  };

  it('shows a lag below the bound as no more than that, and another as it is', () => {
    const { lag } = trial.events!;
    expect(cellOf(clocks(lag.p95! + 1), 'lag p95')).toMatch(/^< [\d.]+ m?s$/);
    expect(cellOf(clocks(0.9 * lag.p95!), 'lag p95')).not.toContain('<');
    expect(cellOf(clocks(0), 'completion p95')).toBe(cellOf(clocks(1), 'completion p95'));
  });

  it('tells the bounds in its remarks, and keeps the account', () => {
    const told = withClocks(trial, clocks(0.25, 1.5));
    expect(told.validity.notes[0]).toBe('Several hosts, several clocks: an event lag is right to 0.25 ms, and a completion time is right to 1.5 ms.');
    expect(told.events).toBe(trial.events);
    expect(withClocks(trial, clocks(0, 2)).validity.notes[0]).toContain('an event lag is of one clock');
  });
});
