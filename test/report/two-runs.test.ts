import { describe, expect, it } from 'vitest';
import type { Screen } from '../../src/report/screen.js';
import { twoRunTable } from '../../src/report/two-runs.js';
import { twoRunsMarkdown } from '../../src/report/markdown.js';
import { twoRunsTerminal } from '../../src/report/terminal.js';
import { hostileRecord } from '../support/record.js';
import { changedRuns, twoRuns } from '../support/two-runs.js';

const screen = (columns: number, colour = false): Screen => ({ columns, colour, unicode: true, tty: true });

describe('two runs side by side', () => {
  it('have each column once for either run, and a row for whatever one of them has', () => {
    const { rows, columns } = twoRunTable(changedRuns());
    const cell = (name: string, users: number, label: string): string | undefined => {
      const row = rows.find(({ architecture, load }) => architecture === name && load.model === 'closed' && load.users === users);
      return row && columns.find((column) => column.label === label)?.cell(row);
    };
    expect(columns.slice(0, 6).map(({ label }) => label)).toEqual(['users', 'architecture', 'p50 A', 'p50 B', 'p95 A', 'p95 B']);
    expect(cell('sync', 500, 'p50 A')).toMatch(/ s$/);
    expect(cell('sync', 500, 'p50 B')).toBe('-');
    expect([cell('mine', 100, 'p50 A'), cell('mine', 100, 'p50 B')]).toEqual(['-', '700 ms']);
    expect(cell('sync', 10, 'p50 A')).toBe(cell('sync', 10, 'p50 B'));
    // Valid in A only: the row as a whole is not.
    expect(cell('hybrid', 500, 'architecture')).toBe('hybrid !');
  });

  it.each([
    ['two-runs-80.txt', screen(80)],
    ['two-runs-160.txt', screen(160)],
  ])('are exactly %s', async (file, on) => {
    await expect(twoRunsTerminal(changedRuns(), on)).toMatchFileSnapshot(`expected/${file}`);
  });

  it.each([160, 100, 80, 60])('are never wider than %d columns, and lose a column for both runs or for none', (columns) => {
    const lines = twoRunsTerminal(changedRuns(), screen(columns)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    for (const head of lines.filter((line) => line.includes('architecture  '))) {
      expect(head.match(/ A\b/g)?.length).toBe(head.match(/ B\b/g)?.length);
    }
  });

  it('say why they are not compared when they answer different questions', () => {
    const { a, b } = changedRuns();
    const [step] = b.record.scenario.steps;
    if (step) step.timeout = 77;
    const text = twoRunsTerminal(twoRuns(a.record, b.record), screen(160));
    expect(text).toContain('The scenarios differ: steps.0.timeout is');
    expect(text).not.toContain('more than noise');
    expect(text).toContain('p95 A');
  });

  it('are Markdown, with hostile names as text', async () => {
    await expect(twoRunsMarkdown(changedRuns())).toMatchFileSnapshot('expected/two-runs.md');
    const hostile = twoRunsMarkdown(twoRuns(hostileRecord(), hostileRecord()));
    expect(hostile.replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '')).not.toMatch(/<\w|@all/);
  });
});
