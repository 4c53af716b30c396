import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { sidesTable } from '../../src/report/sides-table.js';
import { terminalReport } from '../../src/report/terminal.js';
import { comparePairs } from '../../src/verdict/pairs/comparison.js';
import { checkoutRecord, recordOf } from '../support/record.js';
import { pairsOf, runOf, spreadOf } from '../verdict/pairs/blocks.js';

const run = runOf(pairsOf(spreadOf(3, 1, 0.001)));
const record = recordOf([], { paired: [run], comparisons: comparePairs(run), verdict: 'fail' });

describe('base and head', () => {
  it('stand side by side with their numbers, and the change below', () => {
    const [table] = sidesTable(record);
    expect(table?.columns.map(({ label }) => label)).toEqual(['load', 'side', 'subject', 'p50', 'p95', 'ok/s', 'failed', 'requests', 'pairs']);
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['20 users', 'base', 'main', '100 ms', '150 ms', '100/s', '0%', '900', '3'],
      ['20 users', 'head', 'pr', '200 ms', '300 ms', '50/s', '0%', '900', '3'],
      ['20 users', 'change', '', '+100.0%', '+100.0%', '-50.0%', '+0 points', '', '3'],
    ]);
    expect(table?.rows[2]?.map(({ meaning }) => meaning)).toEqual(['plain', 'plain', 'plain', 'bad', 'bad', 'bad', 'plain', 'plain', 'plain']);
  });

  it('are in every report of a comparison in pairs, and in no other', () => {
    const screen = { columns: 100, colour: false, unicode: true, tty: false };
    for (const text of [terminalReport(record, screen), markdownReport(record), htmlReport(record)]) {
      expect(text).toContain('Base and head side by side');
      expect(text).toContain('200 ms');
    }
    const told = terminalReport(record, { ...screen, columns: 120 });
    expect(told).toContain('Find what made it slower: pr/main p50 at 20 users went from 100 ms to 200 ms (+100.0%); 2 more failed.');
    expect(told).toContain('3 pairs of blocks');
    // No table of trials where there are none.
    expect(told).not.toContain('architecture');
    expect(sidesTable(checkoutRecord())).toEqual([]);
  });
});
