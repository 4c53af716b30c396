import { describe, expect, it } from 'vitest';
import type { Screen } from '../../src/report/screen.js';
import { terminalReport } from '../../src/report/terminal.js';
import { comparison } from '../support/comparison.js';
import { measured } from '../support/measured.js';
import { checkoutRecord, HOSTILE, hostileRecord, recordOf, troubledRecord } from '../support/record.js';

const screen = (columns: number, change: Partial<Screen> = {}): Screen => ({
  columns,
  colour: false,
  unicode: true,
  tty: true,
  ...change,
});

/** Characters of each line, without colours. */
// oxlint-disable-next-line no-control-regex
const widths = (text: string): number[] => text.split('\n').map((line) => line.replace(/\u001b\[\d+m/g, '').length);

describe('terminalReport', () => {
  it.each([
    ['terminal-80.txt', screen(80)],
    ['terminal-80-colour.txt', screen(80, { colour: true })],
    ['terminal-160.txt', screen(160)],
    ['terminal-160-colour.txt', screen(160, { colour: true })],
    ['terminal-60-ascii.txt', screen(60, { unicode: false })],
  ])('is exactly %s', async (file, on) => {
    await expect(terminalReport(checkoutRecord(), on)).toMatchFileSnapshot(`expected/${file}`);
  });

  it('shows errored, aborted, empty and invalid trials in plain sight', async () => {
    await expect(terminalReport(troubledRecord(), screen(80))).toMatchFileSnapshot('expected/terminal-troubled.txt');
  });

  it.each([200, 160, 120, 100, 80, 60, 40])('is never wider than %d columns', (columns) => {
    for (const record of [checkoutRecord(), troubledRecord()]) {
      const report = terminalReport(record, screen(columns, { colour: columns % 80 === 0 }));
      expect(Math.max(...widths(report))).toBeLessThanOrEqual(columns);
    }
  });

  it('drops the least important columns first, and never a part of a cell', () => {
    const head = (columns: number): string[] =>
      terminalReport(checkoutRecord(), screen(columns))
        .split('\n')
        .filter((line) => line.includes('architecture'))
        .map((line) => line.trim().split(/ {2,}/).join(' '));
    expect(head(160)).toEqual([
      'users architecture p50 p95 p99 ok/s failed orphaned lag p95 completion p95 backlog pending',
    ]);
    expect(head(80)).toEqual([
      'users architecture p50 p95 p99 ok/s failed orphaned',
      'users architecture lag p95 completion p95 backlog pending',
    ]);
    expect(head(40)).toEqual(['users architecture p50 p95', 'users architecture completion p95']);
    expect(head(10)).toEqual(['users architecture', 'users architecture']);
  });

  it('is ASCII where the screen can do no more, and colours only where it can', () => {
    const ascii = terminalReport(hostileRecord(), screen(80, { unicode: false }));
    expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
    // oxlint-disable-next-line no-control-regex
    expect(terminalReport(checkoutRecord(), screen(80))).not.toMatch(/\u001b/);
  });

  it('lets no hostile name act on the terminal', () => {
    const report = terminalReport(hostileRecord(), screen(160));
    // oxlint-disable-next-line no-control-regex
    expect(report).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(report.split('\n').some((line) => line.startsWith('::error::'))).toBe(false);
    expect(HOSTILE).toContain('\u001b');
  });

  it('says nothing of charts, checks and events that there are none of', () => {
    const report = terminalReport(recordOf([measured({ subject: 'sync', ms: 100 })]), screen(80));
    expect(report).not.toMatch(/Response time p95|Backlog|Checks|Comparisons|Problems|PASS/);
  });

  it('shows comparisons with their intervals', () => {
    const record = recordOf([], { comparisons: [comparison()], verdict: 'fail' });
    expect(terminalReport(record, screen(120))).toContain(
      'FAIL    head/base p95 at 100 users  slower, +5.0% (+3.2% to +7.0%), 12 pairs, changes from +3.0% on could be seen',
    );
  });
});
