/** The report on a screen, as a decision: what is wrong with it, what happened and what to do next, and then the evidence. */
import type { RunRecord } from '../measurement/record.js';
import { columnsOf, rowsOf } from './columns.js';
import { repeatCommand } from './command.js';
import { extentOf, formatBus, formatGenerator, formatHop } from './format.js';
import { NEXT_TITLE, nextSentences } from './next-steps.js';
import { footnotes, problems, remarks } from './notes.js';
import type { Screen } from './screen.js';
import { keySentences } from './sentences.js';
import { sideTablesOf } from './side-tables.js';
import { drawBacklogs, drawCurves, drawResponseTimes } from './terminal-charts.js';
import { checks, comparisons } from './terminal-results.js';
import { list, showable, type Style, styleOf, wrap } from './terminal-style.js';
import { drawSideTable, drawTables } from './terminal-table.js';
import { bothProblems, changeSentence, changesOf, differenceList, runLines, type TwoRuns, twoRunTable } from './two-runs.js';
import { verdictSentence } from './verdict.js';

/** The report of a run as text for this screen: no line is wider, unless a single word is. Ends with a line break. */
export function terminalReport(record: RunRecord, screen: Screen): string {
  const style = styleOf(screen);
  const rows = rowsOf(record.trials);
  const columns = columnsOf(rows);
  const beside = sideTablesOf(record);
  const sections = [
    headline(record, style),
    list('Problems', problems(record), style, style.paint.warn),
    list('What happened', keySentences(record.advice), style),
    list(NEXT_TITLE, nextSentences(record), style),
    ...(rows.length > 0 ? drawTables(rows, columns, style) : []),
    footnotes(rows, columns, beside)
      .map((note) => style.paint.quiet(wrap(note, screen)))
      .join('\n'),
    ...beside.map((table) => drawSideTable(table, style)),
    ...charts(rows, style),
    drawCurves(record, style),
    checks(record, style),
    comparisons(record, style),
    list('Remarks', remarks(record), style, style.paint.quiet),
    `${style.paint.quiet('Repeat with')}\n  ${showable(repeatCommand(record), screen)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(record: RunRecord, { paint, screen }: Style): string {
  const { scenario, tool, environment, plan, seed } = record;
  const title = wrap(`${scenario.name} - ${scenario.title}`, screen);
  const facts = [
    extentOf(record),
    `seed ${seed}`,
    `${tool.name} ${tool.version}`,
    `Node ${environment.node}`,
    `${environment.cores} cores`,
    // The one in the server has nothing to say.
    ...(plan.bus && plan.bus.name !== 'memory' && !plan.bus.times ? [formatBus(plan.bus)] : []),
    ...present(formatHop(plan.hop)),
    ...present(formatGenerator(record)),
  ];
  const verdict = verdictSentence(record);
  const meaning = { pass: paint.good, fail: paint.bad, unknown: paint.warn }[record.verdict];
  const assumed = plan.bus?.times ? [formatBus(plan.bus)] : [];
  const lines = [paint.bold(title), ...[facts.join(', '), ...assumed].map((text) => paint.quiet(wrap(text, screen)))];
  return [...lines, ...(verdict ? [meaning(wrap(verdict, screen))] : [])].join('\n');
}

function present(text: string | null): string[] {
  return text === null ? [] : [text];
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

/** No line is wider than the screen, unless a single word is. Ends with a line break. */
export function twoRunsTerminal(runs: TwoRuns, screen: Screen): string {
  const style = styleOf(screen);
  const { rows, columns } = twoRunTable(runs);
  const quiet = (lines: readonly string[]): string => lines.map((line) => style.paint.quiet(wrap(line, screen, '  ', ''))).join('\n');
  const sections = [
    [style.paint.bold('Two runs side by side'), quiet(runLines(runs))].join('\n'),
    list('Problems', bothProblems(runs), style, style.paint.warn),
    ...(rows.length > 0 ? drawTables(rows, columns, style) : []),
    quiet(footnotes(rows, columns)),
    comparisons(changesOf(runs), style),
    quiet([changeSentence(runs)].filter(Boolean)),
    list('What else is different', differenceList(runs), style),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
