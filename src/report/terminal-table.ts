/** The table on a screen: whole when it fits, otherwise the caller's side and the event side one below the other. */
import CliTable3 from 'cli-table3';
import { loadKey } from '../advice/rounds.js';
import { publishes, type Column, type Row } from './columns.js';
import { showable, type Style } from './terminal-style.js';

const GAP = 2;

/** One or two tables, none wider than the screen. */
export function drawTables(rows: readonly Row[], columns: readonly Column[], style: Style): string[] {
  if (widthOf(rows, columns) <= style.screen.columns) return [drawTable(rows, columns, style)];
  const replies = columns.filter((column) => column.part !== 'events');
  const events = columns.filter((column) => column.part !== 'reply');
  const publishing = rows.filter(publishes);
  const tables = [drawTable(rows, fit(rows, replies, style), style)];
  return publishing.length > 0 ? [...tables, drawTable(publishing, fit(publishing, events, style), style)] : tables;
}

/** Drops the least important columns until the rest fits; the subject and its load always stay. */
function fit(rows: readonly Row[], columns: readonly Column[], style: Style): readonly Column[] {
  if (widthOf(rows, columns) <= style.screen.columns) return columns;
  const worst = columns.filter(({ part }) => part !== 'key').toSorted((a, b) => b.rank - a.rank)[0];
  if (!worst) return columns;
  const rest = columns.filter((column) => column !== worst && (!column.shared || column.shared !== worst.shared));
  return fit(rows, rest, style);
}

function widthOf(rows: readonly Row[], columns: readonly Column[]): number {
  const widths = columns.map((column) => Math.max(column.label.length, ...rows.map((row) => column.cell(row).length)));
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}

function drawTable(rows: readonly Row[], columns: readonly Column[], style: Style): string {
  const { paint, sign, screen } = style;
  const table = new CliTable3({
    chars: CHARS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map((column) => column.align),
  });
  table.push(columns.map((column) => paint.bold(column.label)));
  const starts = rows.map((row, i) => i === 0 || loadKey((rows[i - 1] as Row).load) !== loadKey(row.load));
  for (const [i, row] of rows.entries()) {
    // A load is said once for all its rows.
    const isSaid = (column: Column): boolean => !starts[i] && column.part === 'key' && column.align === 'right';
    const cells = columns.map((column) => paint[column.meaning(row)](showable(column.cell(row), screen)));
    table.push(columns.map((column, j) => (isSaid(column) ? '' : (cells[j] ?? ''))));
  }
  const [head = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const rule = paint.quiet(sign.rule.repeat(widthOf(rows, columns)));
  return [head, rule, ...lines.flatMap((line, i) => (i > 0 && starts[i] ? ['', line] : [line]))].join('\n');
}

const CHARS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};
