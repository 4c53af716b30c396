import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownReport } from '../../src/report/markdown.js';
import { measured } from '../support/measured.js';
import { checkoutRecord, hostileRecord, recordOf, troubledRecord } from '../support/record.js';

/** Cells of a table line, as GitHub cuts them. */
const cells = (line: string): string[] => line.split(/(?<!\\)\|/).slice(1, -1);

describe('markdownReport', () => {
  it('is exactly this: the verdict first', async () => {
    await expect(markdownReport(checkoutRecord())).toMatchFileSnapshot('expected/report.md');
  });

  it('names the problems', () => {
    const text = markdownReport(troubledRecord());
    expect(text).toContain('**UNKNOWN: see the problems.**');
    expect(text).toContain('- 1 of 6 trials were not run.');
    expect(text).toContain('- hybrid at 10 users: errored: The server process was killed by SIGKILL');
  });

  it('keeps hostile names as text', () => {
    const text = markdownReport(hostileRecord());
    // Code spans are text by themselves.
    const outside = text.replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/<\w/);
    expect(outside).not.toContain('@all');
    expect(text).not.toContain('\n::error::');
    for (const character of '\u0000\u001b\u202e') expect(text).not.toContain(character);
    const tables = text.split('\n').filter((line) => line.startsWith('|'));
    const widths = tables.map((line) => cells(line).length);
    expect(new Set(widths)).toEqual(new Set([11, 3]));
  });

  it('has one cell for each column whatever the names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const lines = markdownReport(recordOf([measured({ subject: name, ms: 1 })])).split('\n');
        const table = lines.filter((line) => line.startsWith('| '));
        expect(new Set(table.map((line) => cells(line).length))).toEqual(new Set([7]));
      }),
    );
  });
});
