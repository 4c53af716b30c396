import { describe, expect, it } from 'vitest';
import { Remaining, showProgress, showSimulations } from '../../src/cli/progress.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { ProgressState } from '../../src/report/progress.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { checkout } from '../support/record.js';

const state = (elapsed: number): ProgressState => ({
  trial: { architecture: 'hybrid', load: { model: 'closed', users: 500 } },
  position: 2,
  trials: 6,
  phase: 'measuring',
  elapsed,
  left: 60_000 - elapsed,
  replies: 832,
  failed: 0,
  p95: 603,
  backlog: 7821,
});

/** What is written when the run tells where it is at these moments, ms. */
function written(moments: readonly number[], stderr: { isTTY?: boolean; columns?: number }, options = { progress: true, quiet: false }): string[] {
  const lines: string[] = [];
  let now = 0;
  const time = { date: () => new Date(0), now: () => now };
  const io = { env: { LANG: 'C.UTF-8' }, stderr: { ...stderr, write: (text: string) => void lines.push(text) }, time };
  const line = showProgress(options, io);
  for (now of moments) line.update(state(now));
  line.end();
  return lines;
}

describe('showProgress', () => {
  it('writes a line every 10 s where nobody looks', () => {
    const lines = written([0, 250, 9_999, 10_000, 19_000, 25_000, 34_999], {});
    expect(lines.map((line) => /(\d:\d\d) elapsed/.exec(line)?.[1])).toEqual(['0:00', '0:10', '0:25']);
    expect(lines[1]).toBe(
      'trial 2 of 6: hybrid at 500 users, measuring, 832 ok/s, p95 603 ms, 0 failed, backlog 7,821, 0:10 elapsed, 0:50 left\n',
    );
  });

  it('writes one line over itself on a terminal, and clears it in the end', () => {
    const lines = written([0, 250], { isTTY: true, columns: 120 });
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.startsWith('\r\u001b[2K')).toBe(true);
    expect(lines[1]).toContain('2/6 hybrid at 500 users  measuring  832 ok/s');
    expect(lines.join('')).not.toContain('\n');
    expect(lines[2]).toBe('\r\u001b[2K');
  });

  it.each([
    ['--no-progress', { progress: false, quiet: false }],
    ['--quiet', { progress: true, quiet: true }],
  ])('writes nothing with %s', (_, options) => {
    expect(written([0, 10_000], { isTTY: true }, options)).toEqual([]);
  });
});

describe('showSimulations', () => {
  function told(moments: readonly [number, number][], stderr: { isTTY?: boolean; columns?: number }): string[] {
    const lines: string[] = [];
    let now = 0;
    const time = { date: () => new Date(0), now: () => now };
    const line = showSimulations({ progress: true }, { env: { LANG: 'C.UTF-8' }, stderr: { ...stderr, write: (text: string) => void lines.push(text) }, time });
    for (const [at, done] of moments) {
      now = at;
      line.update({ done, asked: 12 });
    }
    line.end();
    return lines;
  }

  it('tells a log nothing of those that take a moment, and a line now and then of those that take longer', () => {
    const moments: [number, number][] = [[0, 0], [9_999, 3], [10_000, 4], [15_000, 6], [21_000, 9]];
    expect(told(moments, {})).toEqual(['4 of 12 trials simulated, 0:10 elapsed\n', '9 of 12 trials simulated, 0:21 elapsed\n']);
  });

  it('writes one line over itself on a terminal, and clears it in the end', () => {
    const lines = told([[0, 0], [2000, 3]], { isTTY: true, columns: 80 });
    expect(lines).toEqual(['░░░░░░░░░░░░  0/12 trials simulated  0:00', '███░░░░░░░░░  3/12 trials simulated  0:02', ''].map((text) => `\r\u001b[2K${text}`));
    expect(told([[0, 0]], { isTTY: true, columns: 30 })[0]).toBe('\r\u001b[2K0/12 trials simulated  0:00');
  });
});

describe('Remaining', () => {
  const scenario = checkout();
  const plan = planTrials({ ...scenario, load: { ...scenario.load, users: [10, 10, 10, 10] } }, [subjectOf(scenario, 'sync') as Subject], 1);
  // The first trial sends a few requests alone before: it is expected to take longer than the others, which are alike.
  const all = new Remaining(plan).at(0);

  it('is what the plan expects until the first trial begins, however long that takes', () => {
    expect(all / 1000).toBeCloseTo(plan.estimatedSeconds, 0);
    expect(new Remaining(plan).at(9000)).toBe(all);
  });

  it('grows where the trials that are over took longer than expected, and is never nothing while there are more', () => {
    const slow = new Remaining(plan);
    for (let position = 0; position < 4; position++) {
      slow.began(position, position * all);
      expect(slow.at(position * all)).toBeGreaterThan((all * (3 - position)) / 4);
      expect(slow.at((position + 1) * all) > 0).toBe(position < 3);
    }
    // Each took all of what was expected of the four, one of which counts as expected: of the last, 3.25 of 4 times that.
    expect(slow.at(3 * all) / all).toBeCloseTo(3.25 / 4, 1);
  });

  it('shrinks by what passes, to nothing at the end of a run that keeps to its plan', () => {
    const steady = new Remaining(plan);
    steady.began(0, 0);
    expect(steady.at(500)).toBeCloseTo(all - 500);
    steady.began(1, all / 4);
    expect(steady.at(all)).toBeGreaterThan(0);
    for (const position of [2, 3]) steady.began(position, (all * position) / 4);
    expect(steady.at(all) / all).toBeCloseTo(0, 1);
  });
});
