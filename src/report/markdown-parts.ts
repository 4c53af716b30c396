/** Pieces of GitHub-flavoured Markdown. Names and messages from outside stay text, whatever they contain. */
import type { RunRecord } from '../measurement/record.js';
import type { Column, Row } from './columns.js';
import { comparedName, comparedResult } from './comparisons.js';
import { oneLine } from './format.js';

/** Signs and words of results. */
export const SIGNS = { pass: '✅ pass', fail: '❌ fail', unknown: '❔ unknown', inconclusive: '❔ unknown' } as const;

/** The table of a run; empty without rows. */
export function runTable(rows: readonly Row[], columns: readonly Column[]): string {
  if (rows.length === 0) return '';
  return [
    line(columns.map((column) => column.label)),
    line(columns.map((column) => (column.align === 'right' ? '---:' : ':---'))),
    ...rows.map((row) => line(columns.map((column) => escape(column.cell(row))))),
  ].join('\n');
}

/** Comparisons as a table; empty when there are none. */
export function comparisons(record: Pick<RunRecord, 'comparisons'>): string {
  const found = record.comparisons.map((it) => [SIGNS[it.state], escape(comparedName(it)), escape(comparedResult(it))]);
  return rowsUnder(['', 'compared', 'found'], found);
}

/** A table; empty without rows. */
export function rowsUnder(head: readonly string[], found: readonly string[][]): string {
  return found.length > 0 ? [line(head), line(head.map(() => '---')), ...found.map(line)].join('\n') : '';
}

/** A section; empty without a body. */
export function titled(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

/** Items as text. */
export function list(items: readonly string[]): string {
  // At the start of an item `1.` or `-` would begin a list of its own.
  const start = /^(\d*)([-+=.)]) /;
  return items.map((item) => `- ${escape(item).replace(start, '$1\\$2 ')}`).join('\n');
}

export function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text that Markdown and HTML take for nothing but text. `@name` would notify people, `#12` would link to an issue. */
export function escape(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('#', '&#35;');
}

/** A code span between more backticks than the text has in a row. */
export function code(text: string): string {
  const safe = oneLine(text);
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${safe} ${fence}` : `${fence}${safe}${fence}`;
}
