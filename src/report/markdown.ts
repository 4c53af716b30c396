/** The report as Markdown, for a job summary, a comment or a wiki: the verdict, what happened and what to do next come first. */
import type { RunRecord } from '../measurement/record.js';
import { columnsOf, rowsOf } from './columns.js';
import { repeatCommand } from './command.js';
import { code, comparisons, escape, list, rowsUnder, runTable, SIGNS, titled } from './markdown-parts.js';
import { NEXT_TITLE, nextSentences } from './next-steps.js';
import { footnotes, problems, remarks } from './notes.js';
import { keySentences } from './sentences.js';
import type { SideTable } from './side-table.js';
import { sideTablesOf } from './side-tables.js';
import { bothProblems, changeSentence, changesOf, differenceList, runLines, type TwoRuns, twoRunTable } from './two-runs.js';
import { verdictSentence } from './verdict.js';

/**
 * GitHub-flavoured Markdown. Names and messages from outside stay text, whatever they contain.
 * @param picture Markdown that is shown before the tables
 */
export function markdownReport(record: RunRecord, picture = ''): string {
  const rows = rowsOf(record.trials);
  const columns = columnsOf(rows);
  const beside = sideTablesOf(record);
  const sections = [
    `## ${escape(record.scenario.name)}`,
    verdictSentence(record) && `**${escape(verdictSentence(record))}**`,
    escape(record.scenario.title),
    titled('Problems', list(problems(record))),
    list(keySentences(record.advice)),
    titled(NEXT_TITLE, list(nextSentences(record))),
    `Repeat with ${code(repeatCommand(record))} (${escape(`${record.tool.name} ${record.tool.version}`)}).`,
    picture,
    runTable(rows, columns),
    list(footnotes(rows, columns, beside)),
    ...beside.map((table) => titled(table.title, sideTable(table))),
    titled('Checks', checks(record)),
    titled('Comparisons', comparisons(record)),
    titled('Remarks', list(remarks(record))),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function sideTable({ columns, rows }: SideTable): string {
  return rowsUnder(columns.map(({ label }) => label), rows.map((cells) => cells.map(({ text }) => escape(text))));
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

/** GitHub-flavoured Markdown. Names and messages from outside stay text, whatever they contain. */
export function twoRunsMarkdown(runs: TwoRuns): string {
  const { rows, columns } = twoRunTable(runs);
  const sections = [
    '## Two runs side by side',
    list(runLines(runs)),
    titled('Problems', list(bothProblems(runs))),
    runTable(rows, columns),
    list(footnotes(rows, columns)),
    titled('Comparisons', comparisons(changesOf(runs))),
    escape(changeSentence(runs)),
    titled('What else is different', list(differenceList(runs))),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
