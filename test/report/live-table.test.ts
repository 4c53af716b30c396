import { describe, expect, it } from 'vitest';
import { liveTable, trialMessage, type LiveTrial } from '../../src/report/live-table.js';
import { checkoutTrials } from '../support/record.js';
import { unmeasured } from '../support/measured.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';

const screen = { columns: 120, colour: false, unicode: false, tty: true };
const trials = checkoutTrials() as MeasuredTrial[];
const coming: LiveTrial[] = trials.map((head) => ({ head, predicted: null, trial: null, isRunning: false }));
const predicted = coming.map((live, i) => ({ ...live, predicted: { ...(trials[i] as MeasuredTrial), state: 'simulated' as const } }));

/** One row, without the spaces between its cells. */
function row(live: readonly LiveTrial[], i: number, columns = 120): string {
  return (liveTable(live, { ...screen, columns }).lines[i + 2] ?? '').trim().replaceAll(/ {2,}/g, '|');
}

describe('the table of a run that is not over', () => {
  it('has a row for each trial before anything is known of it', () => {
    expect(coming.map((_, i) => row(coming, i))).toEqual([
      '10|sync|to come', 'hybrid|to come', '100|sync|to come', 'hybrid|to come', '500|sync|to come', 'hybrid|to come',
    ]);
    expect(liveTable(coming, screen).running).toBe(-1);
  });

  it('says of every number whether it is predicted or measured', () => {
    const live = predicted.map((one, i) => (i < 2 ? { ...one, trial: trials[i] as MeasuredTrial } : { ...one, isRunning: i === 2 }));
    expect(row(live, 0)).toMatch(/^10\|sync\|measured\|1\.05 s\|/);
    expect(row(live, 1)).toMatch(/^hybrid\|measured\|500 ms\|/);
    expect(row(live, 2)).toMatch(/^100\|sync\|measuring\|2\.00 s\|/);
    expect(row(live, 3)).toMatch(/^hybrid\|predicted\|500 ms\|/);
    expect(liveTable(live, screen).running).toBe(4);
  });

  it('shows the rounds that are measured, and how many those are', () => {
    const rounds = [1, 2, 3].map((round) => ({ ...(predicted[0] as LiveTrial), head: { ...(trials[0] as MeasuredTrial), round } }));
    const first = { ...(trials[0] as MeasuredTrial), round: 1 };
    const live = rounds.map((one, i) => (i === 0 ? { ...one, trial: first } : one));
    expect(liveTable(live, screen).lines).toHaveLength(3);
    expect(row(live, 0)).toContain('sync|measured 1 of 3|');
    expect(row(rounds, 0)).toContain('sync|predicted|');
  });

  it('says what became of a trial without numbers', () => {
    const failed = unmeasured('sync', 10, 'a port was taken');
    const live = [{ ...(predicted[0] as LiveTrial), trial: failed }, ...predicted.slice(1)];
    expect(row(live, 0)).toBe(`10|sync|${failed.state}`);
    expect(trialMessage(0, live)).toBe(`trial 1 of 6: sync at 10 users, ${failed.state}: a port was taken`);
  });

  it.each([40, 60, 80, 120])('is no wider than %i columns, and keeps what matters most', (columns) => {
    const { lines } = liveTable(predicted, { ...screen, columns });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines[0]).toContain('p50');
  });
});

describe('a trial that is over', () => {
  it('is one line of a log, with its numbers', () => {
    const live = predicted.map((one, i) => ({ ...one, trial: trials[i] as MeasuredTrial }));
    expect(trialMessage(2, live)).toBe('trial 3 of 6: sync at 100 users, measured, p50 2.00 s, p95 2.00 s, ok/s 50, failed 0%');
    expect(trialMessage(3, live)).toMatch(/^trial 4 of 6: hybrid at 100 users, measured, p50 500 ms, p95 500 ms, ok\/s 200, failed 0%, .*backlog [\d,]+$/);
  });
});
