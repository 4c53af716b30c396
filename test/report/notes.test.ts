import { describe, expect, it } from 'vitest';
import type { PlannedTrial, Trial } from '../../src/measurement/record.js';
import { columnsOf, rowsOf } from '../../src/report/columns.js';
import { footnotes, problems, remarks } from '../../src/report/notes.js';
import { measured, times, unmeasured } from '../support/measured.js';

const notesOf = (trials: Trial[]): string[] => footnotes(rowsOf(trials), columnsOf(rowsOf(trials)));
const invalid = (...found: string[]) => ({ validity: { valid: false, problems: found, notes: [] } });

describe('footnotes', () => {
  it('are missing where no mark needs one', () => {
    expect(notesOf([measured({ subject: 'sync', ms: 1 })])).toEqual([]);
  });

  it('explain each mark once', () => {
    const trials = [
      measured({ subject: 'sync', ms: 1, sent: 20, change: { ...invalid('busy'), responseTime: times(1, 20, 20) } }),
      measured({ subject: 'hybrid', ms: 1, sent: 20, change: { state: 'simulated' } }),
    ];
    expect(notesOf(trials)).toEqual([
      '~ too few samples to know: p95 takes 59, p99 299.',
      '>= at least: what timed out or still waits may have taken longer.',
      '! not a valid measurement: see the problems.',
      'Simulated, not measured.',
    ]);
  });

  it('say that rounds were folded', () => {
    const rounds = [1, 2, 3].map((round) => measured({ subject: 'sync', ms: 1, round }));
    expect(notesOf(rounds)).toEqual(['Every number is the median of 3 rounds.']);
  });
});

const plan = { trials: [], estimatedSeconds: 1 };

describe('problems', () => {
  it('tell why a trial has no numbers or bad ones, and the same sentence once', () => {
    const trials = [
      unmeasured('sync', 500, 'The server process was killed by SIGKILL'),
      unmeasured('hybrid', 500, 'interrupted', 'aborted'),
      measured({
        subject: 'sync',
        users: 10,
        ms: 1,
        change: invalid('The generator was busy.', 'The books do not balance.'),
      }),
      measured({ subject: 'hybrid', users: 10, ms: 1, change: invalid('The generator was busy.') }),
      measured({ subject: 'hybrid', users: 100, ms: 1 }),
    ];
    expect(problems({ trials, plan })).toEqual([
      'sync at 500 users: errored: The server process was killed by SIGKILL',
      'hybrid at 500 users: aborted: interrupted',
      'sync at 10 users and hybrid at 10 users: The generator was busy.',
      'sync at 10 users: The books do not balance.',
    ]);
  });

  it('do not include remarks', () => {
    const validity = { valid: true, problems: [], notes: ['No stable warm-up was found.'] };
    const trials = [measured({ subject: 'sync', ms: 1, change: { validity } })];
    expect(problems({ trials, plan })).toEqual([]);
    expect(remarks({ trials, plan })).toEqual(['sync at 100 users: No stable warm-up was found.']);
  });

  it('say first when there were no hops to the services', () => {
    const trials = [measured({ subject: 'sync', ms: 1 })];
    expect(remarks({ trials, plan: { ...plan, hop: 'in-process' } })).toEqual([expect.stringContaining('--services in-process')]);
    expect(remarks({ trials, plan: { ...plan, hop: 'unix' } })).toEqual([expect.stringContaining('--services unix')]);
    expect(remarks({ trials, plan })).toEqual([]);
  });

  it('count the planned trials that were not run', () => {
    const trial = measured({ subject: 'sync', ms: 1 });
    const planned = [trial, trial, trial] as unknown as PlannedTrial[];
    const three = { trials: planned, estimatedSeconds: 1 };
    expect(problems({ trials: [trial], plan: three })).toEqual(['2 of 3 trials were not run.']);
    expect(problems({ trials: [trial, trial, trial], plan: three })).toEqual([]);
  });
});
