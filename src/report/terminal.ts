/** The report on a screen: what was measured, what is wrong with it, the table, what it means, and the checks. */
import type { Check, RunRecord } from '../measurement/record.js';
import { columnsOf, rowsOf } from './columns.js';
import { repeatCommand } from './command.js';
import { comparedName, comparedResult } from './comparisons.js';
import { formatCount } from './format.js';
import { footnotes, missingTrials, problems, remarks } from './notes.js';
import type { Screen } from './screen.js';
import { keySentences } from './sentences.js';
import { drawBacklogs, drawResponseTimes } from './terminal-charts.js';
import { meaningOf, showable, styleOf, wrap, type Style } from './terminal-style.js';
import { drawTables } from './terminal-table.js';
import { verdictSentence } from './verdict.js';

/** The report of a run as text for this screen: no line is wider, unless a single word is. Ends with a line break. */
export function terminalReport(record: RunRecord, screen: Screen): string {
  const style = styleOf(screen);
  const rows = rowsOf(record.trials);
  const columns = columnsOf(rows);
  const sections = [
    headline(record, style),
    list('Problems', problemsOf(record), style, style.paint.warn),
    ...drawTables(rows, columns, style),
    footnotes(rows, columns)
      .map((note) => style.paint.quiet(wrap(note, screen)))
      .join('\n'),
    list('What happened', keySentences(record.advice), style),
    ...charts(rows, style),
    checks(record, style),
    comparisons(record, style),
    list('Remarks', remarks(record), style, style.paint.quiet),
    `${style.paint.quiet('Repeat with')}\n  ${showable(repeatCommand(record), screen)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(record: RunRecord, { paint, screen }: Style): string {
  const { scenario, tool, environment, seed } = record;
  const title = wrap(`${scenario.name} - ${scenario.title}`, screen);
  const facts = [
    `${formatCount(record.trials.length)} trials`,
    `seed ${seed}`,
    `${tool.name} ${tool.version}`,
    `Node ${environment.node}`,
    `${environment.cores} cores`,
  ];
  const verdict = verdictSentence(record);
  const meaning = { pass: paint.good, fail: paint.bad, unknown: paint.warn }[record.verdict];
  const lines = [paint.bold(title), paint.quiet(wrap(facts.join(', '), screen))];
  return [...lines, ...(verdict ? [meaning(wrap(verdict, screen))] : [])].join('\n');
}

function problemsOf(record: RunRecord): string[] {
  const missing = missingTrials(record);
  return missing ? [missing, ...problems(record)] : problems(record);
}

function list(title: string, items: readonly string[], { paint, screen }: Style, colour = paint.plain): string {
  if (items.length === 0) return '';
  return [paint.bold(title), ...items.map((item) => colour(wrap(item, screen, '    ', '  - ')))].join('\n');
}

const GAP = 4;

/** Beside each other where the screen is wide enough for both. */
function charts(rows: Parameters<typeof drawBacklogs>[0], style: Style): string[] {
  const half = { ...style, screen: { ...style.screen, columns: Math.floor((style.screen.columns - GAP) / 2) } };
  if (half.screen.columns < 70) return [drawResponseTimes(rows, style), drawBacklogs(rows, style)];
  const [left, right] = [drawResponseTimes(rows, half).split('\n'), drawBacklogs(rows, half).split('\n')];
  const lines = Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [left[i] ?? '', right[i] ?? '']);
  const width = half.screen.columns + GAP;
  return [
    lines
      .map(([one = '', other = '']) => (one + ' '.repeat(Math.max(0, width - visible(one))) + other).trimEnd())
      .join('\n'),
  ];
}

/** Characters of a line without its colours. */
function visible(line: string): number {
  // oxlint-disable-next-line no-control-regex
  return line.replace(/\u001b\[\d+m/g, '').length;
}

const WORDS = { pass: 'pass', fail: 'FAIL', unknown: 'unknown', inconclusive: 'unknown' } as const;

function checks({ checks: all }: RunRecord, style: Style): string {
  const lines = all.map((check) => ({
    ...check,
    name: check.expression,
    detail: check.detail + (check.level === 'warn' ? ' (warning)' : ''),
  }));
  return results('Checks', lines, style);
}

function comparisons(record: RunRecord, style: Style): string {
  const lines = record.comparisons.map((comparison) => ({
    state: comparison.state === 'inconclusive' ? ('unknown' as const) : comparison.state,
    level: comparison.gate ? ('error' as const) : ('warn' as const),
    name: comparedName(comparison),
    detail: comparedResult(comparison),
  }));
  return results('Comparisons', lines, style);
}

type Result = Pick<Check, 'state' | 'level' | 'detail'> & { name: string };

/** A sign, a word, what was asked and what was found; the last goes to a line of its own where there is no room. */
function results(title: string, lines: readonly Result[], style: Style): string {
  if (lines.length === 0) return '';
  const { paint, sign, screen } = style;
  const name = Math.max(...lines.map((line) => line.name.length));
  const drawn = lines.map((line) => {
    const state = `${sign[line.state]} ${WORDS[line.state].padEnd(7)}`;
    const text = `${' '.repeat(12)}${showable(line.name, screen).padEnd(name)}  ${showable(line.detail, screen)}`;
    const body =
      text.length <= screen.columns
        ? text
        : `${wrap(line.name, screen, ' '.repeat(12))}\n${wrap(line.detail, screen, ' '.repeat(14))}`;
    return `  ${paint[meaningOf(line)](state)} ${body.slice(12)}`;
  });
  return [paint.bold(title), ...drawn].join('\n');
}
