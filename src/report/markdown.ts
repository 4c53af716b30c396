/** The report as Markdown, for a job summary, a comment or a wiki: the verdict first. */
import type { RunRecord } from '../measurement/record.js';
import { columnsOf, rowsOf } from './columns.js';
import { repeatCommand } from './command.js';
import { comparedName, comparedResult } from './comparisons.js';
import { oneLine } from './format.js';
import { footnotes, missingTrials, problems, remarks } from './notes.js';
import { keySentences } from './sentences.js';
import { verdictSentence } from './verdict.js';

const SIGNS = { pass: '✅ pass', fail: '❌ fail', unknown: '❔ unknown', inconclusive: '❔ unknown' } as const;

/** GitHub-flavoured Markdown. Names and messages from outside stay text, whatever they contain. */
export function markdownReport(record: RunRecord): string {
  const rows = rowsOf(record.trials);
  const columns = columnsOf(rows);
  const missing = missingTrials(record);
  const table = [
    line(columns.map((column) => column.label)),
    line(columns.map((column) => (column.align === 'right' ? '---:' : ':---'))),
    ...rows.map((row) => line(columns.map((column) => escape(column.cell(row))))),
  ];
  const sections = [
    `## ${escape(record.scenario.name)}`,
    verdictSentence(record) && `**${escape(verdictSentence(record))}**`,
    escape(record.scenario.title),
    list(keySentences(record.advice)),
    titled('Problems', list([...(missing ? [missing] : []), ...problems(record)])),
    rows.length > 0 ? table.join('\n') : '',
    list(footnotes(rows, columns)),
    titled('Checks', checks(record)),
    titled('Comparisons', comparisons(record)),
    titled('Remarks', list(remarks(record))),
    `Repeat with ${code(repeatCommand(record))} (${escape(`${record.tool.name} ${record.tool.version}`)}).`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function checks(record: RunRecord): string {
  const found = record.checks.map(({ expression, state, level, detail }) => [
    level === 'warn' && state === 'fail' ? '⚠️ warn' : SIGNS[state],
    // A table is cut into cells before its code spans are found.
    code(expression).replaceAll('|', '\\|'),
    escape(detail) + (level === 'warn' ? ' (warning)' : ''),
  ]);
  return rowsUnder(['', 'check', 'found'], found);
}

function comparisons(record: RunRecord): string {
  const found = record.comparisons.map((it) => [SIGNS[it.state], escape(comparedName(it)), escape(comparedResult(it))]);
  return rowsUnder(['', 'compared', 'found'], found);
}

function rowsUnder(head: readonly string[], found: readonly string[][]): string {
  return found.length > 0 ? [line(head), line(head.map(() => '---')), ...found.map(line)].join('\n') : '';
}

function titled(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

function list(items: readonly string[]): string {
  // At the start of an item `1.` or `-` would begin a list of its own.
  const start = /^(\d*)([-+=.)]) /;
  return items.map((item) => `- ${escape(item).replace(start, '$1\\$2 ')}`).join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text that Markdown and HTML take for nothing but text. `@name` would notify people, `#12` would link to an issue. */
function escape(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('#', '&#35;');
}

/** A code span between more backticks than the text has in a row. */
function code(text: string): string {
  const safe = oneLine(text);
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${safe} ${fence}` : `${fence}${safe}${fence}`;
}
