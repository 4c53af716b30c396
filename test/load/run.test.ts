import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/load/journal.js';
import type { Outcome } from '../../src/load/load.js';
import { Progress } from '../../src/load/run.js';

function started() {
  const journal = new Journal(0);
  const progress = new Progress(journal);
  const ended = (intendedAt: number, time: number, outcome: Outcome = 'ok'): void => {
    const row = journal.begin(intendedAt, intendedAt);
    journal.end(row, intendedAt + time, outcome, 0, true);
    progress.ended(row, outcome);
  };
  return { journal, progress, ended };
}

describe('progress', () => {
  it('counts measured requests, and everything in flight', () => {
    const { journal, progress, ended } = started();
    ended(-5, 1, 'timeout');
    ended(0, 1);
    ended(1, 1, 'http5xx');
    journal.begin(2, 2);
    expect(progress.tick()).toMatchObject({ sent: 3, ok: 1, failed: 1, inFlight: 1 });
  });

  it('tells the 95th percentile of the last four ticks', () => {
    const { progress, ended } = started();
    expect(progress.tick().p95).toBeNull();
    for (let time = 1; time <= 100; time++) ended(0, time);
    expect([1, 2, 3, 4].map(() => progress.tick().p95)).toEqual([95, 95, 95, 95]);
    expect(progress.tick().p95).toBeNull();
  });
});
