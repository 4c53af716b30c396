/** A comment on a pull request: the verdict, what to do next, and head against base in one table and one picture. */
import type { RunRecord } from '../measurement/record.js';
import { columnsOf, rowsOf } from './columns.js';
import { repeatCommand } from './command.js';
import { changeOf, comparedName, comparedValue } from './comparisons.js';
import { githubPicture } from './github.js';
import { code, escape, list, rowsUnder, runTable, SIGNS, titled } from './markdown-parts.js';
import { NEXT_TITLE, nextSentences } from './next-steps.js';
import { problems } from './notes.js';
import { verdictSentence } from './verdict.js';

/** Invisible, at its very beginning: by this a later run finds the comment that it replaces. */
export const COMMENT_MARK = '<!-- sync-vs-events -->';

/** GitHub-flavoured Markdown; without a base, the table is that of the run. */
export function githubComment(record: RunRecord): string {
  const rows = rowsOf(record.trials);
  const sections = [
    COMMENT_MARK,
    `## ${escape(record.scenario.name)}`,
    verdictSentence(record) && `**${escape(verdictSentence(record))}**`,
    titled('Problems', list(problems(record))),
    titled(NEXT_TITLE, list(nextSentences(record))),
    record.comparisons.length > 0 ? sideBySide(record) : runTable(rows, columnsOf(rows)),
    githubPicture(record),
    `Repeat with ${code(repeatCommand(record))} (${escape(`${record.tool.name} ${record.tool.version}`)}).`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function sideBySide({ comparisons }: RunRecord): string {
  const cells = comparisons.map((it) => [
    SIGNS[it.state],
    escape(comparedName(it)),
    escape(comparedValue(it.base, it)),
    escape(comparedValue(it.head, it)),
    escape(changeOf(it.change, it)),
    it.low === null || it.high === null ? '' : escape(`${changeOf(it.low, it)} to ${changeOf(it.high, it)}`),
  ]);
  return rowsUnder(['', 'compared', 'base', 'head', 'change', 'interval'], cells);
}
