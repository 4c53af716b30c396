import { describe, expect, it } from 'vitest';
import { progressLine, progressMessage, type ProgressState } from '../../src/report/progress.js';

const state: ProgressState = {
  trial: { architecture: 'hybrid', load: { model: 'closed', users: 500 } },
  position: 6,
  trials: 6,
  phase: 'measuring',
  elapsed: 61_000,
  left: 21_000,
  replies: 832.4,
  failed: 0,
  p95: 603,
  backlog: 7821,
};
const screen = { columns: 160, colour: false, unicode: true, tty: true };

describe('progressLine', () => {
  it('tells where the run is', () => {
    expect(progressLine(state, screen)).toBe(
      '████████░░░░  6/6 hybrid at 500 users  measuring  832 ok/s  p95 603 ms  0 failed  backlog 7,821  0:21 left',
    );
  });

  it('leaves out what is not known yet', () => {
    const early = { ...state, phase: 'warming up', elapsed: 0, replies: null, failed: null, p95: null, backlog: null };
    expect(progressLine(early, { ...screen, unicode: false })).toBe(
      '------------  6/6 hybrid at 500 users  warming up  0:21 left',
    );
  });

  it.each([
    [80, '6/6 hybrid at 500 users  measuring  832 ok/s  p95 603 ms  0 failed  0:21 left'],
    [60, '6/6 hybrid at 500 users  measuring  832 ok/s  0:21 left'],
    [40, '6/6 hybrid at 500 users  0:21 left'],
    [30, '6/6 hybrid at 500 users'],
    [10, ''],
  ])('fits %d columns', (columns, line) => {
    expect(progressLine(state, { ...screen, columns })).toBe(line);
  });

  it('shows what is left by the clock', () => {
    expect(progressLine({ ...state, left: 3_723_000 }, screen)).toContain('1:02:03 left');
    expect(progressLine({ ...state, left: -5 }, screen)).toContain('0:00 left');
  });

  it('shows hostile names as this screen can', () => {
    const hostile = { ...state, trial: { ...state.trial, architecture: 'é\u001b[2J' } };
    expect(progressLine(hostile, { ...screen, unicode: false })).toContain('6/6 ? [2J at 500 users');
  });
});

describe('progressMessage', () => {
  it('is a line for a log', () => {
    expect(progressMessage(state)).toBe(
      'trial 6 of 6: hybrid at 500 users, measuring, 832 ok/s, p95 603 ms, 0 failed, backlog 7,821, 1:01 elapsed, 0:21 left',
    );
  });
});
