/** The report as Markdown, for a job summary, a comment or a wiki: the verdict first. */
import type { RunRecord } from '../measurement/record.js';
import { columnsOf, rowsOf } from './columns.js';
import { repeatCommand } from './command.js';
import { code, comparisons, escape, list, rowsUnder, runTable, SIGNS, titled } from './markdown-parts.js';
import { footnotes, problems, remarks } from './notes.js';
import { SAME_ORDERS_COLUMNS, SAME_ORDERS_TITLE, sameOrdersOf } from './same-orders.js';
import { keySentences } from './sentences.js';
import { verdictSentence } from './verdict.js';

/** GitHub-flavoured Markdown. Names and messages from outside stay text, whatever they contain. */
export function markdownReport(record: RunRecord): string {
  const rows = rowsOf(record.trials);
  const columns = columnsOf(rows);
  const sections = [
    `## ${escape(record.scenario.name)}`,
    verdictSentence(record) && `**${escape(verdictSentence(record))}**`,
    escape(record.scenario.title),
    list(keySentences(record.advice)),
    titled('Problems', list(problems(record))),
    runTable(rows, columns),
    list(footnotes(rows, columns)),
    titled(SAME_ORDERS_TITLE, sameOrders(record)),
    titled('Checks', checks(record)),
    titled('Comparisons', comparisons(record)),
    titled('Remarks', list(remarks(record))),
    `Repeat with ${code(repeatCommand(record))} (${escape(`${record.tool.name} ${record.tool.version}`)}).`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function sameOrders(record: RunRecord): string {
  const head = SAME_ORDERS_COLUMNS.map(({ label }) => label);
  return rowsUnder(head, sameOrdersOf(record).map((row) => SAME_ORDERS_COLUMNS.map(({ cell }) => escape(cell(row)))));
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
